"""WHATWG parsing against web-platform-tests, and the forms of a URL that the crawler keeps."""

import json
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from fontes.crawler.errors import BlockedURL
from fontes.crawler.url import (
    canonical,
    has_credentials,
    host_key,
    origin,
    parse,
    path_of,
    robots_url,
    split,
    without_fragment,
)
from hypothesis import example, given
from hypothesis import strategies as st

_WEB_FORMS = (canonical, origin, robots_url, host_key, path_of, split, has_credentials)
# Text near URLs: hypothesis alone hardly ever writes a valid one.
_PIECES = st.sampled_from(
    ["http://", "https://", "//", "/", "\\", "..", "%2e", "%2E%2e", ".", "?", "#", "&", "=", "@", ":", "[", "]", "::1",
     "%", "%41", "%%34%31", "%2", "%zz", "%c3%a9", "é", "a", "B.example", "h", "xn--", ":80", ":443", "0x7f", "1",
     "utm_source=x", "utm%5Fid=1", "gclid=", "|", "^", "{", " ", "\t", "\n", "\0", "\ud800", "\udc00", "ß", "。",
     "％", ";", "file:", "data:"]
)  # fmt: skip
_NEAR_URLS = st.lists(_PIECES | st.text(max_size=3), max_size=14).map("".join)
_WEB_URLS = st.tuples(
    st.sampled_from(["http://h.example", "https://h.example:8443", "http://h.example."]), _NEAR_URLS
).map(lambda parts: f"{parts[0]}/{parts[1]}")


def test_every_case_of_web_platform_tests_comes_out_as_the_standard_says(shared_data: Path) -> None:
    lines = (shared_data / "platform/urls/cases.jsonl").read_text("utf-8").splitlines()
    wrong = []
    for case in map(json.loads, lines):
        try:
            got = parse(case["input"], case["base"] or "")
        except BlockedURL:
            got = None
        if got != case.get("href"):
            wrong.append((case["input"], case["base"], got))
    assert (len(lines), wrong) == (298, [])


def test_location_and_scope_of_robots_are_as_rfc_9309_has_them(shared_data: Path) -> None:
    rows = map(json.loads, (shared_data / "robots/rfc9309_fetch.jsonl").read_text("utf-8").splitlines())
    seen = 0
    for row in rows:
        given_ = row["given"]
        if row["clause"] == "2.3 location":
            assert robots_url(given_["url"]) == row["expect"]
            seen += 1
        elif row["clause"] == "2.3 scope":
            same = robots_url(given_["url_a"]) == robots_url(given_["url_b"])
            assert same is (row["expect"] == "same_robots")
            seen += 1
    assert seen == 6


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTP://Example.COM:80/a/./b/../c#frag", "http://example.com/a/c"),
        ("https://example.com:443", "https://example.com/"),
        ("https://example.com:80/", "https://example.com:80/"),
        ("https://user:pass@example.com./x?", "https://example.com/x"),
        ("https://bücher.example/ä?q=ö", "https://xn--bcher-kva.example/%C3%A4?q=%C3%B6"),
        ("https://e.example/%7euser/%e2%82%ac%2f", "https://e.example/~user/%E2%82%AC%2F"),
        ("https://e.example/100%/%zz?q=50%", "https://e.example/100%25/%25zz?q=50%25"),
        ("https://e.example/%%34%31", "https://e.example/%2541"),
        ("https://e.example/a|b?c=d|e^{f}", "https://e.example/a%7Cb?c=d%7Ce%5E%7Bf%7D"),
        ("https://e.example/?b=2&a=1&&utm_source=x&a=0", "https://e.example/?b=2&a=1&a=0"),
        ("https://e.example/?UTM_Source=x&utm%5fmedium=y&fbclid", "https://e.example/"),
        ("https://e.example/?q=utm_source=x&ref=1&id=2", "https://e.example/?q=utm_source=x&ref=1&id=2"),
        ("https://m.example.com/amp/x", "https://m.example.com/amp/x"),
        ("https://www.youtube.com/watch?v=abc&si=xyz&t=10s", "https://www.youtube.com/watch?v=abc&t=10s"),
        ("https://e.example/watch?v=abc&si=xyz", "https://e.example/watch?v=abc&si=xyz"),
        ("http://0x7f.1/", "http://127.0.0.1/"),
        ("http://[2001:DB8:0::1]:80/", "http://[2001:db8::1]/"),
        ("http://e.example/a//b/", "http://e.example/a//b/"),
        ("http://0x7f../", "http://0x7f../"),
    ],
)
def test_one_page_has_one_canonical_url(url: str, expected: str) -> None:
    assert canonical(url) == expected
    assert canonical(expected) == expected


def test_a_url_has_its_origin_robots_file_politeness_key_path_and_address() -> None:
    url = "https://u:p@Bücher.example.:8443/a/../%7eb?c=1&#d"
    assert origin(url) == "https://xn--bcher-kva.example.:8443"
    assert robots_url(url) == "https://xn--bcher-kva.example.:8443/robots.txt"
    assert host_key(url) == "xn--bcher-kva.example:8443"
    assert path_of(url) == "/%7eb?c=1&"
    assert split(url) == ("https", "xn--bcher-kva.example.", 8443)
    assert has_credentials(url)
    assert without_fragment(url) == "https://u:p@xn--bcher-kva.example.:8443/%7eb?c=1&"
    assert split("http://[::FFFF:1.2.3.4]/") == ("http", "::ffff:102:304", 80)
    assert host_key("http://[::1]:81/") == "[::1]:81"


def test_http_and_https_of_a_name_are_one_host() -> None:
    assert host_key("http://a.example/x") == host_key("https://A.example.:443/y") == "a.example"
    assert host_key("http://a.example:8080/") == "a.example:8080"


@pytest.mark.parametrize("url", ["http://@a.example/", "http://:@a.example/", "https://a.example/@b"])
def test_empty_credentials_are_none(url: str) -> None:
    assert not has_credentials(url)


@pytest.mark.parametrize(
    "url",
    ["", "a.example/x", "//a.example/", "http://", "http://a b/", "http://[::1", "http://a.example:99999/", "\0"],
)
def test_what_is_no_url_is_blocked_and_named(url: str) -> None:
    with pytest.raises(BlockedURL, match="no valid URL") as caught:
        parse(url)
    assert (caught.value.source, caught.value.reason) == (url, "blocked_address")


@pytest.mark.parametrize("form", _WEB_FORMS)
@pytest.mark.parametrize(
    "url", ["ftp://a.example/", "javascript:alert(1)", "file:///etc/passwd", "httpx://a/", "about:blank"]
)
def test_other_schemes_have_no_web_forms(form: type, url: str) -> None:
    with pytest.raises(BlockedURL, match="only http and https"):
        form(url)


def test_lone_surrogates_are_replaced_and_pairs_joined() -> None:
    with pytest.raises(BlockedURL, match="\ufffd: no valid URL"):  # what is reported can be written as UTF-8
        parse("\ud800")
    assert parse("http://a.example/\ud83d\ude00\ud800") == "http://a.example/%F0%9F%98%80%EF%BF%BD"
    assert parse("\ud800", "http://a.example/") == "http://a.example/%EF%BF%BD"


def test_huge_addresses_take_time_in_proportion_to_their_length() -> None:
    for huge in ("../" * 300_000, "a" * 1_000_000, "%41" * 300_000, "?" + "a=1&utm_x=2&" * 100_000, "%" * 1_000_000):
        assert canonical(f"http://a.example/{huge}")
    for huge in ("a" * 1_000_000, "ä" * 100_000, "xn--" + "a" * 100_000, "[" * 100_000, "@" * 100_000, "1." * 100_000):
        with pytest.raises(BlockedURL):
            canonical(f"http://{huge}:x/")


@given(_NEAR_URLS, _NEAR_URLS | st.just(""))
@example("\ud800", "\udc00")
@example("a" * 300_000, "http://h/")
def test_any_text_is_parsed_or_blocked_and_a_parsed_url_parses_to_itself(url: str, base: str) -> None:
    try:
        href = parse(url, base)
    except BlockedURL:
        return
    assert parse(href) == href
    assert without_fragment(without_fragment(url) if not base else href) == parse(href.partition("#")[0])


@given(_NEAR_URLS)
def test_any_text_has_its_web_forms_or_is_blocked(url: str) -> None:
    for form in _WEB_FORMS:
        try:
            form(url)
        except BlockedURL:
            continue


@given(_NEAR_URLS | _WEB_URLS)
@example("http://0x7f../")
@example("http://h/?%2526=%%34%31")
def test_canonicalising_twice_changes_nothing_more(url: str) -> None:
    try:
        once = canonical(url)
    except BlockedURL:
        return
    assert canonical(once) == once
    assert parse(once) == once


@given(st.lists(st.tuples(st.text(min_size=1, max_size=5), st.text(max_size=5)), max_size=6))
def test_parameters_that_choose_content_keep_their_order_and_meaning(pairs: list[tuple[str, str]]) -> None:
    pairs = [(f"q{name}", value) for name, value in pairs if not any(0xD800 <= ord(c) < 0xE000 for c in name + value)]
    url = f"https://e.example/?{urlencode([*pairs, ('utm_term', 'x')])}"
    assert parse_qsl(urlsplit(canonical(url)).query, keep_blank_values=True) == pairs
