import random
import threading

import pytest
from fontes.crawler import ExtractionError, Page, extract
from fontes.crawler.formats.pdf import read_pdf
from hypothesis import given, settings
from hypothesis import strategies as st

SENTENCE = "The tide rises and falls twice a day, and the harbour master writes down when it does."
ESCAPED = {ord("("): r"\(", ord(")"): r"\)"}
Line = tuple[int, int, int, str]  # size of type, left, bottom, text


def pdf(*pages: list[Line], info: str = "", picture: bool = False) -> bytes:
    """A PDF in Helvetica, as small as one can be; with `picture`, each page draws an image of one pixel."""
    kids = " ".join(f"{4 + 2 * at} 0 R" for at in range(len(pages)))
    objects = [
        "<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{kids}]>>",
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    image = 4 + 2 * len(pages)
    for at, lines in enumerate(pages):
        drawn = "".join(
            f"BT /F {size} Tf {left} {bottom} Td ({text.translate(ESCAPED)}) Tj ET\n"
            for size, left, bottom, text in lines
        )
        drawn += "q 500 0 0 700 50 50 cm /I Do Q\n" * picture
        resources = f"<</Font<</F 3 0 R>>/XObject<</I {image} 0 R>>>>"
        objects += [
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents {5 + 2 * at} 0 R/Resources{resources}>>",
            f"<</Length {len(drawn.encode('cp1252'))}>>stream\n{drawn}endstream",
        ]
    objects += [
        "<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray/Length 1>>"
        "stream\nA\nendstream",
        f"<<{info}>>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{content}\nendobj\n".encode("cp1252")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    trailer = f"<</Size {len(objects) + 1}/Root 1 0 R/Info {len(objects)} 0 R>>"
    first = "0000000000 65535 f \n"
    end = f"xref\n0 {len(objects) + 1}\n{first}{table}trailer{trailer}\nstartxref\n{len(body)}\n%%EOF"
    return body + end.encode()


def written(text: str, *, top: int = 700, left: int = 72, size: int = 11, width: int = 80) -> list[Line]:
    """The text wrapped to lines of this many characters, the first at this height."""
    words, lines = text.split(" "), [""]
    for word in words:
        if len(lines[-1]) + len(word) >= width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [(size, left, top - 13 * at, line) for at, line in enumerate(lines)]


def shown(page: Page) -> list[tuple[int | None, str, str]]:
    return [(block.page_number, block.kind, page.text[block.start : block.end]) for block in page.blocks]


TEXT = " ".join([SENTENCE] * 4)
INFO = "/Title(How tides work)/Author(Ann Miller)/CreationDate(D:20240501120000+02'00')/ModDate(D:20240503)"


def test_lines_become_paragraphs_with_the_number_of_their_page() -> None:
    first = [(20, 72, 740, "Tides in the harbour"), *written(TEXT), *written(f"Then. {TEXT}", top=600)]
    page = extract(pdf(first, written(TEXT), info=INFO), content_type="application/pdf", url="https://a.example/tides")
    assert shown(page) == [
        (1, "heading", "Tides in the harbour"),
        (1, "paragraph", TEXT),
        (1, "paragraph", f"Then. {TEXT}"),
        (2, "paragraph", TEXT),
    ]
    assert page.blocks[3].heading_path == ("Tides in the harbour",)
    (sighting,) = page.sightings
    assert (page.title, sighting.author) == ("How tides work", "Ann Miller")
    assert (sighting.published, sighting.modified) == ("2024-05-01", "2024-05-03")
    assert (page.language, page.extractor.partition("-")[0]) == ("en", "pypdfium2")


def test_paragraphs_without_a_gap_are_told_by_their_last_line() -> None:
    lines = written(TEXT)
    page = read_pdf(pdf([*lines, *written(f"Then. {TEXT}", top=700 - 13 * len(lines))]), source="a.pdf")
    assert [text for _, _, text in shown(page)] == [TEXT, f"Then. {TEXT}"]


def test_columns_are_read_one_after_the_other() -> None:
    page = read_pdf(pdf([*written(TEXT, width=40), *written(f"Then. {TEXT}", left=320, width=40)]), source="a.pdf")
    assert [text for _, _, text in shown(page)] == [TEXT, f"Then. {TEXT}"]


def test_items_are_blocks_of_their_own() -> None:
    lines = [
        (11, 72, 700, "What is needed:"),
        (11, 72, 687, "1. a rope"),
        (11, 72, 674, "2. a boat"),
        (11, 72, 661, "3) and time"),
    ]
    assert [(kind, text) for _, kind, text in shown(read_pdf(pdf(lines), source="a.pdf"))] == [
        ("paragraph", "What is needed:"), ("list", "1. a rope"), ("list", "2. a boat"), ("list", "3) and time"),
    ]  # fmt: skip


def test_running_titles_and_page_numbers_are_left_out() -> None:
    pages = [
        [(9, 72, 760, "The Harbour Review"), *written(f"Part {part}. {TEXT}"), (9, 300, 40, f"{number}")]
        for number, part in enumerate(("one", "two", "three", "four"), 1)
    ]
    page = read_pdf(pdf(*pages), source="a.pdf")
    assert [text.partition(".")[0] for _, _, text in shown(page)] == ["Part one", "Part two", "Part three", "Part four"]


@pytest.mark.parametrize("title", ["Microsoft Word - tides.docx", "untitled", "tides_final.indd", ""])
def test_a_title_that_is_a_file_name_is_none(title: str) -> None:
    lines = [(20, 72, 740, "Tides"), *written(TEXT)]
    assert read_pdf(pdf(lines, info=f"/Title({title})"), source="a.pdf").title == "Tides"


def test_a_scan_says_so() -> None:
    with pytest.raises(ExtractionError, match="it is a scan: 2 pages of pictures without text; OCR") as caught:
        extract(pdf([], [], picture=True), url="a.pdf")
    assert caught.value.reason == "empty"
    with pytest.raises(ExtractionError, match="there is no text in it"):
        extract(pdf([]), url="a.pdf")


def test_an_encrypted_pdf_says_what_to_do() -> None:
    key = "<</Filter/Standard/V 1/R 2/Length 40/P -4/O<" + "ab" * 32 + ">/U<" + "cd" * 32 + ">>>"
    body = pdf(written(TEXT)).replace(b"/Root 1 0 R", f"/Root 1 0 R/ID[<00><00>]/Encrypt {key}".encode())
    with pytest.raises(ExtractionError, match="encrypted: open it with its password") as caught:
        extract(body, url="a.pdf")
    assert caught.value.reason == "unreadable"


@pytest.mark.parametrize("body", [b"%PDF-1.7", b"%PDF-1.4\n" + bytes(range(256)) * 20, b"no pdf at all"])
def test_a_damaged_pdf_says_so(body: bytes) -> None:
    with pytest.raises(ExtractionError, match="the PDF is damaged") as caught:
        read_pdf(body, source="a.pdf")
    assert caught.value.reason == "unreadable"


def test_too_many_pages_are_refused() -> None:
    body = pdf([]).replace(b"/Kids[4 0 R]", b"/Kids[" + b"4 0 R " * 2001 + b"]").replace(b"/Count 1/", b"/Count 2001/")
    with pytest.raises(ExtractionError, match="it has 2001 pages; at most 2000") as caught:
        read_pdf(body, source="a.pdf")
    assert caught.value.reason == "too_large"


def test_two_threads_read_at_once() -> None:
    body, texts = pdf(written(TEXT)), []
    threads = [threading.Thread(target=lambda: texts.append(read_pdf(body, source="a.pdf").text)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert texts == [TEXT] * 4


GOOD = pdf([(20, 72, 740, "Tides"), *written(TEXT)], written(TEXT), info=INFO)


@given(st.randoms(use_true_random=False), st.integers(1, 40), st.booleans())
@settings(max_examples=150, deadline=None)
def test_mutated_bytes_give_a_sound_page_or_the_typed_reason(chance: random.Random, changes: int, cut: bool) -> None:
    body = bytearray(GOOD)
    for _ in range(changes):
        body[chance.randrange(len(body))] = chance.randrange(256)
    try:
        page = read_pdf(bytes(body[: chance.randrange(len(body))] if cut else body), source="a.pdf")
    except ExtractionError as error:
        assert error.reason in {"unreadable", "empty", "too_large"}  # noqa: PT017
        return
    end = 0
    for block in page.blocks:
        assert end <= block.start < block.end <= len(page.text)
        assert block.page_number in {1, 2}
        end = block.end
