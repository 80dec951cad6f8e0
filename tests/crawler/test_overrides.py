"""Names that the person leads elsewhere, and what they stay bound by."""

import pytest
from fontes.crawler import CrawlPolicy
from fontes.crawler.errors import BlockedURL
from fontes.crawler.guard import Guard


def _public(_: str) -> tuple[str, ...]:
    return ("93.184.215.14",)


async def test_overrides_lead_names_elsewhere_the_most_exact_first() -> None:
    rules = {"a.example": "127.0.0.1:8001", "A.example:443": "[::1]:8443", "*": "127.0.0.1:9000", "b.example": "::1",
             "wiki": "10.0.0.1", "c.example:2222": "10.0.0.2"}  # fmt: skip
    guard = Guard(CrawlPolicy(resolve=rules), resolve=_public)
    assert await guard.addresses("a.example", 80) == (("127.0.0.1", 8001),)
    assert await guard.addresses("a.example", 443) == (("::1", 8443),)
    assert await guard.addresses("b.example.", 8080) == (("::1", 8080),)
    assert await guard.addresses("other.example", 443) == (("127.0.0.1", 9000),)
    assert await guard.addresses("wiki", 80) == (("10.0.0.1", 80),)
    assert await guard.addresses("c.example", 2222) == (("10.0.0.2", 2222),)
    for url in ("http://a.example/", "http://wiki/", "http://c.example:2222/", "http://other.example/"):
        guard.check(url)


async def test_an_override_for_all_names_exempts_neither_addresses_nor_local_names_nor_ports() -> None:
    guard = Guard(CrawlPolicy(resolve={"*": "127.0.0.1:9000"}), resolve=_public)
    for url in ("http://127.0.0.1/", "http://localhost/", "http://metadata.google.internal/", "http://a.example:22/",
                "http://xn--pple-43d.com/"):  # fmt: skip
        with pytest.raises(BlockedURL):
            guard.check(url)
    with pytest.raises(BlockedURL):
        await guard.addresses("127.0.0.1", 80)
    assert await guard.addresses("8.8.8.8", 80) == (("8.8.8.8", 80),)


@pytest.mark.parametrize(
    ("key", "value", "why"),
    [
        ("a.example", "localhost:80", "'localhost' is no IP address"), ("a.example", "127.0.0.1:", "'' is no port"),
        ("a.example", "127.0.0.1:70000", "no port"), ("a.example", "[::1", "no address"),
        ("a.example", "", "no IP address"), ("a.example", "[::1]80", "no address"),
        ("127.0.0.1", "10.0.0.1", "allow_hosts"), ("::1", "10.0.0.1", "allow_hosts"),
        ("0x7f.1:80", "10.0.0.1", "allow_hosts"), ("a b", "10.0.0.1", "no host name"), ("", "10.0.0.1", "no host name"),
        ("*.example", "10.0.0.1", "no host name"), ("a.example:x", "10.0.0.1", "'x' is no port"),
        ("http://a.example", "10.0.0.1", "no port"), ("a/b", "10.0.0.1", "no host name"),
    ],
)  # fmt: skip
def test_a_malformed_override_is_named_with_the_form_it_should_have(key: str, value: str, why: str) -> None:
    with pytest.raises(ValueError, match=r"^resolve: .*host=address:port") as caught:
        Guard(CrawlPolicy(resolve={key: value}))
    assert why in str(caught.value)
    assert f"{key}={value}" in str(caught.value)
