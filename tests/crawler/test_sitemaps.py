"""Sitemaps and feeds: what sites list, in every form it is found in, and what hostile ones must not do."""

import gzip
import json
import zlib
from pathlib import Path
from time import process_time

import pytest
from fontes.crawler import ExtractionError
from fontes.crawler.site.sitemaps import MAX_BYTES, Sitemap, read_sitemap
from hypothesis import given
from hypothesis import strategies as st

URL = "https://www.site.example/maps/sitemap.xml"
A, B = "https://www.site.example/a", "https://www.site.example/b"
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(*locs: str, head: str = "", attributes: str = NAMESPACE) -> bytes:
    urls = "".join(f"<url><loc>{loc}</loc></url>" for loc in locs)
    return f"{head}<urlset {attributes}>{urls}</urlset>".encode()


def read(body: bytes | str) -> Sitemap:
    return read_sitemap(body.encode() if isinstance(body, str) else body, URL)


def locs(body: bytes | str) -> list[str]:
    return [entry.loc for entry in read(body).entries]


def test_every_development_case_is_read_as_it_should_be(shared_data: Path) -> None:
    lines = (shared_data / "platform/sitemaps/cases.jsonl").read_text().splitlines()
    for case in map(json.loads, lines):
        expect, found = case["expect"], []
        try:
            sitemap = read_sitemap(case["body"].encode(), case["base"])
        except ExtractionError:
            kind = "none"
        else:
            kind, found = sitemap.kind, [entry.loc for entry in sitemap.entries]
            dates = {entry.loc: entry.lastmod for entry in sitemap.entries}
            assert expect.get("lastmod", {}).items() <= dates.items(), case["id"]
        tolerated = case.get("tolerated_locs", ())
        assert (kind, [loc for loc in found if loc not in tolerated]) == (expect["kind"], expect["locs"]), case["id"]


@pytest.mark.parametrize(
    "body",
    [
        urlset(A, B, attributes=""),
        urlset(A, B, head="\n \n<?xml version='1.0'?><!-- made by hand --><?xml-stylesheet href='x.xsl'?>"),
        b"\xef\xbb\xbf" + urlset(A, B, head='<?xml version="1.0" encoding="UTF-8"?>'),
        urlset(A, B, head='<?xml version="1.0" encoding="UTF-16"?>'),
        urlset(A, B, head='<?xml version="1.0" encoding="no-such-thing"?>'),
        urlset(A, B, head='<?xml version="1.0" encoding="UTF-16"?>').decode().encode("utf-16"),
        urlset(f"\n    {A}\n  ", f"<![CDATA[ {B} ]]>"),
        urlset(A, A, "", B, A),
        urlset("/a", "../b"),
        urlset("ftp://www.site.example/x", A, "javascript:alert(1)", "mailto:x@site.example", "http://[", B),
        urlset(A, "https://www.site.example/" + "x" * 10_000, B),
        urlset(A, B).replace(b"urlset", b"s:urlset").replace(b"url>", b"s:url>").replace(b"loc>", b"s:loc>"),
        urlset(A, B).replace(b"</loc></url><url>", b"</url><url>"),  # a tag that is not closed
        gzip.compress(urlset(A, B)),
        gzip.compress(gzip.compress(urlset(A, B))),
        gzip.compress(urlset(A, B)[:50]) + gzip.compress(urlset(A, B)[50:]) + b"rubbish after it",
    ],
)
def test_addresses_are_found_in_whatever_form_a_sitemap_has(body: bytes) -> None:
    assert (read(body).kind, locs(body)) == ("urlset", [A, B])


def test_a_latin_1_sitemap_is_read_in_its_encoding() -> None:
    head = '<?xml version="1.0" encoding="ISO-8859-1"?>'
    body = urlset("https://www.site.example/größe", head=head).decode().encode("latin-1")
    assert locs(body) == locs(gzip.compress(body)) == ["https://www.site.example/größe"]


def test_an_ampersand_that_nobody_escaped_belongs_to_the_address() -> None:
    bare = f"{A}?x=1&copy=2&amp;y=3&#38;z=4"
    assert locs(urlset(bare, f"<![CDATA[{A}?x=1&y=2]]>")) == [f"{A}?x=1&copy=2&y=3&z=4", f"{A}?x=1&y=2"]


def test_images_news_and_other_languages_are_not_taken_for_pages() -> None:
    body = urlset(A).replace(
        b"</loc>",
        b"""</loc><image:image xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
        <image:loc>https://www.site.example/i.png</image:loc></image:image>
        <xhtml:link xmlns:xhtml="http://www.w3.org/1999/xhtml" rel="alternate" hreflang="de" href="/de"/>
        <news:news xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><news:publication_date>2020-01-01
        </news:publication_date></news:news>""",
    )
    assert locs(body) == [A]


@pytest.mark.parametrize(
    ("given_date", "iso"),
    [
        ("2024-05-01", "2024-05-01"), ("2024", "2024"), ("2024-05", "2024-05"),
        ("2024-05-01T10:00:00Z", "2024-05-01T10:00:00Z"), ("2024-05-01 10:00:00 +02:00", "2024-05-01T10:00:00+02:00"),
        ("Wed, 01 May 2024 10:00:00 GMT", "2024-05-01T10:00:00+00:00"),
        ("2024-13-01", ""), ("2024-02-30", ""), ("yesterday", ""), ("", ""), ("9" * 50, ""),
    ],
)  # fmt: skip
def test_a_date_is_iso_8601_or_unknown(given_date: str, iso: str) -> None:
    body = urlset(A).replace(b"</loc>", f"</loc><lastmod>{given_date}</lastmod>".encode())
    assert [entry.lastmod for entry in read(body).entries] == [iso]


def test_rss_lists_its_items_and_not_itself() -> None:
    sitemap = read(f"""<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>
        <link>https://www.site.example/</link><atom:link rel="self" href="/feed"/>
        <item><title>One</title><link>{A}</link><guid>https://www.site.example/?p=1</guid>
          <pubDate>Wed, 01 May 2024 10:00:00 GMT</pubDate></item>
        <item><guid>{B}</guid></item>
        <item><guid isPermaLink="false">https://www.site.example/id/3</guid></item></channel></rss>""")
    assert sitemap.kind == "rss"
    assert [(entry.loc, entry.lastmod) for entry in sitemap.entries] == [(A, "2024-05-01T10:00:00+00:00"), (B, "")]


def test_rss_1_is_rss_too() -> None:
    sitemap = read(f"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
        xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
        <channel rdf:about="https://www.site.example/"><link>https://www.site.example/</link></channel>
        <item rdf:about="{A}"><link>{A}</link><dc:date>2024-05-01</dc:date></item><item rdf:about="{B}"/></rdf:RDF>""")
    assert sitemap.kind == "rss"
    assert [(entry.loc, entry.lastmod) for entry in sitemap.entries] == [(A, "2024-05-01"), (B, "")]


def test_atom_lists_the_page_of_each_entry_under_its_base() -> None:
    sitemap = read("""<feed xmlns="http://www.w3.org/2005/Atom" xml:base="/news/"><link href="/"/>
        <entry><link rel="edit" href="edit"/><link rel="alternate" type="application/json" href="1.json"/>
          <link href="1"/><updated>2024-05-01T10:00:00Z</updated><source><link href="/elsewhere"/></source></entry>
        <entry xml:base="old/"><link href="2"/></entry></feed>""")
    assert sitemap.kind == "atom"
    base = "https://www.site.example/news"
    assert [(entry.loc, entry.lastmod) for entry in sitemap.entries] == [
        (f"{base}/1", "2024-05-01T10:00:00Z"), (f"{base}/old/2", ""),
    ]  # fmt: skip


def test_text_has_an_address_a_line() -> None:
    sitemap = read(f"\ufeff# our pages\r\n{A}\r\n\r\n  {B}  \n{A}\n")
    assert (sitemap.kind, [entry.loc for entry in sitemap.entries]) == ("text", [A, B])


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("", "empty"), (" \n\t", "empty"), (gzip.compress(b""), "empty"),
        ("Not found. Ask https://www.site.example/contact about it.", "wrong_type"),
        (f"Have a look at\n{A}\nand then\nat home", "wrong_type"),
        ('<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><a href="/x">x</a></html>', "wrong_type"),
        ("<html><body><pre>&lt;urlset&gt;</pre></body></html>", "wrong_type"), ('{"urls": []}', "wrong_type"),
        ("<", "wrong_type"), ("<!DOCTYPE", "wrong_type"), (b"\x89PNG\r\n\x1a\n" + b"\0" * 99, "wrong_type"),
    ],
)  # fmt: skip
def test_what_is_no_sitemap_is_said_to_be_none(body: bytes | str, reason: str) -> None:
    with pytest.raises(ExtractionError) as caught:
        read(body)
    assert (caught.value.reason, caught.value.source) == (reason, URL)


def test_a_file_that_breaks_off_yields_what_stood_before() -> None:
    whole = urlset(*(f"{A}/{n}" for n in range(50)))
    for cut in range(whole.index(b"</loc>"), len(whole), 7):
        found = locs(whole[:cut])
        assert found == locs(whole)[: len(found)]
        assert len(found) >= whole[:cut].count(b"</loc>")


def test_a_gzip_file_that_breaks_off_or_is_damaged_yields_what_stood_before() -> None:
    whole = urlset(*(f"{A}/{n * 7919 % 10_007}" for n in range(5_000)))
    packed = gzip.compress(whole)
    cut = locs(packed[: len(packed) // 2])
    assert 1_000 < len(cut) < 5_000
    assert cut == locs(whole)[: len(cut)]
    assert locs(packed[:-8] + bytes(8)) == locs(whole)  # a wrong checksum


LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "doctype",
    [
        f'<!DOCTYPE urlset [<!ENTITY a0 "ha">{LAUGHS}<!ENTITY x "&a11;">]>',
        '<!DOCTYPE urlset [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE urlset [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p; <!ENTITY x "y">]>',
        '<!DOCTYPE urlset SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE urlset PUBLIC "-//x" "http://127.0.0.1:9/x.dtd" [<!ATTLIST url a CDATA "&x;">]>',
        '<!DOCTYPE urlset [<!-- " ] > --><!ENTITY x "]>">]>',
        f"<!DOCTYPE urlset [<!ENTITY x '{'z' * 1_000_000}'>]>",
        '<!DOCTYPE urlset [<!ENTITY x "never closed',
    ],
)
def test_no_entity_is_expanded_and_nothing_is_loaded(doctype: str) -> None:
    body = urlset(A, "https://www.site.example/&x;", "&x;" * 1_000, B, head='<?xml version="1.0"?>' + doctype)
    begun = process_time()
    if "never closed" in doctype:
        with pytest.raises(ExtractionError):
            read(body)
    else:
        assert locs(body) == [A, B]
    assert process_time() - begun < 5


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [
        urlset(A) + b"<a>" * 1_000_000,
        urlset(A)[:-9] + b"<a>" * 1_000_000,
        urlset(A)[:-9] + b"<a/>" * 12_000_000,
        urlset(A)[:-9] + b"<![CDATA[" * 5_000_000,
        urlset(A)[:-9] + b"<!--" * 10_000_000,
        urlset(A)[:-9] + b"<url x='" + b"y" * 30_000_000 + b"'></url></urlset>",
        urlset(A)[:-9] + b"<url " + b" ".join(b"a%d='1'" % n for n in range(200_000)) + b"></url></urlset>",
        urlset(A)[:-9] + b"<url><loc>https://www.site.example/" + b"y" * 30_000_000 + b"</loc></url></urlset>",
        urlset(A, attributes=" ".join(f'xmlns:a{n}="u{n}"' for n in range(50_000))),
    ],
    ids=["after", "deep", "many", "cdata", "comments", "attribute", "attributes", "text", "namespaces"],
)
def test_a_hostile_sitemap_costs_seconds_at_most(body: bytes) -> None:
    begun = process_time()
    assert locs(body) == [A]
    assert process_time() - begun < 10


def test_a_bomb_is_unpacked_to_50_mb_and_no_further() -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = packer.compress(urlset(A)[:-9])
    for _ in range(20):
        bomb += packer.compress(bytes(10_000_000).replace(b"\0", b" "))
    bomb += packer.compress(urlset(B)) + packer.flush()
    assert len(bomb) < MAX_BYTES / 100
    assert locs(bomb) == [A]


@given(
    st.binary()
    | st.text().map(str.encode)
    | st.lists(
        st.sampled_from([
            b"<urlset>", b"</urlset>", b"<url>", b"</url>", b"<loc>", b"</loc>", b"<sitemapindex>", b"<sitemap>",
            b"<rss>", b"<item>", b"<link>", b"</link>", b"<feed>", b"<entry>", b"<link href='x'/>", b"&", b"&x;", b"<",
            b"]]>", b"<![CDATA[", b"<!--", b"-->", b"<!DOCTYPE x [", b"]>", b"<?xml", b"?>", b"\n", b"https://a.example/",
            b"\xff", b"\0", b"\x1f\x8b", b"http://[", b"<a:b", b"xml:base='http://['", b">", b"//", b"2024-01-01",
        ]),
        max_size=40,
    ).map(b"".join),
    st.booleans(),
)  # fmt: skip
def test_any_bytes_are_a_sitemap_or_are_said_to_be_none(body: bytes, packed: bool) -> None:
    try:
        sitemap = read_sitemap(gzip.compress(body) if packed else body, URL)
    except ExtractionError:
        return
    found = [entry.loc for entry in sitemap.entries]
    assert len(set(found)) == len(found)
    assert all(loc.lower().startswith(("http://", "https://")) for loc in found)
