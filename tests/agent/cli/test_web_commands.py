"""`fontes fetch` and `fontes crawl`, over a small site on loopback."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # whole processes or many seconds of waiting

PAGE = """<!doctype html><html lang="en"><head><title>{name}</title></head><body><main><article><h1>{name}</h1>
<p>The lighthouse of {name} was lit on a calm evening in May. Its keepers wrote down every storm, every wreck and every
visitor of {name} in thick ledgers bound in green cloth, and none of those ledgers was ever lost.</p>
<p>{body}</p><p>{links}</p></article></main></body></html>"""
LINKS = {
    "/": ("/skagen", "/texel", "/private/diary", "/gone"),
    "/skagen": ("/", "/hirsholm"),
    "/texel": (),
    "/hirsholm": (),
    "/copy": (),
}
STORY = "rowed to the mainland for oil and came back with a cask, two loaves of bread and a letter"


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.asked.append(self.path)  # type: ignore[attr-defined]
        kind, body = "text/plain", b""
        if self.path == "/robots.txt":
            body = b"User-agent: *\nDisallow: /private/\n"
        elif self.path == "/sitemap.xml":
            kind, body = "application/xml", b"<urlset><url><loc>/copy</loc></url></urlset>"
        elif self.path in LINKS:
            name = "texel" if self.path == "/copy" else self.path.strip("/") or "home"
            story = " ".join(f"{name} {word}{at}" for at, word in enumerate(STORY.split() * 6))
            links = " ".join(f'<a href="{link}">{link}</a>' for link in LINKS[self.path])
            kind, body = "text/html; charset=utf-8", PAGE.format(name=name, body=story, links=links).encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the paths asked are kept."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The paths that were asked of the site, to which every name leads."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.asked = []  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    monkeypatch.setenv("FONTES_RESOLVE", f"*=127.0.0.1:{server.server_port}")
    monkeypatch.setenv("FONTES_HOST_GAP_S", "0")
    monkeypatch.setenv("FONTES_WORKERS", "1")
    yield server.asked  # type: ignore[attr-defined]
    server.shutdown()
    thread.join()
    server.server_close()


def test_fetch_prints_the_page_with_what_it_says_of_itself(fontes: Callable, asked: list[str]) -> None:
    result = fontes("fetch", "http://lights.example/skagen")
    assert result.code == 0
    assert result.out.startswith("skagen\n")
    assert "http://lights.example/skagen" in result.out
    assert "none of those ledgers was ever lost" in result.out
    assert "ledgers" not in fontes("fetch", "http://lights.example/skagen", "--no-text").out


def test_fetch_tells_the_typed_reason_when_there_is_no_page(fontes: Callable, asked: list[str]) -> None:
    robots = fontes("fetch", "http://lights.example/private/diary")
    assert (robots.code, robots.out) == (1, "")
    assert "(robots)" in robots.err
    gone = fontes("fetch", "http://lights.example/gone", "--json")
    told = json.loads(gone.out)
    assert (gone.code, told["outcome"], told["reason"], told["http_status"]) == (1, "skipped", "http_status", 404)
    assert "/private/diary" not in asked


@pytest.mark.parametrize("url", ["http://127.0.0.1/", "http://[", "ftp://lights.example/", "mailto:x@lights.example"])
def test_an_address_that_may_not_be_asked_is_bad_input(fontes: Callable, asked: list[str], url: str) -> None:
    result = fontes("fetch", url)
    assert (result.code, result.out, asked) == (2, "", [])
    assert "(blocked_address)" in result.err


def test_crawl_prints_a_json_object_for_every_address(fontes: Callable, asked: list[str], home: Path) -> None:
    result = fontes("crawl", "http://lights.example/", "--json")
    rows = {row["url"].removeprefix("http://lights.example"): row for row in map(json.loads, result.out.splitlines())}
    assert result.code == 0
    assert {path: row["outcome"] for path, row in rows.items() if path not in {"/texel", "/copy"}} == {
        "/": "read", "/skagen": "read", "/hirsholm": "read", "/private/diary": "robots", "/gone": "http_status",
    }  # fmt: skip
    assert {rows["/texel"]["outcome"], rows["/copy"]["outcome"]} == {"read", "duplicate"}
    assert rows["/hirsholm"]["depth"] == 2
    assert rows["/hirsholm"]["found_on"] == "http://lights.example/skagen"
    assert rows["/skagen"]["title"] == "skagen"
    assert "4 pages read" in result.err
    assert not list((home / "crawls").iterdir()), "a crawl that came to its end leaves no state"
    assert sorted(asked) == sorted(set(asked)), "nothing is asked twice"


def test_crawl_keeps_to_patterns_depth_and_limit(fontes: Callable, asked: list[str]) -> None:
    lines = fontes("crawl", "http://lights.example/", "--exclude", "/private/**", "--depth", "1", "--no-sitemaps").out
    assert {line.split()[1].removeprefix("http://lights.example") for line in lines.splitlines()} == {
        "/", "/skagen", "/texel", "/gone",
    }  # fmt: skip
    assert len(fontes("crawl", "http://lights.example/", "--limit", "2").out.splitlines()) == 2


@pytest.mark.parametrize("arguments", [["http://["], ["http://lights.example/", "--include", "docs"], ["mailto:x@y.z"]])
def test_a_start_or_pattern_that_is_none_is_bad_input(fontes: Callable, arguments: list[str], asked: list[str]) -> None:
    result = fontes("crawl", *arguments)
    assert (result.code, result.out, asked) == (2, "", [])


def test_a_crawl_of_which_no_page_was_read_exits_with_1(fontes: Callable, asked: list[str]) -> None:
    assert fontes("crawl", "http://lights.example/private/diary", "--no-sitemaps").code == 1


def test_a_crawl_that_was_interrupted_goes_on_with_the_command_it_names(
    fontes: Callable, asked: list[str], home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FONTES_HOST_GAP_S", "3")  # time to interrupt it after its first page
    program = "from fontes.agent.cli import main; main()"
    command = [sys.executable, "-c", program, "crawl", "http://lights.example/", "--no-sitemaps"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "to go on: fontes crawl http://lights.example/ --depth 3 --limit 1000 --no-sitemaps" in err
    assert list((home / "crawls").iterdir())
    monkeypatch.setenv("FONTES_HOST_GAP_S", "0")
    result = fontes("crawl", "http://lights.example/", "--no-sitemaps")
    assert "going on where this crawl was interrupted" in result.err
    before, after = (first + rest).splitlines(), result.out.splitlines()
    assert first.startswith("read http://lights.example/ ")
    assert len({line.split()[1] for line in (*before, *after)}) == 6
    assert len(before) + len(after) <= 7, "only what was in hand comes again"
