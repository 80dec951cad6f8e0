"""Which names are of the public web, and which are spelled to be mistaken for others."""

import pytest
from fontes.crawler.errors import BlockedURL
from fontes.crawler.guard import check_url
from fontes.crawler.hostnames import why_not_web_host
from fontes.crawler.url import parse
from hypothesis import given
from hypothesis import strategies as st


def _public(_: str) -> tuple[str, ...]:
    return ("93.184.215.14",)


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LOCALHOST.", "a.b.localhost", "ⓛocalhost", "loc\u00adalhost", "localhost.localdomain",
        "ip6-loopback",
        "broadcasthost", "printer.local", "db.internal", "metadata.google.internal", "metadata.google.internal.",
        "metadata", "instance-data", "instance-data.ec2.internal", "host.docker.internal", "nas.home.arpa", "nas.home",
        "nas.lan", "wiki.corp", "wiki.intranet", "x.private", "kubernetes.default", "api.default.svc",
        "api.default.svc.cluster.local", "vault.service.consul", "1.0.0.127.in-addr.arpa", "example.onion", "x.alt",
        "x.invalid", "intranet", "ai", "metadata.tencentyun.com", "api.metadata.cloud.ibm.com", "127.0.0.1.nip.io",
        "10-0-0-1.sslip.io", "app.localtest.me", "lvh.me", "a..b.example", ".example.com", "example.com..",
        "-a.example.com", "a-.example.com", "a!b.example.com", "a,b.example.com", "127.0.0.1,example.com",
        "*.example.com",
        "a" * 64 + ".example", ".".join(["a" * 60] * 5), "example.com⁄evil.example", "example.com∕evil.example",
    ],
)  # fmt: skip
def test_names_of_the_local_network_and_malformed_ones_are_refused(host: str) -> None:
    with pytest.raises(BlockedURL):
        check_url(f"http://{host}/", resolve=_public)


@pytest.mark.parametrize(
    "host",
    [
        "example.com", "example.com.", "localhost.example.com", "local.example", "internal.example.org",
        "10.0.0.1.example",
        "metadata.example.com", "a_b.example.com", "xn--bcher-kva.example.com", "a-b--c.example.com", "1e100.net",
        "site.test",
        "nolocalhost.com", "mylan.example", "home.example", "corp.com", "arpa.example", "nip.io.example", "svc.example",
        "0x7f.example", "127.0.0.1x.example",
    ],
)  # fmt: skip
def test_names_that_only_look_local_pass(host: str) -> None:
    check_url(f"https://{host}/", resolve=_public)


@pytest.mark.parametrize(
    "host",
    [
        "аpple.com", "gооgle.com", "pаypаl.com", "xn--pple-43d.com", "XN--PPLE-43D.com", "www.xn--pple-43d.com",
        "аррӏе.com",
        "xn--80ak6aa92e.com", "ехо.com", "οο.com", "μtorrent.com", "раураl.com", "gοοgle.com", "ցօօցӏе.com",
        "ɡoogle.com",
        "fаcebook.рф", "ᴏᴄ.com", "exaмple.com", "漢я.com", "a৪8.com", "comノx.evil.jp", "xn--a-0tbb.example.com",
    ],
)  # fmt: skip
def test_look_alike_names_are_refused_in_both_spellings(host: str) -> None:
    for url in (f"http://{host}/", parse(f"http://{host}/")):
        with pytest.raises(BlockedURL, match="look-alike"):
            check_url(url, resolve=_public)


@pytest.mark.parametrize(
    "host",
    [
        "bücher.example", "例え.jp", "пример.рф", "россия.net", "хор.рф", "сор.ru", "ελλάδα.gr",
        "ουτοπία.com", "faß.de",
        "straße.example", "café.fr", "mañana.com", "đặng.vn", "łódź.pl", "ıstanbul.com", "네이버.한국", "lg전자.kr",
        "ソニーsony.jp", "人々ノート.jp", "日本語。jp",
        "กขค.ไทย", "موقع.وزارة-الاتصالات.مصر", "नेपाल.com", "l·l.cat",
        "💩.la", "i❤.ws", "հայաստան.am", "а.com", "ꮳꮃꭹ.com", "ገጽ.example", "xn--fa-hia.de", "кремль2000.рф",
    ],
)  # fmt: skip
def test_genuine_names_of_other_languages_pass(host: str) -> None:
    for url in (f"http://{host}/", parse(f"http://{host}/")):
        check_url(url, resolve=_public)


@given(st.text() | st.from_regex(r"(xn--)?[a-z0-9-]{0,60}\.(xn--)?[a-z0-9-]{0,20}", fullmatch=True))
def test_any_name_has_a_verdict_in_words(name: str) -> None:
    assert isinstance(why_not_web_host(name), str)
