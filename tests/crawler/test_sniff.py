import contextlib

import pytest
from fontes.crawler import ExtractionError, extract
from fontes.crawler.formats.sniff import sniff
from hypothesis import given
from hypothesis import strategies as st

PNG = b"\x89PNG\r\n\x1a\n" + bytes(20)
HTML = b"<!DOCTYPE html><title>T</title><p>Some words.</p>"
PDF = b"%PDF-1.7\n1 0 obj"
RSS = b'<?xml version="1.0"?>\n<!-- feed -->\n<rss version="2.0"><channel/></rss>'


@pytest.mark.parametrize(
    ("body", "content_type", "essence"),
    [
        (HTML, "text/html; charset=utf-8", "text/html"),
        (b"words", "TEXT/HTML", "text/html"),
        (HTML, "", "text/html"),
        (b"\xef\xbb\xbf \n<!-- c --><p class=a>x", "", "text/html"),
        (b"<!-- a comment that does not end", "", "text/html"),
        (HTML, "application/octet-stream", "text/html"),
        (HTML, "unknown/unknown", "text/html"),
        (HTML, "*/*", "text/html"),
        (HTML, "nonsense", "text/html"),
        (HTML.decode().encode("utf-16"), "", "text/html"),
        (HTML, "text/plain", "text/plain"),
        (b"<pre>x", "", "text/plain"),
        (b"a < b", "", "text/plain"),
        (b"words", "", "text/plain"),
        (b"words", "text/markdown", "text/markdown"),
        (PDF, "application/pdf", "application/pdf"),
        (PDF, "text/html", "application/pdf"),
        (PDF, "text/plain", "application/pdf"),
        (PDF, "application/octet-stream", "application/pdf"),
        (b"\n\r\x00" + PDF, "", "application/pdf"),
        (b"A PDF begins with %PDF-1.7", "text/plain", "text/plain"),
        (HTML, "application/pdf", "text/html"),
        (HTML, "application/x-pdf", "text/html"),
        (b"damaged", "application/pdf", "application/pdf"),
        (RSS, "text/xml", "application/rss+xml"),
        (RSS, "text/html", "application/rss+xml"),
        (RSS, "text/plain", "text/plain"),
        (RSS, "", "application/rss+xml"),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", "application/xml", "application/atom+xml"),
        (b"<rdf:RDF xmlns:rdf='x'>", "application/rdf+xml", "application/rss+xml"),
        (b"<?xml version='1.0'?><urlset xmlns='x'>", "text/html", "application/xml"),
        (b"<?xml version='1.0'?><?x y?><!DOCTYPE x [<!ENTITY a 'b'>]><html>", "text/xml", "application/xhtml+xml"),
        (b"<!DOCTYPE html><html xmlns='x'>", "application/xhtml+xml", "application/xhtml+xml"),
        (b"<p>fragment", "application/xhtml+xml", "application/xhtml+xml"),
        (b"<svg xmlns='x'>", "image/svg+xml", "image/svg+xml"),
        (b"<note/>", "text/xml", "application/xml"),
        (b"{}", "application/json", "application/json"),
        (PNG, "image/png", "image/png"),
    ],
)  # fmt: skip
def test_the_label_stands_unless_the_bytes_gainsay_it(body: bytes, content_type: str, essence: str) -> None:
    assert sniff(body, content_type) == essence


@pytest.mark.parametrize(
    ("body", "content_type", "detail"),
    [
        (PNG, "text/html", "this is a PNG image labelled text/html"),
        (PNG, "", "this is a PNG image"),
        (PNG, "text/plain; charset=utf-8", "this is a PNG image labelled text/plain"),
        (b"PK\x03\x04" + bytes(40), "text/html", "this is a ZIP archive labelled text/html"),
        (b"\x1f\x8b\x08" + bytes(40), "text/xml", "this is a gzip archive labelled text/xml"),
        (bytes(range(1, 9)) * 40, "text/html", "this is binary data labelled text/html"),
    ],
)
def test_what_is_no_text_is_named(body: bytes, content_type: str, detail: str) -> None:
    with pytest.raises(ExtractionError) as caught:
        sniff(body, content_type)
    assert (caught.value.reason, caught.value.detail) == ("wrong_type", detail)


@pytest.mark.parametrize(
    ("body", "url", "content_type", "detail"),
    [
        (RSS, "https://a.example/feed", "text/html", "this is an RSS feed, not a page"),
        (b"<urlset>", "https://a.example/sitemap.xml", "application/xml", "this is an XML document, not a page"),
        (b"<svg/>", "https://a.example/a.svg", "image/svg+xml", "this is an SVG image, not a page"),
        (PNG, "https://a.example/a", "image/png", "image/png is not read; HTML, PDF, Markdown and plain text are"),
        (b"{}", "https://a.example/a", "application/json", "application/json is not read"),
    ],
)
def test_what_is_no_page_says_what_it_is(body: bytes, url: str, content_type: str, detail: str) -> None:
    with pytest.raises(ExtractionError) as caught:
        extract(body, url=url, content_type=content_type)
    assert caught.value.reason == "wrong_type"
    assert caught.value.detail.startswith(detail)


@pytest.mark.parametrize(
    ("body", "url", "content_type", "extractor"),
    [
        (HTML, "https://a.example/a.pdf", "application/pdf", "html"),
        (HTML, "a.pdf", "", "html"),
        (b'<?xml version="1.0"?>' + HTML, "https://a.example/a", "application/xhtml+xml", "html"),
        (b'<?xml version="1.0"?><html xmlns="x"><p>Some words.</p></html>', "https://a.example/a", "text/xml", "html"),
        (b"<rss>notes</rss>", "notes.txt", "", "plain"),
        (HTML, "https://a.example/a.html", "text/plain", "plain"),
        (b"# a", "https://a.example/a.md", "text/plain", "markdown"),
        (HTML, "https://a.example/a.txt", "application/octet-stream", "plain"),
    ],
)
def test_the_format_follows_the_type(body: bytes, url: str, content_type: str, extractor: str) -> None:
    found = extract(body, url=url, content_type=content_type).extractor
    assert found.startswith(("plain", "markdown")) is (extractor != "html")
    assert extractor == "html" or found.startswith(extractor)


@given(
    st.binary(max_size=200),
    st.text(max_size=40) | st.sampled_from(["text/html", "application/pdf", "text/xml", "+xml"]),
)
def test_any_bytes_have_a_type_or_the_typed_reason(body: bytes, content_type: str) -> None:
    with contextlib.suppress(ExtractionError):
        assert "/" in sniff(body, content_type) or content_type
