import contextlib
import hashlib
import subprocess
import sys
from pathlib import Path

import fontes
import pytest
from fontes.crawler import ExtractionError, Page, clean, extract, text_hash
from hypothesis import given, settings
from hypothesis import strategies as st

NAMES = ["", "a.txt", "a.md", "a.html", "https://a.example/b?c=.md", "http://[::1", "notes"]
TYPES = ["", "text/html", "text/plain; charset=latin1", "text/markdown", "application/octet-stream", "image/png", ";"]


def assert_sound(page: Page) -> None:
    """What every page keeps to, whatever it was made from."""
    assert page.text == clean(page.text)
    assert page.hash == text_hash(page.text)
    end = 0
    for block in page.blocks:
        assert end <= block.start < block.end <= len(page.text)
        assert not page.text[end : block.start].strip()
        piece = page.text[block.start : block.end]
        assert piece.strip()
        assert not piece.endswith(("\n", " "))
        assert all(heading == clean(heading).strip() for heading in block.heading_path)
        end = block.end
    assert end == len(page.text)
    assert len(page.sightings) == 1


@given(st.binary(max_size=300), st.sampled_from(NAMES), st.sampled_from(TYPES))
@settings(max_examples=150, deadline=None)
def test_bytes_of_any_kind_give_a_sound_page_or_the_typed_reason(body: bytes, url: str, content_type: str) -> None:
    with contextlib.suppress(ExtractionError):
        assert_sound(extract(body, url=url, content_type=content_type))


MARKUP = [
    "# ", "## ", "- ", "1. ", "> ", "```", "|", "---", "\n", "\n\n", "    ", "\t", "*", "[a](b)", "![", "<b>", "<!--",
    "&amp;",     "word ", "a sentence. ", "\u200b", "\x1b[0m", "\r\n", "é", "漢字", "===", "[^1]", "title: x", "+++",
]  # fmt: skip


@given(st.lists(st.sampled_from(MARKUP), max_size=60), st.sampled_from(["a.md", "a.txt", "a.rst"]))
@settings(deadline=None)
def test_texts_full_of_marks_give_sound_pages(pieces: list[str], url: str) -> None:
    with contextlib.suppress(ExtractionError):
        assert_sound(extract("".join(pieces).encode(), url=url))


TAGS = [
    "p",
    "div",
    "ul",
    "li",
    "table",
    "tr",
    "td",
    "h1",
    "h3",
    "pre",
    "code",
    "blockquote",
    "a",
    "br",
    "dl",
    "dd",
    "b",
    "hr",
]
html_pieces = st.one_of(
    st.sampled_from(TAGS).map(lambda tag: f"<{tag}>"),
    st.sampled_from(TAGS).map(lambda tag: f"</{tag}>"),
    st.sampled_from(
        ["Some words here. ", "&nbsp;", "&#0;", "\n", "<", "&", "<!--", "-->", "<title>T</title>", "\x0b", "漢"]
    ),
)


@given(st.lists(html_pieces, max_size=40))
@settings(max_examples=150, deadline=None)
def test_tag_soup_gives_sound_pages(pieces: list[str]) -> None:
    with contextlib.suppress(ExtractionError):
        assert_sound(extract("".join(pieces).encode(), content_type="text/html"))


@pytest.mark.parametrize(
    ("body", "url", "content_type", "extractor"),
    [
        (b"<p>x</p>", "a.html", "", "fontes"),
        (b"<p>x</p>", "a.txt", "", "plain"),
        (b"<p>x</p>", "a.txt", "text/html", "fontes"),
        (b"<!-- c -->\n<!DOCTYPE html><p>x</p>", "notes", "", "fontes"),
        (b"\xef\xbb\xbf<html><p>x</p>", "", "application/octet-stream", "fontes"),
        (b"a *b*", "a.md", "", "markdown"),
        (b"a *b*", "https://a.example/R.MD?raw=1", "text/plain; charset=utf-8", "markdown"),
        (b"a *b*", "a.md", "text/html", "fontes"),
        (b"a *b*", "", "text/markdown", "markdown"),
        (b"a, b", "a.csv", "text/csv", "plain"),
        (b"just words", "", "", "plain"),
    ],
)
def test_type_then_name_then_bytes_decide_the_format(body: bytes, url: str, content_type: str, extractor: str) -> None:
    assert extract(body, url=url, content_type=content_type).extractor.partition("-")[0].partition("/")[0] == extractor


@pytest.mark.parametrize(
    ("body", "url", "content_type", "reason", "detail"),
    [
        (b"", "a.txt", "", "empty", "it is empty"),
        (b" \n\t", "a.txt", "", "empty", "only white space"),
        ("\u200b\u2060\n".encode(), "a.txt", "", "empty", "no text"),
        (b"---\ntitle: x\n---\n", "a.md", "", "empty", "no text"),
        (
            b"<html><head><title>x</title></head><body><script>y</script></body></html>",
            "a.html",
            "",
            "empty",
            "no text",
        ),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a.txt", "", "wrong_type", "a PNG image"),
        (b"\x89PNG\r\n\x1a\n" + bytes(50), "a.html", "text/html", "wrong_type", "a PNG image"),
        (b"{}", "https://a.example/", "application/json", "wrong_type", "application/json"),
        (b"p { }", "https://a.example/", "text/css", "wrong_type", "text/css"),
        (bytes(range(0x80, 0x100)) * 40, "a.txt", "", "unreadable", "encoding"),
    ],
)
def test_what_gives_no_page_says_why(body: bytes, url: str, content_type: str, reason: str, detail: str) -> None:
    with pytest.raises(ExtractionError) as caught:
        extract(body, url=url, content_type=content_type)
    assert (caught.value.source, caught.value.reason) == (url, reason)
    assert detail in caught.value.detail
    assert str(caught.value) == f"{url}: {caught.value.detail}"


def test_the_sighting_says_where_when_and_what_was_read() -> None:
    body = b"Some words."
    (sighting,) = extract(body, url="https://a.example/x").sightings
    assert (sighting.source, sighting.size) == ("https://a.example/x", len(body))
    assert sighting.body_hash == hashlib.sha256(body).hexdigest()
    assert sighting.fetched.endswith("Z")


def test_the_same_text_is_the_same_page_whatever_its_bytes() -> None:
    texts = ["Die Bäume blühen früher.".encode(encoding) for encoding in ("utf-8", "utf-16", "latin-1")]
    assert len({extract(body).hash for body in texts}) == 1


def test_importing_the_room_loads_no_parser() -> None:
    heavy = "trafilatura lxml charset_normalizer markdown_it py3langid yaml numpy asyncio httpx"
    code = f"import sys, fontes.crawler; sys.exit(' '.join(set('{heavy}'.split()) & set(sys.modules)) or 0)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=Path(fontes.__file__).parent
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("text", "language"),
    [("서울은 조선 시대부터 한국의 수도였으며 현재 약 천만 명의 인구가 살고 있다. 한강이 도시를"
      " 가로질러 흐른다.", "ko"),
     ("日本の鉄道は一八七二年に新橋と横浜の間で開業した。当初は一日九往復で、所要時間は五十三分であった。", "ja"),
     ("The ferry does not run on Sunday, and the harbour is shut.", "")],
)  # fmt: skip
def test_a_short_text_tells_its_language_where_a_letter_is_a_syllable(text: str, language: str) -> None:
    assert extract(f"<p>{text}</p>".encode(), url="a.html").language == language
