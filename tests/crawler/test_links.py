import pytest
from fontes.crawler.formats.links import MOST_LINKS, links
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml.html import document_fromstring

URL = "https://a.example/docs/tides.html?x=1"


def read(body: str, head: str = "", url: str = URL) -> tuple[str, ...]:
    return links(document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>"), url)


def test_links_are_absolute_in_order_and_each_once() -> None:
    body = """<a href="b">B</a> <a href="/c?q=1#part">C</a> <a href="//d.example">D</a> <a href=" b ">again</a>
    <map><area href="https://E.example/%7ex"></map> <a href="b#other">B</a> <a>none</a> <a href="?y">self</a>"""
    assert read(body) == (
        "https://a.example/docs/b", "https://a.example/c?q=1", "https://d.example/", "https://e.example/%7ex",
        "https://a.example/docs/tides.html?y",
    )  # fmt: skip


@pytest.mark.parametrize(
    "href",
    [
        "mailto:a@b.example",
        "javascript:void(0)",
        "#part",
        "",
        "tel:1",
        "data:,x",
        "ftp://a.example",
        "http://[",
        "https://a.example:99999/",
        URL,
    ],
)
def test_what_leads_nowhere_on_the_web_is_no_link(href: str) -> None:
    assert read(f'<a href="{href}">x</a>') == ()


@pytest.mark.parametrize("rel", ["nofollow", "NoFollow noopener", "ugc", "external sponsored"])
def test_links_marked_as_not_to_be_followed_are_left_out(rel: str) -> None:
    assert read(f'<a href="/b" rel="{rel}">x</a> <a href="/c" rel="noopener">y</a>') == ("https://a.example/c",)


def test_the_next_page_of_a_series_is_a_link_and_other_link_elements_are_not() -> None:
    head = '<link rel="next" href="?page=2"><link rel="stylesheet" href="s.css"><link rel="canonical" href="/x">'
    assert read("", head) == ("https://a.example/docs/tides.html?page=2",)


@pytest.mark.parametrize(
    ("base", "link"),
    [
        ("/other/", "https://a.example/other/b"),
        ("https://cdn.example", "https://cdn.example/b"),
        ("http://[", "https://a.example/docs/b"),
    ],
)
def test_the_base_element_counts(base: str, link: str) -> None:
    assert read('<a href="b">x</a>', f'<base href="{base}"><base href="/late/">') == (link,)


def test_a_file_has_only_the_links_that_are_whole_addresses() -> None:
    assert read('<a href="b">x</a> <a href="https://b.example/">y</a>', url="/home/ann/a.html") == (
        "https://b.example/",
    )


def test_links_are_bounded() -> None:
    found = read("".join(f"<a href=/{i}>x</a>" for i in range(MOST_LINKS + 500)))
    assert len(found) == MOST_LINKS
    assert found[-1].endswith(f"/{MOST_LINKS - 1}")


@given(
    st.lists(
        st.text(max_size=20)
        | st.sampled_from(["//", "http:", "https://a", "..", "/.", ":", "@", "%", "\x00", "[", "\\"])
    ).map("".join)
)
@settings(deadline=None)
def test_any_href_gives_a_web_address_or_none(href: str) -> None:
    tree = document_fromstring("<html><body><a>x</a></body></html>")
    try:
        next(tree.iter("a")).set("href", href)
    except ValueError:  # no parser gives an attribute with such characters
        return
    for found in links(tree, URL):
        assert found.startswith(("http://", "https://"))
        assert "#" not in found
        assert links(tree, URL) == (found,)
