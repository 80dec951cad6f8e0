import gzip
import json
import re
from pathlib import Path
from statistics import mean

import pytest
from fontes.crawler import Block, ExtractionError, Page, extract

SENTENCE = "The tide rises and falls twice a day, and the harbour master writes down when it does. "
ARTICLE = f"""<!DOCTYPE html><html lang="en-GB"><head><title>Tides | The Harbour</title>
<meta property="og:title" content="How tides work"><meta name="author" content="Ann Miller">
<meta property="article:published_time" content="2024-05-01T10:00:00Z"></head><body>
<nav><a href="/">Home</a> <a href="/about">About us</a></nav>
<article><h1>How tides work</h1><p>{SENTENCE * 3}</p>
<h2>Causes</h2><p>First <b>the</b> <a href="https://x.example">Moon</a>, then the Sun.<br><br>{SENTENCE * 2}</p>
<h3>Numbers</h3>
<table><tr><th>Place</th><th>Range</th></tr><tr><td>Fundy</td><td>16 m</td></tr></table>
<ul><li>Spring tide<ul><li>twice a month</li></ul></li><li>Neap tide</li></ul>
<pre><code>def tide(hour):
    return 8 * hour</code></pre>
<h2>Next</h2><blockquote><p>{SENTENCE}</p></blockquote></article>
<div id="comments"><h3>Comments</h3><p>{SENTENCE * 2} I disagree with all of this, says a reader.</p></div>
<footer>Copyright 2019 The Harbour</footer></body></html>"""


@pytest.fixture(scope="module")
def article() -> Page:
    return extract(ARTICLE.encode(), url="https://a.example/tides")


def find(page: Page, text: str) -> tuple[Block, str]:
    """The block that holds this text, and all its text."""
    (found,) = [(b, page.text[b.start : b.end]) for b in page.blocks if text in page.text[b.start : b.end]]
    return found


def test_the_page_says_what_it_is(article: Page) -> None:
    (sighting,) = article.sightings
    assert (article.title, article.language) == ("How tides work", "en")
    assert (sighting.published, sighting.author) == ("2024-05-01", "Ann Miller")
    assert article.extractor.startswith("fontes-html/4 trafilatura-2.")


def test_what_surrounds_the_text_is_left_out(article: Page) -> None:
    for text in ("About us", "Copyright", "I disagree", "x.example"):
        assert text not in article.text


def test_blocks_know_their_headings(article: Page) -> None:
    assert find(article, "the Sun")[0].heading_path[-1:] == ("Causes",)
    assert find(article, "Fundy")[0].heading_path[-2:] == ("Causes", "Numbers")
    assert [block.heading_path[-1] for block in article.blocks if block.kind == "quote"] == ["Next"]


def test_inline_markup_leaves_no_trace(article: Page) -> None:
    assert find(article, "Moon")[1].split("\n")[0] == "First the Moon, then the Sun."


def test_a_table_is_rows_and_a_list_is_items(article: Page) -> None:
    assert find(article, "Fundy")[0].kind == "table"
    assert find(article, "Fundy")[1] == "Place | Range\nFundy | 16 m"
    assert find(article, "Neap")[0].kind == "list"
    assert find(article, "Neap")[1] == "- Spring tide\n  - twice a month\n- Neap tide"


SENTENCE = "The chamber of commerce counted the sales of the three towns from their ledgers, year by year, in ink."


@pytest.mark.parametrize(
    ("table", "text"),
    [("<tr><th></th><th>2020</th><th>2021</th></tr><tr><th>North</th><td></td><td>4</td></tr>",
      "| 2020 | 2021\nNorth |  | 4"),
     ("<tr><th rowspan=2>River</th><th colspan=2>Length</th></tr><tr><th>km</th><th>mi</th></tr>"
      "<tr><td>Mud</td><td>120</td><td>75</td></tr>", "River | Length\n| km | mi\nMud | 120 | 75"),
     ("<tr><td rowspan=2>North</td><td>Mud</td><td rowspan=2>1</td></tr><tr><td>Bog</td></tr>"
      "<tr><td>South</td><td>Fen</td><td>2</td></tr>", "North | Mud | 1\n| Bog\nSouth | Fen | 2"),
     ("<tr><td colspan=99999 rowspan=-1>a</td></tr><tr><td colspan=0>b</td><td colspan=2x>c</td></tr>", "a\nb | c")],
)  # fmt: skip
def test_a_value_stays_below_the_name_of_its_column(table: str, text: str) -> None:
    page = extract(f"<article><p>{SENTENCE}</p><table>{table}</table><p>{SENTENCE}</p></article>".encode())
    assert [page.text[block.start : block.end] for block in page.blocks if block.kind == "table"] == [text]


@pytest.mark.parametrize(
    "mark",
    ['<a class="headerlink" href="#h" title="Permalink">¶</a>', '<a href="#h">#</a>', '<a href="x#h">🔗</a>',
     '<span class="mw-editsection">[<a href="/index.php?action=edit">edit</a>]</span>'],
)  # fmt: skip
def test_signs_to_link_to_a_heading_or_edit_it_are_no_part_of_it(mark: str) -> None:
    markup = (
        f"<title>C# in short</title><main><h1>C# in short{mark}</h1><p>{SENTENCE}</p><h2>F#{mark}</h2><p>{SENTENCE}"
    )
    page = extract(markup.encode())
    assert page.title == "C# in short"
    assert [page.text[block.start : block.end] for block in page.blocks if block.kind == "heading"] == [
        page.title,
        "F#",
    ]


def test_advertising_of_amp_pages_is_left_out() -> None:
    page = extract(f"<body><article><p>{SENTENCE}</p><amp-ad>Buy now!</amp-ad><p>{SENTENCE}</p></article>".encode())
    assert "Buy" not in page.text


def test_code_keeps_its_indentation(article: Page) -> None:
    block, text = find(article, "def tide")
    assert (block.kind, text) == ("code", "def tide(hour):\n    return 8 * hour")


def test_a_short_page_keeps_its_structure() -> None:
    body = b"<nav>Home</nav><h1>T</h1><p>One <i>two</i>.<p>Three.<table><tr><th>a<th>b<tr><td>1<td>2</table>"
    page = extract(body, content_type="text/html")
    assert page.text == "T\n\nOne two.\n\nThree.\n\na | b\n1 | 2"
    assert page.blocks[1].heading_path == ("T",)


def test_a_table_that_arranges_the_page_is_taken_apart() -> None:
    cell = f"<td><h2>Left</h2><p>{SENTENCE * 3}</p><p>{SENTENCE * 3}</p></td>"
    page = extract(f"<html><body><table><tr>{cell}<td>Right</td></tr></table></body></html>".encode(), url="a.html")
    assert "|" not in page.text
    assert find(page, "Right")[0].kind == "paragraph"


def test_a_page_in_an_old_encoding_is_read_right() -> None:
    page = extract(ARTICLE.replace("harbour", "Häfen").encode("cp1252"), content_type="text/html; charset=iso-8859-1")
    assert "the Häfen master" in page.text


def test_a_date_is_not_guessed() -> None:
    page = extract(
        ARTICLE.replace('<meta property="article:published_time" content="2024-05-01T10:00:00Z">', "").encode()
    )
    assert page.sightings[0].published == ""


def test_nested_tables_are_read_once() -> None:
    cell = "<table><tr><td>" * 60 + "deep text here" + "</td></tr></table>" * 60
    assert extract(f"<html><body>{cell}</body></html>".encode(), url="a.html").text.count("deep text here") == 1


@pytest.mark.parametrize("tag", ["<div>", "<ul><li>", "<b>", "<blockquote>", "<table><tr><td>", "<a href=x>"])
def test_nesting_without_end_gives_a_page_or_a_reason(tag: str) -> None:
    try:
        page = extract(b"<html><body><p>Some text.</p>" + tag.encode() * 3000 + b"deep", url="a.html")
    except ExtractionError as error:
        assert error.reason in {"empty", "unreadable"}  # noqa: PT017
    else:
        assert "Some text." in page.text


HIDDEN = [
    "<p hidden>SECRET</p>",
    "<div hidden=until-found><p>SECRET</p></div>",
    "<p style='display : NONE !important'>SECRET</p>",
    "<p style='color:red;dis\\70lay:/**/none'>SECRET</p>",
    "<div style=visibility:hidden><p>SECRET</p></div>",
    "<span style='font-size:0px'>SECRET</span>",
    "<p style='font:0/0 a'>SECRET</p>",
    "<p style='opacity:.0'>SECRET</p>",
    "<p style='position:absolute;left:-9999px'>SECRET</p>",
    "<p style='height:0;overflow:hidden'>SECRET</p>",
    "<i aria-hidden=true>SECRET</i>",
    "<template><p>SECRET</p></template>",
    "<dialog><p>SECRET</p></dialog>",
    "<b hidden><p>SECRET</p></b>",
    "<i class=x title='>' STYLE='display:none'>one<i>two</i><p>SECRET</p></i>",
    "<b hidden><script>'</b>'</script><!-- </b> --><p>SECRET</p></b>",
    "<h2 hidden><ul><li>SECRET</ul></h2>",
    "<a/hidden><table><tr><td>SECRET</table></a>",
    "<input type=hidden value=SECRET>",
    "<iframe>SECRET</iframe><video>SECRET</video>",
    '<script type="application/ld+json">{"@type": "Article", "articleBody": "' + "SECRET words. " * 30 + '"}</script>',
    "<div id=data-preloaded data-preloaded='"
    + json.dumps({"topic_1": json.dumps({"post_stream": {"posts": [{"cooked": "SECRET words. " * 30}]}})})
    + "'></div>",
]


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("shown", ["A few words.", SENTENCE * 6])
def test_what_no_reader_sees_is_not_read(hidden: str, shown: str) -> None:
    article = f"<article><p>{shown}</p>{hidden}<p>{shown}</p></article>"
    page = extract(f"<html><head><title>T</title></head><body>{article}</body></html>".encode(), url="a.html")
    assert "SECRET" not in page.text
    assert shown.strip() in page.text


def test_a_tag_in_a_string_of_a_script_hides_nothing() -> None:
    page = extract(b"<html><body><script>a = '<b hidden>'</script><p>One.</p><b>Two.</b></body></html>", url="a.html")
    assert page.text == "One.\n\nTwo."


def test_a_hidden_word_leaves_the_rest_of_its_sentence() -> None:
    page = extract(
        b"<html><body><p>It is <b hidden>not </b>true.</p><p>Some more words.</p></body></html>", url="a.html"
    )
    assert page.text == "It is true.\n\nSome more words."


def test_a_hidden_sentence_is_not_read_though_its_words_stand_elsewhere() -> None:
    hidden = "<p hidden><b>The</b> <i>tide</i> writes twice down.</p>"
    page = extract(ARTICLE.replace("<h2>Causes", f"{hidden}<h2>Causes").encode(), url="a.html")
    assert "writes twice" not in page.text
    assert "Causes" in page.text


def test_a_hidden_heading_is_no_title_and_above_nothing() -> None:
    page = extract(
        f"<html><body><h1 hidden>SECRET</h1><h1>T</h1><p>{SENTENCE * 5}</p></body></html>".encode(), url="a.html"
    )
    assert page.title == "T"
    assert all(block.heading_path in {(), ("T",)} for block in page.blocks)


@pytest.mark.parametrize("style", ["display:block", "opacity:0.9;font-size:10px", "left:-9px", "color:#fff;height:0"])
def test_what_a_style_leaves_in_sight_is_read(style: str) -> None:
    page = extract(f"<html><body><p>One.</p><p style='{style}'>Two.</p></body></html>".encode(), url="a.html")
    assert page.text == "One.\n\nTwo."


@pytest.mark.parametrize(
    "body", ["<body hidden><p>SECRET", "<body><div style='opacity:0'><p>SECRET</div>", "<div hidden>SECRET</div>"]
)
def test_a_page_that_is_all_hidden_says_so(body: str) -> None:
    with pytest.raises(ExtractionError, match="hidden from readers") as caught:
        extract(body.encode(), url="a.html")
    assert caught.value.reason == "empty"


@pytest.mark.parametrize("end", ["deep", "</div>" * 5000 + "<p>after</p>"])
def test_a_page_nested_too_deeply_says_so(end: str) -> None:
    with pytest.raises(ExtractionError, match="nested too deeply") as caught:
        extract(f"<html><body>{'<div>' * 5000}{end}".encode(), url="a.html")
    assert caught.value.reason == "unreadable"


def test_the_words_of_real_articles_are_found(shared_data: Path) -> None:
    folder = shared_data / "extraction/scrapinghub"
    rows = [json.loads(line) for line in (folder / "gold.jsonl").read_text("utf-8").splitlines()][:8]
    shares = []
    for row in rows:
        text = extract(gzip.decompress((folder / row["html"]).read_bytes()), url=row["url"]).text
        got, wanted = (set(re.findall(r"\w+", words.lower())) for words in (text, row["articleBody"]))
        shares.append(len(wanted & got) / len(wanted))
    assert mean(shares) > 0.95
