"""Which file of a folder is which address."""

import gzip
import os
from pathlib import Path

import pytest
from fontes.tools.localweb import LocalWebError, Served
from fontes.tools.localweb.pages import pages_of_folder, pages_of_mapping
from fontes.tools.localweb.served import key_of, target_key, url_of
from hypothesis import given
from hypothesis import strategies as st

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "localweb"


def put(path: Path, text: str = "words") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def test_a_folder_named_after_a_host_holds_its_pages_by_their_paths(tmp_path: Path) -> None:
    put(tmp_path / "a.test" / "index.html")
    put(tmp_path / "a.test" / "deep" / "page.txt")
    put(tmp_path / "b.test" / "x.html")
    pages = pages_of_folder(tmp_path, hosts_of=20)
    assert pages.hosts() == ("a.test", "b.test")
    assert [url_of(key) for key in pages.readable()] == [
        "http://a.test/", "http://a.test/deep/page.txt", "http://b.test/x.html",
    ]  # fmt: skip
    assert pages.find("a.test", "/index.html") == pages.find("a.test", "/")


def test_a_folder_without_its_slash_redirects_to_it(tmp_path: Path) -> None:
    put(tmp_path / "a.test" / "deep" / "index.html")
    found = pages_of_folder(tmp_path, hosts_of=20).find("a.test", "/deep")
    assert found is not None
    assert found.to == "http://a.test/deep/"


def test_a_heap_of_pages_gets_hosts_of_its_own(tmp_path: Path) -> None:
    for number in range(5):
        put(tmp_path / f"page-{number}.html")
    put(tmp_path / "more" / "notes.md")
    put(tmp_path / "robots.txt", "User-agent: *\nDisallow: /page-1")
    (tmp_path / "packed.txt.gz").write_bytes(gzip.compress(b"packed words"))
    put(tmp_path / "picture.png")
    pages = pages_of_folder(tmp_path, hosts_of=4)
    assert pages.hosts() == ("site-001.localweb.test", "site-002.localweb.test")
    assert [url_of(key) for key in pages.readable()] == [
        "http://site-001.localweb.test/packed.txt",
        *(f"http://site-001.localweb.test/page-{number}.html" for number in range(3)),
        *(f"http://site-002.localweb.test/page-{number}.html" for number in range(3, 5)),
        "http://site-002.localweb.test/more/notes.md",
    ]
    assert pages.find("site-002.localweb.test", "/robots.txt") == Served(body=tmp_path.resolve() / "robots.txt")


def test_a_name_with_a_question_mark_is_an_address_with_a_query(tmp_path: Path) -> None:
    put(tmp_path / "a.test" / "page?id=3")
    put(tmp_path / "a.test" / "plain.html")
    pages = pages_of_folder(tmp_path, hosts_of=20)
    assert pages.find("a.test", "/page?id=3") is not None
    assert pages.find("a.test", "/page?id=4") is None
    assert pages.find("a.test", "/plain.html?from=feed") is not None


def test_declared_pages_stand_beside_the_folders(tmp_path: Path) -> None:
    put(tmp_path / "a.test" / "x.html")
    put(tmp_path / "stuff" / "one.html")
    put(
        tmp_path / "web.toml",
        'name_sitemap = true\n[[page]]\nurl = "https://Other.test/one?id=1"\nfile = "stuff/one.html"\n'
        '[[page]]\nurl = "http://a.test/old"\nto = "/x.html"\nstatus = 308\n'
        '[[page]]\nurl = "http://a.test/x.html"\n'
        '[page.headers]\nX-Robots-Tag = "noindex"\nSet-Cookie = ["a=1", "b=2"]\n'
        '[[fault]]\nkind = "login"\nurl = "/x*"\nrate = 0.5\n',
    )
    put(tmp_path / "web.jsonl", '{"url": "http://a.test/gone", "status": 410}\n\n{"kind": "reset", "url": "b.test"}\n')
    pages = pages_of_folder(tmp_path, hosts_of=20)
    assert pages.find("other.test", "/one?id=1") == Served(body=tmp_path.resolve() / "stuff" / "one.html")
    assert pages.find("a.test", "/old") == Served(to="/x.html", status=308)
    there = pages.find("a.test", "/x.html")
    assert there is not None
    assert there.headers == (("X-Robots-Tag", "noindex"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2"))
    assert there.body == tmp_path.resolve() / "a.test" / "x.html"
    gone = pages.find("a.test", "/gone")
    assert gone is not None
    assert gone.status == 410
    assert [(fault.label, fault.url, fault.rate) for fault in pages.faults] == [
        ("login", "/x*", 0.5), ("reset", "b.test", 1.0),
    ]  # fmt: skip
    robots = pages.find("other.test", "/robots.txt")
    assert robots is not None
    assert b"Sitemap: http://other.test/sitemap.xml" in bytes(robots.body)  # type: ignore[arg-type]


def test_a_sitemap_lists_the_pages_of_its_host_and_no_redirect() -> None:
    pages = pages_of_mapping({
        "http://a.test/b&c": b"one", "http://a.test/moved": Served(to="/b"), "http://b.test/": b"two",
        "http://a.test/gone": Served(status=410), "http://a.test/robots.txt": b"User-agent: *",
    })  # fmt: skip
    sitemap = pages.find("a.test", "/sitemap.xml")
    assert sitemap is not None
    assert bytes(sitemap.body).decode().count("<loc>") == 1  # type: ignore[arg-type]
    assert b"<loc>http://a.test/b&amp;c</loc>" in bytes(sitemap.body)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("web.toml", "[[page", "web.toml"),
        ("web.toml", '[[page]]\nurl = "ftp://a.test/"\nbody = "x"', "it is no web address"),
        ("web.toml", '[[page]]\nurl = "http://a.test/"', "no file, no body and no target"),
        ("web.toml", '[[page]]\nurl = "http://a.test/"\nfile = "../secret"', "outside of the folder"),
        ("web.toml", '[[page]]\nurl = "http://a.test/"\nfile = "/etc/passwd"', "outside of the folder"),
        ("web.toml", '[[page]]\nurl = "http://a.test/"\nfile = "none.html"', "there is no such file"),
        ("web.toml", '[[page]]\nurl = "http://a.test/"\nto = "/a\\r\\nX: y"', "HTTP head"),
        ("web.toml", '[[page]]\nurl = "http://a.test/"\nbody = "x"\nheaders = {"Content-Length" = "3"}', "itself"),
        ("web.toml", '[[page]]\nurl = "http://a.test/"\nbody = "x"\nstatus = 99', "from 200 to 599"),
        ("web.toml", '[[page]]\nurl = "http://a.test/"\ncolour = "x"', "page.0.colour"),
        ("web.toml", '[[fault]]\nkind = "flood"', "no such kind"),
        ("web.jsonl", '{"url": "http://a.test/", "body": "x"}\n{', "line 2"),
        ("web.jsonl", "[1]", "page.0"),
    ],
)
def test_a_bad_declaration_is_named_with_its_reason(tmp_path: Path, name: str, text: str, why: str) -> None:
    put(tmp_path / name, text)
    with pytest.raises(LocalWebError) as raised:
        pages_of_folder(tmp_path, hosts_of=20)
    assert why in str(raised.value)
    assert name in str(raised.value)


def test_a_folder_without_pages_or_none_at_all_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LocalWebError, match="holds no page"):
        pages_of_folder(tmp_path, hosts_of=20)
    with pytest.raises(LocalWebError, match="not there"):
        pages_of_folder(tmp_path / "none", hosts_of=20)
    with pytest.raises(LocalWebError, match="no folder"):
        pages_of_folder(put(tmp_path / "file.html"), hosts_of=20)


def test_what_is_hidden_or_leads_outside_is_left_out(tmp_path: Path) -> None:
    secret = put(tmp_path / "secret" / "passwords.html")
    root = tmp_path / "web"
    put(root / "a.test" / "page.html")
    put(root / "a.test" / ".git" / "config.html")
    put(root / "a.test" / ".htpasswd")
    put(root / "a.test" / ".well-known" / "tdmrep.json", "[]")
    (root / "a.test" / "link.html").symlink_to(secret)
    (root / "a.test" / "inside.html").symlink_to(root / "a.test" / "page.html")
    (root / "a.test" / "folder").symlink_to(secret.parent, target_is_directory=True)
    (root / "b.test").symlink_to(secret.parent, target_is_directory=True)
    os.mkfifo(root / "a.test" / "pipe.html")
    pages = pages_of_folder(root, hosts_of=20)
    assert {path for _, path in pages.served} == {
        "/page.html", "/inside.html", "/.well-known/tdmrep.json", "/sitemap.xml",
    }  # fmt: skip
    assert pages.hosts() == ("a.test",)


def test_the_example_has_eight_pages_on_three_hosts() -> None:
    pages = pages_of_folder(EXAMPLE, hosts_of=20)
    assert pages.hosts() == ("harbour-office.test", "island-ledger.test", "keepers-society.test")
    assert len(pages.readable()) == 8


@given(path=st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_an_address_leads_back_to_its_key(path: str) -> None:
    key = ("a.test", f"/{path}".replace("#", ""))
    host, _, target = url_of(key).removeprefix("http://").partition("/")
    assert (host, target_key(f"/{target}")) == key


@given(url=st.text(max_size=60))
def test_any_text_is_a_key_or_refused(url: str) -> None:
    for text in (url, f"http://{url}"):
        try:
            host, path = key_of(text)
        except LocalWebError:
            continue
        assert host
        assert host == host.lower()
        assert path.startswith("/")
