"""What may be connected to, in every spelling, at every hop, and at the moment of connecting."""

import asyncio
import json
import socket
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from fontes.crawler import CrawlPolicy
from fontes.crawler.addresses import why_not_public
from fontes.crawler.errors import BlockedURL, FetchError
from fontes.crawler.guard import Guard, check_url
from fontes.crawler.url import parse
from hypothesis import example, given
from hypothesis import strategies as st

_PUBLIC = "93.184.215.14"


def _public(_: str) -> tuple[str, ...]:
    return (_PUBLIC,)


def _is_blocked(url: str, resolve: Any = None) -> bool:
    try:
        check_url(url, resolve=resolve)
    except BlockedURL:
        return True
    return False


async def test_every_row_of_the_attack_file_comes_out_right(shared_data: Path) -> None:
    rows = [json.loads(line) for line in (shared_data / "attacks/ssrf/urls.jsonl").read_text("utf-8").splitlines()]
    wrong = [row["id"] for row in rows if not await _is_right(row)]
    assert (len(rows), wrong) == (149, [])


async def _is_right(row: dict[str, Any]) -> bool:
    dns: dict[str, Sequence[str]] = row.get("dns", {})
    if row["verdict"] == "block_or_pin":
        return await _is_pinned(row)
    try:
        url = parse(row["url"])
        check_url(row["url"], resolve=lambda host: dns.get(host, ()))
        for hop in row.get("redirects", ()):
            url = parse(hop, url)
            check_url(url, resolve=lambda host: dns.get(host, ()))
    except BlockedURL:
        return row["verdict"] == "block"
    return row["verdict"] == "allow"


async def _is_pinned(row: dict[str, Any]) -> bool:
    answers = iter(row["dns_sequence"])
    guard = Guard(CrawlPolicy(), resolve=lambda _: next(answers))
    guard.check(row["url"])
    first = await guard.addresses("rebind.example.com", 443)
    with pytest.raises(BlockedURL):
        await guard.addresses("rebind.example.com", 443)
    return first == tuple((address, 443) for address in row["dns_sequence"][0])


@st.composite
def _spellings(draw: st.DrawFn) -> tuple[str, int]:
    """An IPv4 address as a number, and a host that WHATWG reads as that address."""
    number = draw(st.integers(0, 2**32 - 1) | st.sampled_from([0x7F000001, 0xA9FEA9FE, 0x0A000001, 0xC0A80101, 0]))
    count = draw(st.integers(1, 4))
    parts = [number >> 8 * (3 - i) & 0xFF for i in range(count - 1)] + [number & 256 ** (5 - count) - 1]
    radix = st.sampled_from(["{:d}", "0{:o}", "0x{:x}", "0X{:X}", "000{:o}", "0x000{:X}"])
    disguise = draw(
        st.sampled_from([str, lambda c: f"%{ord(c):02x}", lambda c: chr(ord(c) + 0xFEE0), lambda c: f"{c}\u00ad"])
    )
    written = ["".join(map(disguise, draw(radix).format(part))) for part in parts]
    host = draw(st.sampled_from([".", "。", "｡", "．", "%2e", "%2E"])).join(written)
    return host + draw(st.sampled_from(["", "."])), number


@given(_spellings(), st.sampled_from(["http://{}/", "HTTPS:\\\\{}", "http:{}", "ht\ttp:/{}/?a", " http:///{}#x"]))
def test_an_ipv4_address_has_one_verdict_in_all_its_spellings(spelling: tuple[str, int], shape: str) -> None:
    host, number = spelling
    dotted = ".".join(str(byte) for byte in number.to_bytes(4, "big"))
    assert _is_blocked(shape.format(host)) is bool(why_not_public(dotted))


@given(st.ip_addresses(v=6))
def test_an_ipv6_address_has_one_verdict_in_all_its_spellings(ip: Any) -> None:
    blocked = _is_blocked(f"http://[{ip}]/")
    assert _is_blocked(f"https://[{ip.exploded.upper()}]:8443/x") is blocked
    if why_not_public(str(ip)):
        assert blocked


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1\u3002/", "http://①②⑦.⓪.⓪.①", "http://１２７。０。０。１/", "http://0x7f。1/", "http://𝟏𝟐𝟕.𝟎.𝟎.𝟏/",
        "http://1\u200b27.0.0.1/", "http://127.0.0.1\u00ad/", "http://127.0.0.1%2f@example.com/",
        "http://127.0.0.1%00.example.com/",
        "http://0/", "http://00/", "http://0x/", "http://0x0/", "http://0.0.0.0/", "http://127.127.127.127/",
        "http://[::]/",
        "http://[::ffff:0:0]/", "http://[0:0:0:0:0:0:127.0.0.1]/", "http://[::7f00:1]/", "http://[::ffff:8.8.8.8]/",
        "http://[64:ff9b::8.8.8.8]/", "http://[2002:7f00:1::]/", "http://[2001:0:4136:e378:8000:63bf:80ff:fffe]/",
        "http://[2a00::5efe:192.168.0.1]/", "http://[fe80::1%eth0]/", "http://[::1]:443/", "http://[::1%25lo]/",
        "http://[v1.fe]/", "http://[1.2.3.4]/", "http://256/", "http://0300.0250.1/",
    ],
)  # fmt: skip
def test_disguised_addresses_are_refused(url: str) -> None:
    with pytest.raises(BlockedURL):
        check_url(url, resolve=_public)


def test_a_short_form_of_a_public_address_is_no_reason() -> None:
    check_url("http://1.2.3/../..")  # 1.2.0.3


@pytest.mark.parametrize(
    "url",
    [
        "http://user@example.com/", "http://user:@example.com/", "http://:pass@example.com/",
        "https://example.com@8.8.8.8/",
        "https://8.8.8.8:80@example.com/", "https://a:b@c@example.com/",
        "https://example.com%40evil.example@example.org/",
    ],
)  # fmt: skip
def test_a_url_with_a_user_or_password_is_refused(url: str) -> None:
    with pytest.raises(BlockedURL, match="user or a password"):
        check_url(url, resolve=_public)


@pytest.mark.parametrize("url", ["http://localhost:3000/", "http://127.0.0.1:3000/", "http://[::1]:3000/"])
def test_of_a_local_address_with_an_unusual_port_the_address_is_what_is_told(url: str) -> None:
    with pytest.raises(BlockedURL, match="loopback"):
        check_url(url)


@pytest.mark.parametrize(
    ("url", "port"), [("http://example.com:22/", 22), ("https://example.com:0/", 0), ("http://8.8.8.8:6379/", 6379)]
)
def test_unusual_ports_are_refused_and_the_usual_ones_named(url: str, port: int) -> None:
    with pytest.raises(BlockedURL, match=rf"port {port} is not asked; allowed are 80, 443, 8000"):
        check_url(url, resolve=_public)
    Guard(CrawlPolicy(ports=frozenset({port}))).check(url)


@pytest.mark.parametrize(
    "scheme", ["ftp", "file", "ws", "gopher", "data", "javascript", "HTTPX", "jar:http", "view-source:http"]
)
def test_only_http_and_https_are_fetched(scheme: str) -> None:
    with pytest.raises(BlockedURL, match="only http and https"):
        check_url(f"{scheme}://example.com/", resolve=_public)


def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    with pytest.raises(BlockedURL, match=r"mixed\.example leads to 192\.168\.0\.10, which is not public: private"):
        check_url("https://mixed.example/", resolve=lambda _: [_PUBLIC, "192.168.0.10"])


@pytest.mark.parametrize("answer", [(), ("fe80::1%eth0",), ("::ffff:8.8.8.8",), ("",), ("not an address",), ("127.1",)])
def test_an_empty_or_odd_answer_refuses_the_name(answer: tuple[str, ...]) -> None:
    assert _is_blocked("https://example.com/", resolve=lambda _: answer)


def test_a_name_that_does_not_resolve_is_refused_with_the_resolvers_reason() -> None:
    def fail(_: str) -> tuple[str, ...]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(BlockedURL, match=r"does not resolve: .*not known"):
        check_url("https://example.com/", resolve=fail)


def test_the_resolver_is_asked_for_the_name_in_ascii_without_the_roots_dot_and_never_for_addresses() -> None:
    asked: list[str] = []

    def resolve(host: str) -> tuple[str, ...]:
        asked.append(host)
        return (_PUBLIC,)

    for url in ("https://BÜCHER.example./", "http://8.8.8.8/", "http://[2a00:1450::1]/"):
        check_url(url, resolve=resolve)
    assert asked == ["xn--bcher-kva.example"]


def test_addresses_that_a_network_without_ipv4_answers_are_public() -> None:
    check_url("https://example.com/", resolve=lambda _: ["64:ff9b::808:808"])
    assert _is_blocked("https://example.com/", resolve=lambda _: ["64:ff9b::a00:1"])


@given(
    st.text() | st.text().map(lambda text: f"http://{text}") | st.text(max_size=12).map(lambda t: f"http://{t}.com/")
)
@example("http://xn--0.com/")
@example("http://\ud800/")
def test_any_text_passes_or_is_blocked(url: str) -> None:
    _is_blocked(url, resolve=_public)


def test_allowed_hosts_are_exempt_from_names_addresses_and_ports_but_not_from_the_scheme() -> None:
    guard = Guard(
        CrawlPolicy(allow_hosts=frozenset({"Intranet", "127.0.0.1", "::1", "wiki.corp.", "[fd00::1]", "bücher.lan"}))
    )
    for url in ("http://intranet:9999/", "https://127.1:22/", "http://[0::1]:1/", "http://wiki.corp/",
                "http://[fd00::1]/", "http://xn--bcher-kva.lan/"):  # fmt: skip
        guard.check(url)
    for url in (
        "ftp://intranet/",
        "http://user@intranet/",
        "http://127.0.0.2/",
        "http://sub.wiki.corp/",
        "http://[::2]/",
    ):
        with pytest.raises(BlockedURL):
            guard.check(url)


async def test_allowed_hosts_may_resolve_to_private_addresses_and_are_pinned_too() -> None:
    guard = Guard(
        CrawlPolicy(allow_hosts=frozenset({"wiki.corp", "10.0.0.5"})), resolve=lambda _: ["10.0.0.5", "10.0.0.6"]
    )
    assert await guard.addresses("wiki.corp", 9000) == (("10.0.0.5", 9000), ("10.0.0.6", 9000))
    assert await guard.addresses("10.0.0.5", 22) == (("10.0.0.5", 22),)
    with pytest.raises(BlockedURL, match="private"):
        await guard.addresses("10.0.0.6", 80)


@pytest.mark.parametrize(
    "entry", ["", "*", "*.corp", "localhost:8000", "10.0.0.0/8", "http://wiki", "a b", "fe80::1%eth0", "u@h"]
)
def test_a_malformed_allowed_host_is_named(entry: str) -> None:
    with pytest.raises(ValueError, match=r"allow_hosts: .* is neither a host name nor an address"):
        Guard(CrawlPolicy(allow_hosts=frozenset({entry})))


async def test_addresses_come_once_each_in_the_systems_order() -> None:
    async def resolve(_: str) -> list[str]:
        return ["2a00:1450::1", _PUBLIC, "2a00:1450::1"]

    assert await Guard(CrawlPolicy(), resolve=resolve).addresses("Example.com", 443) == (
        ("2a00:1450::1", 443),
        (_PUBLIC, 443),
    )


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "localhost..", "127.1", "0x7f000001", "[::1]", "::1", "höst", "u@example.com", "",
     "example.com:80", "example.com/", "a b", "fe80::1%eth0", "xn--pple-43d.com"],
)  # fmt: skip
async def test_a_host_that_was_never_checked_is_judged_when_it_is_connected_to(host: str) -> None:
    with pytest.raises(BlockedURL):
        await Guard(CrawlPolicy(), resolve=_public).addresses(host, 80)


@pytest.mark.parametrize(
    ("error", "reason", "detail"),
    [
        (socket.gaierror(socket.EAI_NONAME, "unknown"), "network", "no such host: example.com"),
        (socket.gaierror(socket.EAI_AGAIN, "try again"), "network", "could not be resolved: try again"),
        (OSError("no network"), "network", "could not be resolved: no network"),
        (TimeoutError(), "timeout", "not resolved within 10 s"),
        (None, "network", "no such host: example.com"),
    ],
)
async def test_a_name_that_does_not_resolve_is_a_failure_of_the_network(
    error: OSError | None, reason: str, detail: str
) -> None:
    def resolve(_: str) -> tuple[str, ...]:
        if error is not None:
            raise error
        return ()

    with pytest.raises(FetchError, match=detail) as caught:
        await Guard(CrawlPolicy(), resolve=resolve).addresses("example.com", 443)
    assert caught.value.reason == reason


async def test_a_resolver_that_never_answers_is_given_up() -> None:
    async def resolve(_: str) -> tuple[str, ...]:
        await asyncio.Event().wait()
        return ()

    with pytest.raises(FetchError, match=r"not resolved within 0\.05 s") as caught:
        await Guard(CrawlPolicy(connect_s=0.05), resolve=resolve).addresses("example.com", 443)
    assert caught.value.reason == "timeout"


async def test_the_systems_resolver_is_asked_and_its_private_answer_needs_permission() -> None:
    guard = Guard(CrawlPolicy(allow_hosts=frozenset({"localhost"})))
    found = await guard.addresses("localhost", 8000)
    assert {port for _, port in found} == {8000}
    assert {address for address, _ in found} <= {"127.0.0.1", "::1"}


async def test_a_hung_name_holds_up_neither_the_loop_nor_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    free, abandoned = threading.Event(), threading.Event()

    def getaddrinfo(host: bytes, *_: object, **__: object) -> list[Any]:
        if host == b"hung.example":
            free.wait()
            abandoned.set()
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (_PUBLIC, 0))]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    guard = Guard(CrawlPolicy(connect_s=1.0))
    async with asyncio.TaskGroup() as group:
        hung = [group.create_task(_outcome(guard, "hung.example")) for _ in range(5)]
        assert await guard.addresses("example.com", 80) == ((_PUBLIC, 80),)
        assert not any(task.done() for task in hung)
    assert [task.result() for task in hung] == ["timeout"] * 5
    free.set()
    assert await asyncio.to_thread(abandoned.wait, 5)
    assert await guard.addresses("hung.example", 80) == ((_PUBLIC, 80),)


async def _outcome(guard: Guard, host: str) -> str:
    try:
        await guard.addresses(host, 80)
    except FetchError as error:
        return error.reason
    return "found"
