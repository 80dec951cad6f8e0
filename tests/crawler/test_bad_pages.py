"""Pages that are not what they seem, or too much of it: each ends as a page or a typed reason, soon."""

import resource
import zlib
from time import monotonic
from typing import Any

import pytest
from fontes.crawler import SKIP_REASONS, Page, Skipped
from fontes.crawler.visit import Visit

pytestmark = pytest.mark.slow  # whole processes or many seconds of waiting

WORDS = "The keeper rowed to the mainland for oil, and came back with a cask and two loaves of bread. "


async def met(site: Any, body: bytes, kind: str = "text/html", **changes: Any) -> Visit:
    """The visit to a page with this body and Content-Type."""
    site.put("/a", site.reply(body, kind=kind))
    async with site.crawler(**changes) as crawler:
        visit = await crawler.visit("http://one.example/a")
    if isinstance(visit.outcome, Skipped):
        assert visit.outcome.reason in SKIP_REASONS
        assert visit.outcome.detail
        assert visit.outcome.source == "http://one.example/a"
    return visit


def ending(visit: Visit) -> str:
    return visit.outcome.reason if isinstance(visit.outcome, Skipped) else "page"


@pytest.mark.parametrize("body", [b"", b" \n\t ", b"\xef\xbb\xbf", b"<html></html>", b"<!-- only this -->"])
async def test_what_has_no_text_is_empty(site: Any, body: bytes) -> None:
    visit = await met(site, body)
    assert ending(visit) == "empty"
    assert visit.status == 200


async def test_nothing_but_nul_bytes_is_no_text(site: Any) -> None:
    assert ending(await met(site, b"\0" * 500)) in {"empty", "wrong_type"}


async def test_nul_bytes_between_the_letters_are_left_out(site: Any) -> None:
    visit = await met(site, site.article().replace(b"calm evening", b"ca\0lm eve\0\0ning"))
    assert isinstance(visit.outcome, Page)
    assert "\0" not in visit.outcome.text
    assert "second winter" in visit.outcome.text


@pytest.mark.parametrize(
    "tag", [b"<div>", b"<p><b>", b"<table><tr><td>", b"<blockquote>", b"<ul><li>", b"<a href=x><span>"]
)
async def test_a_hundred_thousand_nested_elements_hang_nothing(site: Any, tag: bytes) -> None:
    started = monotonic()
    visit = await met(site, tag * 100_000 + WORDS.encode() * 20, extract_s=3.0)
    assert monotonic() - started < 12
    assert ending(visit) in {"page", "unreadable", "timeout", "empty"}


@pytest.mark.slow
async def test_fifty_megabytes_on_one_line_end_in_time_and_memory(site: Any) -> None:
    line = b"<html><body><p>" + WORDS.encode() * 560_000
    assert len(line) > 50_000_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = monotonic()
    small = await met(site, line)
    assert (ending(small), small.outcome.detail[:15]) == ("too_large", "it has 52,080,0")
    visit = await met(site, line, max_bytes=60_000_000, extract_s=5.0)
    assert monotonic() - started < 25
    assert ending(visit) in {"page", "timeout", "unreadable", "too_large", "empty"}
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 800_000  # KiB; the server's copies included


@pytest.mark.parametrize(
    ("declared", "real"),
    [("utf-8", "windows-1252"), ("iso-8859-1", "utf-8"), ("nonsense-8", "utf-8"), ("utf-16", "utf-8"), ("", "koi8-r"),
     ("us-ascii", "utf-8"), ('"utf-8" ; boundary=x', "utf-8")],
)  # fmt: skip
async def test_a_wrong_charset_costs_no_page(site: Any, declared: str, real: str) -> None:
    text = (
        "Смотритель записывал бури. " * 12
        if real == "koi8-r"
        else "Der Wärter schrieb über die Stürme in Öltuch. " * 12
    )
    body = f"<html><body><article><h1>Leuchtturm</h1><p>{text}</p></article></body></html>".encode(real)
    visit = await met(site, body, f"text/html; charset={declared}" if declared else "text/html")
    assert isinstance(visit.outcome, Page)
    assert len(visit.outcome.text) > 200


def one_page_pdf(text: str) -> bytes:
    """A PDF of one page in Helvetica, without a cross-reference table that fits: readers rebuild it."""
    stream = b"BT /F1 12 Tf 20 700 Td " + b" ".join(
        b"(%b) Tj 0 -20 Td" % text[start : start + 70].encode() for start in range(0, len(text), 70)
    ) + b" ET"  # fmt: skip
    return (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1<</Type/Font"
        b"/Subtype/Type1/BaseFont/Helvetica>>>>>>>>endobj\n4 0 obj<</Length %d>>stream\n%b\nendstream endobj\n"
        b"trailer<</Root 1 0 R>>\n%%%%EOF\n" % (len(stream), stream)
    )


async def test_html_labelled_as_pdf_is_read_as_html(site: Any) -> None:
    visit = await met(site, site.article("Skagen"), "application/pdf")
    assert isinstance(visit.outcome, Page)
    assert visit.outcome.title == "Skagen"


@pytest.mark.parametrize("kind", ["application/pdf", "text/html", "application/octet-stream", "text/plain", ""])
async def test_a_pdf_is_read_as_one_whatever_it_is_called(site: Any, kind: str) -> None:
    visit = await met(site, one_page_pdf(WORDS * 6), kind)
    assert isinstance(visit.outcome, Page)
    assert "rowed to the mainland" in visit.outcome.text
    assert "%PDF" not in visit.outcome.text


@pytest.mark.parametrize(
    "body",
    [b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, b"PK\x03\x04" + bytes(range(256)) * 20, zlib.compress(b"x" * 9000),
     b"\x7fELF" + bytes(range(256)) * 20, b"%PDF-1.7\n" + b"garbage " * 900],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["text/html", "application/pdf", "text/plain"])
async def test_bytes_that_are_no_text_are_no_page_whatever_they_are_called(site: Any, body: bytes, kind: str) -> None:
    assert ending(await met(site, body, kind)) in {"wrong_type", "unreadable", "empty"}


async def test_a_quality_below_the_setting_is_no_page(site: Any) -> None:
    visit = await met(site, site.article(), min_quality=1.0)
    assert ending(visit) in {"low_quality", "page"}
    if isinstance(visit.outcome, Skipped):
        assert "the setting asks for 1" in visit.outcome.detail
