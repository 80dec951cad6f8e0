"""What is taken of a page of each kind, and what is left."""

import pytest
from fontes.crawler import ExtractionError, Page, extract
from hypothesis import given, settings
from hypothesis import strategies as st

SENTENCE = "The tide rises and falls twice a day, and the harbour master writes down when it does. "
PARAGRAPHS = "".join(f"<p>Of the {nth} harbour. {SENTENCE * 3}</p>" for nth in ("first", "second", "third", "last"))
CARDS = "".join(
    f"<li><a href=/{name}><h3>{name} jacket</h3></a><span class=price>{10 * number} euros</span></li>"
    for number, name in enumerate(("Blue", "Green", "Red", "White", "Black"), 1)
)
RELATED = "".join(f"<li><a href=/{n}>Another story that was told about it, number {n}</a></li>" for n in range(6))


def read(body: str, head: str = "") -> Page:
    return extract(
        f"<html lang=en><head><title>T</title>{head}</head><body>{body}</body></html>".encode(), url="a.html"
    )


def is_a(kind: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "{kind}"}}</script>'


def test_a_list_keeps_its_cards() -> None:
    page = read(f"<nav><a href=/>Home</a></nav><main><h1>Jackets</h1><ul>{CARDS}</ul></main>")
    assert page.text.count("jacket") == 5
    assert "30 euros" in page.text
    assert "Home" not in page.text


def test_a_list_that_calls_itself_an_article_keeps_its_cards() -> None:
    teasers = "".join(f"<div><h2>Story {n}</h2><p>{SENTENCE * 2}</p></div>" for n in range(12))
    page = read(
        f"<main><div class=entry-content><p>{SENTENCE}</p></div>{teasers}</main>",
        '<meta property="og:type" content="article">',
    )
    assert all(f"Story {n}" in page.text for n in range(12))


@pytest.mark.parametrize("head", ["", is_a("NewsArticle"), '<meta property="og:type" content="article">'])
@pytest.mark.parametrize("body", ["div", "div class=entry-content", "div itemprop=articleBody", "section"])
def test_an_article_loses_what_is_beside_it(head: str, body: str) -> None:
    page = read(
        f"<header><a href=/>Home</a></header><article><h1>Tides</h1><{body}>{PARAGRAPHS}</{body.split()[0]}>"
        f"<div class=PostRelated__list><ul>{RELATED}</ul></div></article><div><h3>More</h3><ul>{RELATED}</ul></div>"
        f"<div id=comments><p>{SENTENCE} I disagree.</p></div><footer>Copyright 2019</footer>",
        head,
    )
    assert page.text.count(SENTENCE.strip()) == 12
    for text in ("Home", "Another story", "I disagree", "Copyright"):
        assert text not in page.text


def test_the_words_under_pictures_are_no_part_of_a_declared_body() -> None:
    figure = "<figure><img src=a><figcaption>A boat, seen from above</figcaption></figure>"
    page = read(f"<div itemprop=articleBody>{PARAGRAPHS}{figure}{PARAGRAPHS}</div>", is_a("Article"))
    assert "A boat" not in page.text


@pytest.mark.parametrize(
    "head", [is_a("DiscussionForumPosting"), is_a("QAPage"), "<meta name=generator content='Discourse 3.4'>"]
)
def test_a_thread_keeps_its_comments(head: str) -> None:
    comment = f"<div class=comment><b>Ann</b><p>{SENTENCE} I disagree.</p></div>"
    page = read(f"<main><h1>Why?</h1><p>{SENTENCE * 6}</p><div id=comments>{comment}</div></main>", head)
    assert "I disagree" in page.text


def test_comments_that_are_most_of_a_page_are_its_content() -> None:
    comments = "".join(f"<div class=comment><p>{SENTENCE} I disagree, says {n}.</p></div>" for n in range(8))
    assert "says 7." in read(f"<h1>Why?</h1><p>{SENTENCE}</p><div class=comments>{comments}</div>").text


def test_a_product_comes_without_its_reviews() -> None:
    reviews = f"<div class=product-reviews><p>{SENTENCE} Too small.</p></div>"
    body = f"<main><h1>Jacket</h1><p>{SENTENCE * 3}</p>{reviews}</main>"
    assert "Too small" not in read(body, is_a("Product")).text
    assert "Too small" in read(body).text


def test_a_form_around_the_page_is_not_taken_for_a_form() -> None:
    page = read(f"<form><div class=content>{PARAGRAPHS}</div><form><input>Sign up here</form></form>")
    assert page.text.count(SENTENCE.strip()) == 12


def test_what_holds_the_main_heading_is_no_surroundings_whatever_it_is_called() -> None:
    assert (
        read(f"<div class=sidebar-left><h1>Tides</h1><p>{SENTENCE}</p></div><p>{SENTENCE * 9}</p>").text[:5] == "Tides"
    )


def test_what_would_leave_nothing_is_not_dropped() -> None:
    assert read("<aside><p>Closed on</p></aside><footer><p>Mondays.</p></footer>").text == "Closed on\n\nMondays."


def test_a_heading_that_folds_its_section_is_read_and_other_buttons_are_not() -> None:
    page = read(f"<main><h2><button>Why tides?</button></h2>{PARAGRAPHS}<button>Buy now</button></main>")
    assert page.blocks[1].heading_path == ("Why tides?",)
    assert "Buy now" not in page.text


def test_a_page_of_nothing_but_the_links_of_its_frame_holds_no_text() -> None:
    links = " - ".join(f"<a href=/{n}>Terms {n}</a>" for n in range(8))
    with pytest.raises(ExtractionError, match="no text") as caught:
        read(f"<div id=root></div><div class=site-footer><div>{links}</div></div>")
    assert caught.value.reason == "empty"


def test_cards_in_links_are_blocks_of_their_own() -> None:
    card = f"<a href=/x><div><h3>Spring</h3><p>{SENTENCE}</p></div></a>"
    page = read(f"<main><h1>Tides</h1><x-cards>{card}<x-card><p>{SENTENCE}</p></x-card></x-cards></main>")
    assert [block.kind for block in page.blocks] == ["heading", "heading", "paragraph", "paragraph"]
    assert page.blocks[2].heading_path == ("Tides", "Spring")


HEADS = ["", is_a("Article"), is_a("Product"), is_a("QAPage"), '<meta property="og:type" content="article">']
SHOWN = st.sampled_from(
    [
        f"<p>{SENTENCE * 2}</p>",
        f"<ul>{RELATED}</ul>",
        "<h2>Heading</h2>",
        f"<article>{PARAGRAPHS}</article>",
        "Loose words. ",
    ]
)
COVER = st.sampled_from(
    [
        "<div hidden>{}</div>",
        "<b style='display:none'>{}</b>",
        "<template>{}</template>",
        "<section aria-hidden=true>{}</section>",
    ]
)
FRAME = st.sampled_from(
    [
        "{}",
        "<main>{}</main>",
        "<div class=entry-content>{}</div>",
        "<nav>{}</nav>",
        "<form>{}</form>",
        "<div class=related>{}</div>",
    ]
)
SECRET = f"<p>SECRET {SENTENCE}</p>"


@given(st.sampled_from(HEADS), st.lists(st.tuples(FRAME, st.one_of(SHOWN, COVER)), min_size=1, max_size=12))
@settings(max_examples=150, deadline=None)
def test_no_way_of_reading_a_page_finds_what_is_hidden(head: str, pieces: list[tuple[str, str]]) -> None:
    body = "".join(frame.format(piece.format(SECRET)) for frame, piece in pieces)
    try:
        page = read(body, head)
    except ExtractionError as error:
        assert error.reason == "empty"  # noqa: PT017
    else:
        assert "SECRET" not in page.text
        words = set(page.text.split())
        assert words - {"-"} <= set(body.replace("<", " <").replace(">", "> ").split())
