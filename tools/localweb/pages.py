"""Which file of a folder is which address.

A folder below the given one whose name is a host name (`harbour.test/`) holds that host's pages by their paths;
`index.html` is also its folder's address. `web.toml` and `web.jsonl` declare further addresses, headers, redirects and
faults. A folder with neither hosts nor declared pages is taken as a heap of pages: they get hosts of their own,
`site-001.localweb.test` with the first twenty, and so on. Hidden files are left out, and links that lead outside.
"""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from .declared import Declared, read_declared
from .errors import LocalWebError
from .media import PAGE_SUFFIXES
from .rules import Fault
from .served import Key, Served, host_name, key_of, target_key, url_of

_INDEXES = ("index.html", "index.htm", "index.md", "index.txt")
_MOST_LISTED = 50_000  # https://www.sitemaps.org/protocol.html
_DECLARATIONS = ("web.toml", "web.jsonl")
_SITES_OWN = ("/robots.txt", "/sitemap.xml")


@dataclass(frozen=True, slots=True)
class Pages:
    """All addresses with what they answer, and the faults that the folder itself declares."""

    served: Mapping[Key, Served]
    faults: tuple[Fault, ...] = ()

    def find(self, host: str, target: str) -> Served | None:
        """What answers this request; the query counts only where an address with that query is there."""
        path = target_key(target)
        found = self.served.get((host, path)) or self.served.get((host, path.partition("?")[0]))
        if found is None and (host, f"{path}/") in self.served:
            return Served(to=url_of((host, f"{path}/")))
        return found

    def hosts(self) -> tuple[str, ...]:
        """All host names, sorted."""
        return tuple(sorted({host for host, _ in self.served}))

    def readable(self) -> tuple[Key, ...]:
        """The addresses of pages: what answers with 200, once each, without robots.txt, sitemaps and the like."""
        return tuple(key for key, served in self.served.items() if _is_page(key, served) and not self._is_double(key))

    def _is_double(self, key: Key) -> bool:
        """Whether this is `/a/index.html` of a folder that is there as `/a/`."""
        host, path = key
        folder, _, name = path.rpartition("/")
        other = self.served.get((host, f"{folder}/"))
        return name in _INDEXES and other is not None and other == self.served[key]


def pages_of_mapping(pages: Mapping[str, bytes | Served], *, name_sitemap: bool = False) -> Pages:
    """Pages given by address.

    Raises:
        LocalWebError: a key is no web address.
    """
    served = {key_of(url): Served(body=page) if isinstance(page, bytes) else page for url, page in pages.items()}
    return _completed(served, (), name_sitemap=name_sitemap)


def pages_of_folder(folder: Path, *, hosts_of: int, name_sitemap: bool = False) -> Pages:
    """The pages of a folder, in the order of their addresses.

    Raises:
        LocalWebError: it is no folder, holds no page, or a declaration in it cannot be read.
    """
    root = folder.resolve()
    if not root.is_dir():
        raise LocalWebError(str(folder), "it is no folder" if root.exists() else "it is not there")
    served = dict(_by_host(root))
    declared = [read_declared(root / name, root, served) for name in _DECLARATIONS if (root / name).is_file()]
    for each in declared:
        served.update(each.pages)
    if not served:
        served = dict(_heap(root, hosts_of))
    if not served:
        raise LocalWebError(
            str(folder), "it holds no page: neither folders named after hosts, nor web.toml or web.jsonl, nor pages"
        )
    return _completed(served, _faults(declared), name_sitemap=name_sitemap or any(d.name_sitemap for d in declared))


def _faults(declared: list[Declared]) -> tuple[Fault, ...]:
    return tuple(fault for each in declared for fault in each.faults)


def _by_host(root: Path) -> Iterator[tuple[Key, Served]]:
    for folder in sorted(root.iterdir()):
        # a link as well: what leads outside is sorted out file by file
        host = host_name(folder.name) if "." in folder.name.strip(".") and folder.is_dir() else ""
        if not host or folder.name.startswith("."):
            continue
        for file in _files(folder, root):
            path = f"/{_plain_name(file.relative_to(folder).as_posix())}"
            yield (host, path), Served(body=file)
            if path.rpartition("/")[2] in _INDEXES:
                yield (host, f"{path.rpartition('/')[0]}/"), Served(body=file)


def _heap(root: Path, hosts_of: int) -> Iterator[tuple[Key, Served]]:
    files = [
        file for file in _files(root, root)
        if Path(_plain_name(file.name)).suffix.lower() in PAGE_SUFFIXES and file.name not in _DECLARATIONS
    ]  # fmt: skip
    robots = next((file for file in files if file == root / "robots.txt"), None)
    pages = [file for file in files if file != robots]
    for number, file in enumerate(pages):
        host = f"site-{number // hosts_of + 1:03}.localweb.test"
        if robots and number % hosts_of == 0:
            yield (host, "/robots.txt"), Served(body=robots)
        yield (host, f"/{_plain_name(file.relative_to(root).as_posix())}"), Served(body=file)


def _files(folder: Path, root: Path) -> Iterator[Path]:
    """The regular files below, sorted; none that is hidden, none that lies outside of `root`, links or not."""
    for directory, folders, names in os.walk(folder):  # which follows no links to folders
        folders[:] = sorted(name for name in folders if not name.startswith(".") or name == ".well-known")
        for name in sorted(names):
            file = Path(directory, name)
            if not name.startswith(".") and file.is_file() and file.resolve().is_relative_to(root):
                yield file


def _plain_name(name: str) -> str:
    """Without the ending that says that the file is packed."""
    return name.removesuffix(".gz")


def _is_page(key: Key, served: Served) -> bool:
    path = key[1]
    return served.status == 200 and not served.to and path not in _SITES_OWN and not path.startswith("/.well-known/")


def _completed(served: dict[Key, Served], faults: tuple[Fault, ...], *, name_sitemap: bool) -> Pages:
    """With a sitemap for every host that has none, and where asked for, a robots.txt that names it."""
    pages = Pages(served, faults)
    listed: dict[str, list[str]] = {host: [] for host in pages.hosts()}
    for key in pages.readable():
        listed[key[0]].append(url_of(key))
    for host, urls in listed.items():
        served.setdefault((host, "/sitemap.xml"), Served(body=_sitemap(urls), type="application/xml"))
        if name_sitemap:
            text = f"User-agent: *\nDisallow:\n\nSitemap: {url_of((host, '/sitemap.xml'))}\n"
            served.setdefault((host, "/robots.txt"), Served(body=text.encode(), type="text/plain"))
    return pages


def _sitemap(urls: list[str]) -> bytes:
    entries = "".join(f"<url><loc>{escape(url)}</loc></url>\n" for url in urls[:_MOST_LISTED])
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{entries}</urlset>\n'
    ).encode()
