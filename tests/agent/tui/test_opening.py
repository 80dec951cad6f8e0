"""Only http and https reach a browser, as one argument of a program, never through a shell."""

import gc
import json
import os
from pathlib import Path

import pytest
from fontes.agent.tui import opening
from fontes.agent.tui.opening import NotOpened, open_address, opener, web_address
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    "source",
    [
        "file:///etc/passwd", "javascript:alert(1)", "data:text/html,x", "vscode://x", "ftp://a.example/",
        "mailto:a@b.c", "/etc/passwd", "notes.md", "", "http://", "https:///x", "//example.com/", "-incognito",
        "http:example.com",
        "https://bank.example@evil.example/", "https://a.example/\nx", "https://a.example/\x1b[2J", "https://a b/",
        'https://a.example/"x', "https://a.example/`id`", "https://a.example/\u202ex\u00a0", "https://[bad",
        "https://exаmple.com/",  # a Cyrillic letter in the host: the crawler names hosts in ASCII
        "https://a.example/" + "x" * 9_000,
    ],
)  # fmt: skip
def test_what_is_no_plain_address_of_the_web_is_not_opened(source: str) -> None:
    assert web_address(source) is None


@pytest.mark.parametrize(
    ("source", "given_"),
    [
        ("https://a.example/x?y=1&z=(2)#part", "https://a.example/x?y=1&z=(2)#part"),
        ("HTTP://A.example:8080/%20x", "HTTP://A.example:8080/%20x"),
        ("http://[::1]/x", "http://[::1]/x"),
        ("https://de.wikipedia.org/wiki/Süden", "https://de.wikipedia.org/wiki/S%C3%BCden"),
        ("https://a.example/$(id);x", "https://a.example/$(id);x"),  # one argument of a program: no shell reads it
    ],
)
def test_an_address_is_given_as_ascii(source: str, given_: str) -> None:
    assert web_address(source) == given_


@given(st.text())
def test_whatever_is_opened_is_ascii_begins_with_http_and_is_stable(text: str) -> None:
    for source in (text, f"https://{text}", f"https://a.example/{text}"):
        address = web_address(source)
        if address is not None:
            assert address.isascii()
            assert address.isprintable()
            assert " " not in address
            assert address.lower().startswith(("http://", "https://"))
            assert web_address(address) == address


def test_spellings_that_hide_a_host_are_no_way_to_another_scheme(shared_data: Path) -> None:
    rows = (shared_data / "attacks" / "ssrf" / "urls.jsonl").read_text(encoding="utf-8").splitlines()
    for url in (json.loads(row)["url"] for row in rows):
        address = web_address(url)
        assert address is None or address.lower().startswith(("http://", "https://"))


@pytest.fixture
def browser(tmp_path: Path) -> Path:
    """A program that writes its arguments down."""
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$#" "$@" > {tmp_path}/asked\n', encoding="utf-8")
    program.chmod(0o755)
    return program


async def test_the_browser_is_given_one_argument_that_no_shell_has_read(browser: Path, tmp_path: Path) -> None:
    await open_address(f"https://a.example/$(touch$IFS{tmp_path}/owned);&", program=str(browser))
    asked = (tmp_path / "asked").read_text(encoding="utf-8").splitlines()
    assert asked == ["1", f"https://a.example/$(touch$IFS{tmp_path}/owned);&"]
    assert not (tmp_path / "owned").exists()


async def test_a_browser_that_fails_is_told_with_the_address(tmp_path: Path) -> None:
    failing = tmp_path / "failing"
    failing.write_text("#!/bin/sh\nexit 3\n", encoding="utf-8")
    failing.chmod(0o755)
    with pytest.raises(NotOpened, match=r"https://a\.example/: .*failing ended with exit code 3\. Copy the address"):
        await open_address("https://a.example/", program=str(failing))
    with pytest.raises(NotOpened, match="cannot be started: No such file"):
        await open_address("https://a.example/", program=str(tmp_path / "none"))


async def test_a_file_is_not_opened_and_it_is_said_why() -> None:
    with pytest.raises(NotOpened, match=r"/etc/passwd: it is not an http or https address"):
        await open_address("/etc/passwd")


def test_without_a_desktop_there_is_no_browser(browser: Path) -> None:
    browser.rename(browser.with_name("xdg-open"))
    path = str(browser.parent)
    assert opener("linux", {"PATH": path}) is None
    assert opener("linux", {"PATH": path, "DISPLAY": ":0"}) == f"{path}/xdg-open"
    assert opener("linux", {"PATH": "/nowhere", "WAYLAND_DISPLAY": "wayland-0"}) is None
    assert opener("darwin", {"PATH": path}) is None


async def test_a_browser_that_stays_is_left_alone_and_reaped_later(
    browser: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_WAIT_S", 0.05)
    os.mkfifo(tmp_path / "end")
    staying = tmp_path / "staying"
    staying.write_text(f"#!/bin/sh\nread line < {tmp_path}/end\n", encoding="utf-8")
    staying.chmod(0o755)
    await open_address("https://a.example/", program=str(staying))
    [process] = opening._STAYING
    gc.collect()
    assert process.poll() is None
    with (tmp_path / "end").open("w", encoding="utf-8") as end:
        end.write("now\n")
    process.wait(10)
    await open_address("https://a.example/", program=str(browser))
    assert process not in opening._STAYING
    for each in opening._STAYING:
        each.wait(10)
