"""Which IP addresses are public, at the edges of every special range and in every IPv6 disguise."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

import pytest
from fontes.crawler.addresses import is_transition_form, why_not_public
from hypothesis import given
from hypothesis import strategies as st

# Written apart from the product's table, from IANA's registries; the words are what the reason must say.
_SPECIAL = {
    "0.0.0.0/8": "this network", "10.0.0.0/8": "private", "100.64.0.0/10": "carriers", "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link-local", "172.16.0.0/12": "private", "192.0.0.0/24": "IETF", "192.0.2.0/24": "documentation",
    "192.88.99.0/24": "6to4", "192.168.0.0/16": "private", "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation", "203.0.113.0/24": "documentation", "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "", "::/128": "unspecified", "::1/128": "loopback", "64:ff9b:1::/48": "NAT64", "100::/64": "discard",
    "100:0:0:1::/64": "dummy", "2001::/32": "Teredo", "2001:2::/48": "benchmarking", "2001:10::/28": "ORCHID",
    "2001:20::/28": "ORCHIDv2", "2001:db8::/32": "documentation", "2002::/16": "6to4", "3fff::/20": "documentation",
    "5f00::/16": "SRv6", "fc00::/7": "unique local", "fe80::/10": "link-local", "fec0::/10": "site-local",
    "ff00::/8": "multicast", "::ffff:0:0/96": "IPv4-mapped", "4000::/3": "reserved", "::/8": "",
}  # fmt: skip
_PUBLIC = (
    "1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
    "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "191.255.255.255", "192.0.1.0", "192.0.3.0",
    "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "203.0.112.255", "203.0.114.0", "223.255.255.255",
    "168.63.129.15", "168.63.129.17", "2a00:1450:4001:80b::200e", "2606:4700:4700::1111", "2001:4860:4860::8888",
    "2001:200::1", "2003::1", "2620:fe::9", "64:ff9b::808:808",
)  # fmt: skip


def _private_ipv4() -> st.SearchStrategy[IPv4Address]:
    networks = [IPv4Network(text) for text in _SPECIAL if "." in text]
    return st.sampled_from(networks).flatmap(lambda network: st.ip_addresses(network=network))


@pytest.mark.parametrize("address", _PUBLIC)
def test_public_addresses_are_public_up_to_the_edge_of_a_special_range(address: str) -> None:
    assert why_not_public(address) == ""


@pytest.mark.parametrize(("network", "word"), _SPECIAL.items())
def test_a_special_range_is_refused_from_its_first_address_to_its_last(network: str, word: str) -> None:
    whole = IPv4Network(network) if "." in network else IPv6Network(network)
    middle = whole[whole.num_addresses // 2]
    if word:  # the wide ones hold narrower ones, with reasons of their own
        assert word in why_not_public(str(middle))
    for address in (whole[0], middle, whole[-1]):
        assert why_not_public(str(address))


@pytest.mark.parametrize(
    ("address", "whose"),
    [
        ("169.254.169.254", "AWS"), ("168.63.129.16", "Azure"), ("192.0.0.192", "Oracle"),
        ("100.100.100.200", "Alibaba"),
        ("fd00:ec2::254", "AWS"), ("fd20:ce::254", "Google"), ("64:ff9b::a83f:8110", "Azure"),
        ("::ffff:168.63.129.16", "Azure"),
    ],
)  # fmt: skip
def test_the_metadata_services_of_clouds_are_named(address: str, whose: str) -> None:
    assert whose in why_not_public(address)


@pytest.mark.parametrize(
    "text",
    ["", "localhost", "127.1", "0177.0.0.1", "0x7f000001", "2130706433", "1.1.1.1/32", "[::1]", "٨.8.8.8", "8.8.8.8 ",
     "8.8.8.8\n", "1.1.1.256", "::g", ":", "1::2::3"],
)  # fmt: skip
def test_what_is_no_address_is_not_public(text: str) -> None:
    assert why_not_public(text) == "no IP address"


@pytest.mark.parametrize("address", ["fe80::1%eth0", "2a00:1450::1%2", "fe80::1%25eth0", "%"])
def test_an_address_with_a_zone_belongs_to_one_machine(address: str) -> None:
    assert "zone" in why_not_public(address)


@given(_private_ipv4(), st.integers(0, 2**64 - 1))
def test_no_disguise_makes_a_private_ipv4_address_public(ipv4: IPv4Address, noise: int) -> None:
    bits, rest = int(ipv4), noise & 0xFFFF_FFFF
    disguises = {
        "mapped": 0xFFFF << 32 | bits,
        "compatible": bits,
        "translated": 0xFFFF_0000 << 32 | bits,
        "NAT64": 0x64FF9B << 96 | bits,
        "local NAT64": 0x64FF9B_0001 << 80 | noise << 16 & (1 << 80) - 1 | bits,
        "6to4": 0x2002 << 112 | bits << 80 | noise,
        "Teredo server": 0x2001_0000 << 96 | bits << 64 | noise,
        "Teredo client": 0x2001_0000 << 96 | rest << 64 | bits ^ 0xFFFF_FFFF,
        "ISATAP": 0x2A00 << 112 | rest << 64 | 0x5EFE << 32 | bits,
        "ISATAP, unique": 0x2A00 << 112 | rest << 64 | 0x0200_5EFE << 32 | bits,
    }
    for name, value in disguises.items():
        address = IPv6Address(value)
        for text in (str(address), address.exploded, address.exploded.upper()):
            assert why_not_public(text), name


@given(st.ip_addresses(v=4))
def test_nat64_of_an_address_is_public_when_the_address_is(ipv4: IPv4Address) -> None:
    nat64 = str(IPv6Address(0x64FF9B << 96 | int(ipv4)))
    assert bool(why_not_public(nat64)) is bool(why_not_public(str(ipv4)))
    assert is_transition_form(nat64)


@given(st.ip_addresses())
def test_what_python_calls_private_is_never_public(ip: IPv4Address | IPv6Address) -> None:
    if ip.is_multicast or ip.is_private or ip.is_reserved or ip.is_link_local:
        # 64:ff9b::/96 lies in a range that Python calls reserved; the nearer view of it is tested above
        assert why_not_public(str(ip)) or ip in IPv6Network("64:ff9b::/96")
    if not why_not_public(str(ip)) and not is_transition_form(str(ip)):
        assert ip.is_global


@given(st.text())
def test_any_text_has_a_verdict(text: str) -> None:
    if not why_not_public(text):
        assert ip_address(text)


def test_ordinary_addresses_are_no_transition_forms() -> None:
    assert not any(is_transition_form(address) for address in ("8.8.8.8", "2a00:1450::1", "example.com", ""))
    assert is_transition_form("::ffff:8.8.8.8")
