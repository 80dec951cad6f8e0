"""Real web pages as many small sites: `siteNNN.test/p/0` … `/p/19`, a robots.txt each.

    python -m loopback.pages --data ../../shared/data/extraction

The pages are those of the extraction sets; where more addresses are asked for than there are pages they come again.
"""

import argparse
import gzip
from pathlib import Path

from .wire import Answer, Site, reply, serve

SETS = ("wcxb", "scrapinghub", "trafilatura", "htmldate", "readability")
ROBOTS = b"User-agent: *\nDisallow: /private/\nDisallow: /*?session=\nAllow: /\n\nSitemap: https://example.test/s.xml\n"


def bodies(data: Path) -> list[bytes]:
    """Every page of the sets, the sets taken in turn so that sites do not differ in kind."""
    found: list[tuple[int, str, Path]] = []
    for name in SETS:
        # readability's folder holds the expected outcome beside the source
        files = [file for file in (data / name / "html").glob("*.gz") if ".expected." not in file.name]
        found += [(n, name, file) for n, file in enumerate(sorted(files))]
    if not found:
        raise SystemExit(f"no pages below {data}")
    return [gzip.decompress(file.read_bytes()) for *_, file in sorted(found, key=lambda f: f[:2])]


def sites(pages: list[bytes], pages_a_site: int, wait_s: float) -> Site:
    """The answers of all sites; a host or path of another form is 404."""
    # no charset in the header: what encoding a page has is for the client to find out, as on the web
    answers = [Answer(reply(200, body, content_type="text/html"), wait_s=wait_s) for body in pages]
    robots = Answer(reply(200, ROBOTS, content_type="text/plain"), wait_s=wait_s)
    nothing = Answer(reply(404, b"<p>no such page</p>"), 404, wait_s)

    def answer(host: str, path: str) -> Answer:
        name = host.partition(".")[0]
        if not name.startswith("site"):
            return nothing
        if path.startswith("/p/") and (number := int(path[3:])) < pages_a_site:
            return answers[(int(name[4:]) * pages_a_site + number) % len(answers)]
        return robots if path == "/robots.txt" else nothing

    return answer


def addresses(pages: int, pages_a_site: int, port: int | None = None) -> list[list[str]]:
    """The addresses of `pages` pages, one list a site; with the port in them where a client cannot map names to it."""
    shown = f":{port}" if port else ""
    every = [f"http://site{n // pages_a_site:03}.test{shown}/p/{n % pages_a_site}" for n in range(pages)]
    return [every[at : at + pages_a_site] for at in range(0, pages, pages_a_site)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--hosts-of", type=int, default=20, help="pages a site")
    parser.add_argument("--latency-ms", type=float, default=0, help="time before each answer")
    options = parser.parse_args()
    serve(sites(bodies(options.data), options.hosts_of, options.latency_ms / 1000))


if __name__ == "__main__":
    main()
