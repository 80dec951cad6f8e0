"""Odd robots.txt files: endings, marks, mistakes, sizes."""

import time

import pytest
from fontes.crawler.robots import Robots
from fontes.crawler.robots.lines import MAX_BYTES


def allows(text: str | bytes, path: str, agent: str = "Fontes") -> bool:
    return Robots.parse(text.encode() if isinstance(text, str) else text).allows(path, agent)


def everyone(*rules: str) -> str:
    return "\n".join(("User-agent: *", *rules))


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\n\r", "\n\n"])
def test_every_line_ending_ends_a_line(end: str) -> None:
    assert not allows(end.join(("User-agent: *", "Disallow: /m")), "/m")


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"\xef\xbb", b"\xef"])
def test_a_byte_order_mark_is_skipped_whole_or_in_part(mark: bytes) -> None:
    assert not allows(mark + b"User-agent: *\nDisallow: /\n", "/a")


def test_what_only_begins_like_a_byte_order_mark_is_not_skipped() -> None:
    assert allows(b"\xef\x11\xbfUser-agent: *\nDisallow: /\n", "/a")


@pytest.mark.parametrize(
    "line",
    ["disallow /x", "DISALLOW:/x", " \tDisallow \t: \t/x\v", "Dissallow: /x", "disalow: /x", "Disallow: /x\0y",
     "Disallow: /x#y", "disallowed: /x"],
)  # fmt: skip
def test_lines_are_read_with_patience(line: str) -> None:
    assert not allows(everyone(line), "/x")
    assert allows(everyone(line), "/y")


@pytest.mark.parametrize(
    "line", ["Disallow", "Disallow /x /y", "# Disallow: /x", "<b>Disallow: /x", ": /x", "Allow /x"]
)
def test_lines_that_are_none_say_nothing(line: str) -> None:
    assert allows(everyone(line), "/x")


@pytest.mark.parametrize("name", ["user-agent", "USERAGENT", "User agent"])
def test_user_agent_lines_have_three_spellings(name: str) -> None:
    assert not allows(f"{name}: *\nDisallow: /\n", "/")
    assert allows("user agent\nDisallow: /\n", "/", "agent")


def test_a_file_of_500_kib_is_read_to_its_end() -> None:
    last = b"\nDisallow: /last\n"
    head = b"User-agent: *\n"
    body = head + b"#" * (512_000 - len(head) - len(last)) + last
    assert len(body) == 512_000
    assert not allows(body, "/last")


def test_a_line_that_the_limit_cuts_is_dropped() -> None:
    head = b"User-agent: *\nDisallow: /kept\n"
    body = head + b"#" * (MAX_BYTES - len(head) - 12) + b"\nDisallow: /cut-off\n"
    assert len(body) > MAX_BYTES
    assert not allows(body, "/kept")
    assert allows(body, "/cut-of")
    assert allows(body, "/other")
    whole = body[: MAX_BYTES - 1].rpartition(b"\n")[0] + b"\nDisallow: /"
    whole = whole[:30] + b"#" * (MAX_BYTES - len(whole)) + whole[30:]
    assert len(whole) == MAX_BYTES
    assert not allows(whole + b"\nrest", "/other")


def test_of_a_long_line_eight_times_2083_octets_count() -> None:
    path = "/x/" + "a" * 20_000
    assert not allows(everyone(f"Disallow: {path}/qux"), path + "/fux")
    assert allows(everyone(f"Disallow: {path}/qux"), "/fux")


def cpu_s(start: float) -> float:
    return time.process_time() - start


def test_a_full_file_is_parsed_and_asked_in_time() -> None:
    body = b"User-agent: *\n" + b"".join(b"Disallow: /some/path/number/%d/\n" % number for number in range(30_000))
    start = time.process_time()
    robots = Robots.parse(body)
    assert cpu_s(start) < 2.0
    start = time.process_time()
    for _ in range(100):
        assert not robots.allows("/some/path/number/4999/a", "Fontes")
    assert cpu_s(start) < 0.05


@pytest.mark.parametrize(
    "body",
    [
        b"".join(b"User-agent: a\nUser-agent: b%s\nDisallow: /%d\n" % (b"x" * (n % 9), n) for n in range(24_000)),
        b"".join(b"User-agent: %s\n" % bytes([97 + n % 26, 97 + n // 26 % 26, 97 + n // 676]) for n in range(17_000)),
        b"User-agent: *\n" + b"allow:/\n" * 120_000,
        b" " * 1_000_000,
        b"User-agent: *\nDisallow: /" + b"%61*" * 4_000 + b"\nCrawl-delay: " + b"9" * 16_000,
    ],
    ids=["shared agents", "agents", "one rule", "spaces", "stars"],
)
def test_hostile_files_are_read_in_time(body: bytes) -> None:
    start = time.process_time()
    Robots.parse(body).allows("/" + "a" * 10_000, "a")
    assert time.process_time() - start < 3.0
