import pytest
from fontes.crawler import Page, extract


def read(text: str) -> Page:
    return extract(text.encode(), url="a.md")


def pieces(page: Page) -> list[tuple[str, str]]:
    return [(b.kind, page.text[b.start : b.end]) for b in page.blocks]


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("Some **bold** and *thin* `code`.", "Some bold and thin code."),
        ("A [link](https://x.example 'T') and ![a picture](p.png).", "A link and a picture."),
        ("A wrapped\nline and a  \nbroken one", "A wrapped line and a\nbroken one"),
        ("漢字は\n続く", "漢字は続く"),
        ("A claim.[^1] <span>Tagged</span><br>break &amp; entity \\*star\\*", "A claim. Tagged\nbreak & entity *star*"),
        ("~~gone~~ stays", "gone stays"),
        ("[ref][1]\n\n[1]: https://x.example", "ref"),
        ("<!-- hidden -->\n\nshown", "shown"),
        ("Wait 5 minutes.<script>alert(1)</script> Then go.", "Wait 5 minutes. Then go."),
        ("Wait.<style>p {}</style>", "Wait."),
        ("Shown<span hidden> secret *a* `b`</span>.", "Shown."),
        ('Shown<b style="display: none"> secret <b>c</b> d</b>.', "Shown."),
        ("Only a <template> tag\n\nnext", "Only a\n\nnext"),
        (
            "<div style='display:none'>\n\n# secret\n\n- a\n\n```\nb\n```\n\n| c |\n|---|\n| d |\n\n</div>\n\nshown",
            "shown",
        ),
        ("<div>\n<script>\n\nif (a<b) alert('<script>')\n\n</script>\n</div>\n\nshown", "shown"),
        ("<p hidden>secret\n\nshown", "shown"),
        (
            "7 sails.[^1] See [the page](https://x.example).\n\n[^1]: Ibid.\n[^n_2_b]: https://y.example",
            "7 sails. See the page.\n\nIbid.\nhttps://y.example",
        ),
        ("One [^a_b_c]. Two[^1]: three [^2] four `[^3]`", "One. Two: three four [^3]"),
        ("<div align=center>\n<b>In a block</b>\n</div>", "In a block"),
    ],
)
def test_marks_are_taken_out_and_words_stay(markdown: str, text: str) -> None:
    assert read(markdown).text == text


def test_each_kind_of_block_is_one() -> None:
    page = read(
        "# T\n\npara\n\n- a\n- b\n  1. c\n\n| x | y |\n|---|---|\n| 1 | **2** |\n\n> said\n\n```py\nf()\n\tg()\n```\n"
    )
    assert pieces(page) == [
        ("heading", "T"),
        ("paragraph", "para"),
        ("list", "- a\n- b\n  1. c"),
        ("table", "x | y\n1 | 2"),
        ("quote", "said"),
        ("code", "f()\n    g()"),
    ]


def test_headings_nest() -> None:
    page = read("# A\n\n## B\n\none\n\nC\n===\n\ntwo\n")
    paths = {page.text[b.start : b.end]: b.heading_path for b in page.blocks}
    assert paths == {"A": (), "B": ("A",), "one": ("A", "B"), "C": (), "two": ("C",)}


@pytest.mark.parametrize(
    "front",
    [
        '---\ntitle: "The: title"\ndate: 2024-05-01\nauthor: [Ann, Bob]\nlang: de-AT\n---\n',
        '+++\ntitle = "The: title"\ndate = 2024-05-01\nauthors = ["Ann"]\nlang = "de"\n+++\n',
        '\ufeff---\r\nTitle: "The: title"\r\npublished: 2024-05-01\r\nauthor: Ann\r\nlanguage: de\r\n---\r\n',
    ],
)
def test_front_matter_describes_and_is_not_text(front: str) -> None:
    page = read(front + "# Heading\n\nText.")
    (sighting,) = page.sightings
    assert (page.title, sighting.published, sighting.author, page.language) == ("The: title", "2024-05-01", "Ann", "de")
    assert page.text == "Heading\n\nText."


@pytest.mark.parametrize("front", ["---\n- a list\n---\n", "---\nnot: [closed\n---\n", "---\nx: 2024-99-99\n---\n"])
def test_a_rule_at_the_start_is_no_front_matter(front: str) -> None:
    assert read(front + "Text.").text.endswith("Text.")


@pytest.mark.parametrize(
    "front",
    [
        "---\ntitle: The title\ndate: 2024-13-45\nauthor: Ann\n---\n",
        "---\ntitle: 'The title'\ntags: [open\nauthor: Ann\n---\n",
        "---\ntitle: The title\nauthor: Ann\nabout: a: b\nsecret: !vault x\n---\n",
        '+++\ntitle = "The title"\ndate = 2024-13-45\nauthor = "Ann"\n+++\n',
    ],
)
def test_a_fault_in_the_front_matter_costs_only_its_line(front: str) -> None:
    page = read(front + "Text.")
    (sighting,) = page.sightings
    assert (page.text, page.title, sighting.author, sighting.published) == ("Text.", "The title", "Ann", "")


def test_prose_between_rules_is_text() -> None:
    assert "Some prose: [here" in read("---\n\nSome prose: [here\n\n---\n\nText.").text


def test_a_date_that_is_none_is_left_out() -> None:
    assert read("---\ndate: last spring\n---\nText.").sightings[0].published == ""


def test_without_front_matter_the_first_heading_is_the_title() -> None:
    assert read("intro\n\n## The *title*\n\ntext").title == "The title"


def test_nesting_without_end_is_cut_off() -> None:
    assert read("words\n\n" + "> " * 5000 + "x\n\n" + "- " * 5000 + "y").text.startswith("words")
