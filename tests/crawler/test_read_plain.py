import textwrap
from pathlib import Path

from fontes.crawler import Page, extract
from fontes.crawler.formats.language import language_of
from hypothesis import given
from hypothesis import strategies as st

PROSE = """The keeper of the lighthouse wrote every evening what the sea had done, and
when a ship was late she lit a second lamp in the window of the upper room
because the captain had once asked her to, long before the harbour was built
and the road came down to it."""


def read(text: str) -> Page:
    return extract(text.encode(), url="a.txt")


def pieces(page: Page) -> list[tuple[str, str]]:
    return [(b.kind, page.text[b.start : b.end]) for b in page.blocks]


def test_prose_that_an_editor_wrapped_is_one_line_again() -> None:
    assert read(PROSE).text == PROSE.replace("\n", " ")


def test_lines_that_are_meant_stay_lines() -> None:
    for lines in (
        "Roses are red,\nViolets are blue,\nSugar is sweet,\nAnd so are you.",
        "Middlesex County\nMunicipality of Adelaide Metcalfe\nMunicipality of Lucan Biddulph\nVillage of Newbury",
        "12 High Street\nHarbour Town\nAB1 2CD",
        "A sentence that stands on a line of its own, as in many exports.\nAnother one, and it is shorter.",
    ):
        assert read(f"Intro text.\n\n{lines}").text.endswith(lines)


def test_headings_are_found_in_both_ways_people_write_them() -> None:
    page = read("# One\ntext a\n## Two\ntext b\n\nThree\n=====\ntext c\n\nFour\n----\ntext d\n\nFive\n====\ntext e")
    paths = {page.text[b.start : b.end]: b.heading_path for b in page.blocks if b.kind == "paragraph"}
    assert paths == {
        "text a": ("One",),
        "text b": ("One", "Two"),
        "text c": ("Three",),
        "text d": ("Three", "Four"),
        "text e": ("Five",),
    }


def test_a_first_line_on_its_own_is_the_title() -> None:
    page = read("Annual report 2023\n\nThe year was good.\nVery good.")
    assert page.title == "Annual report 2023"
    assert pieces(page)[0] == ("heading", "Annual report 2023")


def test_a_first_line_in_capitals_is_the_title_though_more_lines_follow() -> None:
    assert read("KEEPERS AND RESCUES\nFour stories\n\nThe year was good.").title == "KEEPERS AND RESCUES"
    assert read("4 Weighbridge Row\nPort Maddery\n\nThe year was good.").title == ""


def test_a_short_line_alone_before_prose_is_a_heading() -> None:
    page = read(f"The Report\n\nPanel 1: Coal\n\n{PROSE}\n\n17 September\n\nDear Ann,\n\n{PROSE}")
    assert [piece for kind, piece in pieces(page) if kind == "heading"] == ["The Report", "Panel 1: Coal"]
    assert page.blocks[2].heading_path == ("The Report", "Panel 1: Coal")


def test_a_first_sentence_is_no_title() -> None:
    assert read("The year was good.\n\nAnd the next was too.").title == ""


def test_a_list_keeps_an_item_on_a_line() -> None:
    page = read("Intro text.\n\n- first item, which\n  goes on\n- second\n\n1. one\n2. two")
    assert pieces(page)[1:] == [("list", "- first item, which goes on\n- second"), ("list", "1. one\n2. two")]


def test_a_word_broken_at_its_hyphen_is_not_torn() -> None:
    words = PROSE.replace("\n", " ").replace("a second lamp", "a well-known second lamp")
    for width in range(60, 90):
        assert "a well-known second lamp" in read(textwrap.fill(words, width)).text


@given(st.lists(st.text(st.characters(categories=("L", "N")), min_size=1, max_size=12), min_size=1, max_size=40))
def test_no_word_is_lost_or_made(words: list[str]) -> None:
    text = "".join(f"{word}{' ' if index % 7 else chr(10)}" for index, word in enumerate(words))
    page = read("Words\n\n" + text)
    assert page.text.split() == extract(b"Words\n\n" + " ".join(words).encode(), url="b.txt").text.split()


def test_the_development_files_have_titles_and_headings(shared_data: Path) -> None:
    files = sorted((shared_data / "claims/wice/files").glob("*.txt"))[:40]
    found = [extract(file.read_bytes(), url=str(file)) for file in files]
    assert all(page.title for page in found)
    assert sum(any(block.heading_path for block in page.blocks) for page in found) == len(found)


def test_the_language_is_told_from_enough_words_only() -> None:
    assert language_of(PROSE) == "en"
    assert language_of("Der Leuchtturm steht auf dem Felsen und das Licht ist auch bei Nebel zu sehen, " * 2) == "de"
    assert language_of("Le phare est sur le rocher et la lumière se voit même par temps de brouillard, " * 2) == "fr"
    assert language_of("The and of") == ""
