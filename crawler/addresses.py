"""Which IP addresses are on the public internet.

`ipaddress.is_global` does not decide it: it differs between Python 3.11 and 3.13, takes NAT64 and 6to4 of a private
address for global, and cannot know the public-looking addresses at which clouds serve their machines' credentials. So
the ranges are listed here, from IANA's registries of special-purpose addresses (RFC 6890 and its successors) as of
2025; and an IPv6 address that carries an IPv4 address is judged by what it carries.
"""

import re
from ipaddress import AddressValueError, IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_METADATA = {
    "169.254.169.254": "link-local, metadata service of AWS, Google Cloud, Azure and others",
    "169.254.170.2": "link-local, credentials of AWS ECS",
    "169.254.170.23": "link-local, credentials of AWS EKS",
    "169.254.0.23": "link-local, metadata service of Tencent Cloud",
    "168.63.129.16": "Azure's host, which serves its virtual machines only",
    "192.0.0.192": "metadata service of Oracle Cloud",
    "100.100.100.200": "metadata service of Alibaba Cloud",
    "fd00:ec2::254": "metadata service of AWS",
    "fd00:ec2::23": "credentials of AWS EKS",
    "fd20:ce::254": "metadata service of Google Cloud",
    "fe80::a9fe:a9fe": "link-local, metadata service of OpenStack",
}
# Globally reachable, and so not listed: AS112 (RFC 7534, 7535) and AMT (RFC 7450). The two anycast addresses in
# 192.0.0.0/24 (RFC 7723, 8155) serve the nearest router's purposes and never pages.
_IPV4 = (
    ("0.0.0.0/8", "this network (RFC 791)"),
    ("10.0.0.0/8", "private network (RFC 1918)"),
    ("100.64.0.0/10", "shared address space of carriers (RFC 6598)"),
    ("127.0.0.0/8", "loopback (RFC 1122)"),
    ("169.254.0.0/16", "link-local / cloud metadata (RFC 3927)"),
    ("172.16.0.0/12", "private network (RFC 1918)"),
    ("192.0.0.0/24", "IETF protocol assignments (RFC 6890)"),
    ("192.0.2.0/24", "documentation (RFC 5737)"),
    ("192.88.99.0/24", "6to4 relay anycast, withdrawn (RFC 7526)"),
    ("192.168.0.0/16", "private network (RFC 1918)"),
    ("198.18.0.0/15", "benchmarking (RFC 2544)"),
    ("198.51.100.0/24", "documentation (RFC 5737)"),
    ("203.0.113.0/24", "documentation (RFC 5737)"),
    ("224.0.0.0/4", "multicast (RFC 5771)"),
    ("255.255.255.255/32", "broadcast (RFC 919)"),
    ("240.0.0.0/4", "reserved (RFC 1112)"),
)
# The first match counts, so the narrower range stands first.
_IPV6 = (
    ("::/128", "unspecified address (RFC 4291)"),
    ("::1/128", "loopback (RFC 4291)"),
    ("64:ff9b:1::/48", "NAT64 of a local network (RFC 8215)"),
    ("100::/64", "discard-only (RFC 6666)"),
    ("100:0:0:1::/64", "dummy prefix (RFC 9780)"),
    ("2001:2::/48", "benchmarking (RFC 5180)"),
    ("2001:10::/28", "ORCHID, withdrawn (RFC 4843)"),
    ("2001:20::/28", "ORCHIDv2 (RFC 7343)"),
    ("2001:30::/28", "drone remote identification (RFC 9374)"),
    ("2001::/23", "IETF protocol assignments (RFC 2928)"),
    ("2001:db8::/32", "documentation (RFC 3849)"),
    ("3ffe::/16", "6bone, withdrawn (RFC 3701)"),
    ("3fff::/20", "documentation (RFC 9637)"),
    ("5f00::/16", "segment routing (SRv6) identifiers (RFC 9602)"),
    ("fc00::/7", "unique local, a private network (RFC 4193)"),
    ("fe80::/10", "link-local (RFC 4291)"),
    ("fec0::/10", "site-local, withdrawn (RFC 3879)"),
    ("ff00::/8", "multicast (RFC 4291)"),
)
# Prefixes before an IPv4 address in the last 32 bits. `::/96` comes after `::` and `::1`, which are in it.
_EMBEDDING = (
    (IPv6Network("::ffff:0:0/96"), "IPv4-mapped (RFC 4291)"),
    (IPv6Network("::ffff:0:0:0/96"), "IPv4-translated (RFC 2765)"),
    (IPv6Network("::/96"), "IPv4-compatible (RFC 4291)"),
)
_NAT64 = IPv6Network("64:ff9b::/96")
_6TO4 = IPv6Network("2002::/16")
_TEREDO = IPv6Network("2001::/32")
_GLOBAL_UNICAST = IPv6Network("2000::/3")
_ISATAP = frozenset({0x0000_5EFE, 0x0200_5EFE})  # before the IPv4 address in the interface identifier (RFC 5214 §6.1)

_SPECIAL_IPV4 = tuple((IPv4Network(network), why) for network, why in _IPV4)
_SPECIAL_IPV6 = tuple((IPv6Network(network), why) for network, why in _IPV6)
_NAMED = {ip_address(address): why for address, why in _METADATA.items()}
_LITERAL = re.compile(r"[0-9A-Fa-f:.]+")


def why_not_public(address: str) -> str:
    """Why nothing on the public web can be at this IP address; "" if it is a public one.

    `address` is an IPv4 or IPv6 address as resolvers give it (no brackets, no short or octal forms); what cannot be
    read so is not public either. Of the IPv6 forms that carry an IPv4 address, only NAT64 (64:ff9b::/96, RFC 6052) can
    be public, when the address in it is: it is what resolvers answer in networks without IPv4 (DNS64, RFC 6147).
    """
    if "%" in address:
        return f"link-local, in the zone {address.partition('%')[2]!r} of one machine (RFC 4007)"
    if not _LITERAL.fullmatch(address):
        return "no IP address"
    try:
        ip = ip_address(address)
    except ValueError:
        return "no IP address"
    return _why_not_ipv4(ip) if isinstance(ip, IPv4Address) else _why_not_ipv6(ip)


def is_transition_form(address: str) -> bool:
    """Whether it is an IPv6 address that only stands for an IPv4 one: nobody needs to write it in a URL."""
    try:
        ip = IPv6Address(address)
    except AddressValueError:
        return False
    return ip in _NAT64 or bool(_why_embedding(ip))


def _why_not_ipv4(ip: IPv4Address) -> str:
    if ip in _NAMED:
        return _NAMED[ip]
    return next((why for network, why in _SPECIAL_IPV4 if ip in network), "")


def _why_not_ipv6(ip: IPv6Address) -> str:
    if ip in _NAMED:
        return _NAMED[ip]
    if ip in _NAT64:
        carried = IPv4Address(int(ip) & 0xFFFF_FFFF)
        why = _why_not_ipv4(carried)
        return f"NAT64 of {carried}: {why}" if why else ""
    if int(ip) > 1 and (why := _why_embedding(ip)):
        return why
    if why := next((why for network, why in _SPECIAL_IPV6 if ip in network), ""):
        return why
    return "" if ip in _GLOBAL_UNICAST else "reserved, outside global unicast (RFC 4291)"


def _why_embedding(ip: IPv6Address) -> str:
    """The name of the form and the IPv4 address in it, with what is wrong with that; "" for an ordinary address.

    Wrong in any case: none of these forms is what a public host announces, and what a kernel or a gateway makes of one
    is its own affair.
    """
    bits = int(ip)
    low = bits & 0xFFFF_FFFF
    form, carried = next(((form, low) for network, form in _EMBEDDING if ip in network), ("", 0))
    if ip in _6TO4:
        form, carried = "6to4 (RFC 7526)", bits >> 80 & 0xFFFF_FFFF
    elif ip in _TEREDO:
        form, carried = "Teredo (RFC 4380)", low ^ 0xFFFF_FFFF
    elif not form and bits >> 32 & 0xFFFF_FFFF in _ISATAP:
        form, carried = "ISATAP (RFC 5214)", low
    if not form:
        return ""
    inner = IPv4Address(carried)
    why = _why_not_ipv4(inner)
    return f"{form} of {inner}: {why}" if why else f"{form} of {inner}"
