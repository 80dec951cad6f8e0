import base64
import contextlib
import json
from pathlib import Path

import pytest
from fontes.crawler import ExtractionError
from fontes.crawler.charset import decode, html_encoding, prescan
from fontes.crawler.charset_labels import CODECS, encoding_name
from hypothesis import given
from hypothesis import strategies as st

GERMAN = "Die Bäume blühen früher als üblich, schöne Grüße aus der Straße am Fluß."
FRENCH = "L’été dernier, le café était fermé à cause de la grève générale où l’on a manifesté."
ITALIAN = "La città è bella perché c'è un'università più antica."
CZECH = "Všichni lidé rodí se svobodní a sobě rovní co do důstojnosti a práv."
POLISH = "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw."
RUSSIAN = "Все люди рождаются свободными и равными в своем достоинстве и правах."
JAPANESE = "すべての人間は、生まれながらにして自由であり、かつ、尊厳と権利とについて平等である。"


def test_every_prescan_case_of_html5lib_gets_the_encoding_a_browser_would_take(shared_data: Path) -> None:
    lines = (shared_data / "platform/encoding/cases.jsonl").read_text("utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    got = {case["id"]: html_encoding(base64.b64decode(case["data_b64"])) for case in cases}
    assert got == {case["id"]: encoding_name(case["encoding"]) for case in cases}


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (GERMAN, "utf-8"), (GERMAN, "utf-8-sig"), (GERMAN, "utf-16"), (GERMAN, "utf-32"), (GERMAN, "utf-16-le"),
        (GERMAN, "latin-1"), (FRENCH, "cp1252"), (ITALIAN, "latin-1"), ("Price: £5, a naïve one", "cp1252"),
        (CZECH, "cp1250"), (CZECH, "iso8859_2"), (POLISH, "cp1250"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r"),
        (JAPANESE, "cp932"),
    ],
)  # fmt: skip
def test_undeclared_text_is_read_right(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize("label", ["euc-jp", "iso-2022-jp", "Shift_JIS"])
def test_a_declared_encoding_is_used(label: str) -> None:
    assert decode(JAPANESE.encode(label), declared=label) == JAPANESE


def test_the_web_takes_latin1_for_windows_1252() -> None:
    assert decode(b"\x93quoted\x94", declared="ISO-8859-1") == "“quoted”"


def test_utf8_is_read_as_such_though_the_server_says_latin1() -> None:
    assert decode(GERMAN.encode(), declared="iso-8859-1") == GERMAN


def test_an_unknown_label_is_no_label() -> None:
    assert decode(GERMAN.encode("latin-1"), declared="rot13") == GERMAN


def test_a_page_declares_its_encoding() -> None:
    assert decode(f'<meta charset="windows-1251">{RUSSIAN}'.encode("cp1251"), html=True).endswith(RUSSIAN)


def test_a_broken_place_does_not_make_utf8_something_else() -> None:
    assert decode(GERMAN.encode() + b"\xc3") == GERMAN + "\ufffd"


@pytest.mark.parametrize("declared", ["", "iso-8859-1"])
@pytest.mark.parametrize("end", [b"\n", b""])
def test_a_line_in_latin1_does_not_make_the_other_lines_so(declared: str, end: bytes) -> None:
    lines = "Der Kaffee im café, naïve Gäste.\n" * 4
    assert decode(lines.encode() + b"d\xe9j\xe0 vu, caf\xe9" + end, declared=declared) == (
        lines + "déjà vu, café" + end.decode()
    )


def test_a_broken_place_in_a_line_of_utf8_is_marked() -> None:
    assert (
        decode("é è à ü\n".encode() * 2 + "schöne Gr".encode() + b"\xfc\xdfe")
        == "é è à ü\n" * 2 + "schöne Gr\ufffd\ufffde"
    )


def test_one_accent_in_latin1_is_read_as_such() -> None:
    assert decode(b"The caf\xe9 is open.") == "The café is open."


def test_surrogates_written_as_characters_are_joined_or_marked() -> None:
    assert decode(b"lone \xed\xa0\x80, pair \xed\xa0\xbd\xed\xb8\x80") == "lone \ufffd, pair \U0001f600"


def test_a_terminal_log_is_text() -> None:
    log = b"\x1b]0;build\x07\x1b[32mok\x1b(B\x1b[m\x0f |\x08/\x08\n" * 300
    assert decode(log) == log.decode()


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG"),
        (b"\x7fELF\x02\x01\x01", "ELF"),
        (b"PK\x03\x04" + b"\x14\x00" * 13 + b"hello.txt", "ZIP"),
        (b"PK\x03\x04" + b"\x14\x00" * 13 + b"word/document.xml", "Office"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF"),
        (b"\x1f\x8b\x08\x00\x00\x00", "gzip"),
        (b"text \x00\x00\x00\x00 text", "binary"),
        (bytes(100), "binary"),
    ],
)
def test_bytes_that_are_no_text_are_named(body: bytes, kind: str) -> None:
    with pytest.raises(ExtractionError, match=kind) as caught:
        decode(body)
    assert caught.value.reason == "wrong_type"


@pytest.mark.parametrize("body", [b"\xff\xfe" + b"\x00\xd8" * 50, bytes(range(0x80, 0x100)) * 40])
def test_bytes_in_no_encoding_are_unreadable(body: bytes) -> None:
    with pytest.raises(ExtractionError) as caught:
        decode(body)
    assert caught.value.reason == "unreadable"


@given(st.binary(max_size=400), st.sampled_from(["", "utf-8", "latin1", "gbk", "utf-16", "nonsense"]), st.booleans())
def test_decoding_raises_nothing_else(body: bytes, declared: str, html: bool) -> None:
    with contextlib.suppress(ExtractionError):
        decode(body, declared=declared, html=html)


@given(st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1))
def test_utf8_text_comes_back(text: str) -> None:
    if not text.startswith("\ufeff"):
        assert decode(b"The text: " + text.encode()) == f"The text: {text}"


markup = st.lists(
    st.sampled_from([b"<", b"meta ", b"charset=", b"utf-8", b"'", b'"', b">", b"<!--", b"-->", b"/", b"x"])
)


@given(markup)
def test_the_prescan_ends_and_names_a_known_encoding(pieces: list[bytes]) -> None:
    assert prescan(b"".join(pieces)) in {"", *CODECS}


def test_every_label_leads_to_a_codec_that_python_has() -> None:
    for codec in CODECS.values():
        assert "a".encode(codec).decode(codec) == "a"
