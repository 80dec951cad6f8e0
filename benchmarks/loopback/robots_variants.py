"""robots.txt files in the forms they are met in: groups, wildcards, delays, encodings, line ends, rubbish.

What is drawn keeps to what RFC 9309 says plainly (readings on which crawlers differ are not judged here), but writes it
in every manner.
"""

import random

AREAS = ("open", "private", "shop", "Shop", "caf%C3%A9", "~user", "a%2Fb", "docs", "x/y")
SUFFIXES = ("", "", "", ".html", ".php", ".jpg", "/", "?session=7", "?q=tea&session=8", ".php?page=2")
_DISALLOWED = (
    "/private/", "/private", "/shop/", "/Shop/", "/caf%C3%A9/", "/caf%c3%a9/", "/café/", "/~user/", "/%7Euser/",
    "/a%2Fb/", "/a%2fb/", "/x/", "/x/y/ok", "/*.php$", "/*.php", "/*.jpg$", "/*?session=", "/*session=",
    "/*?*session=", "/docs/*/", "/*/ok-1", "/d", "*/private/", "/open/*-2", "/shop/*.html$", "/", "/*", "",
)  # fmt: skip
_ALLOWED = (
    "/private/ok-1", "/private/*.html$", "/open/", "/docs/", "/*.html$", "/shop/ok", "/", "/$", "/caf%C3%A9/ok-2",
)  # fmt: skip
_DELAYS = ("0.05", "0.1", ".15", "0.2", "0.3", "0.3", "0.45", "0.45") * 3 + ("100",)
_OTHERS = ("Googlebot", "FontesBot", "Font", "bingbot", "GPTBot", "fontes-archiver")
_RUBBISH = (
    "# all that follows is meant", "Sitemap: https://example.test/sitemap.xml", "Host: example.test", "Permit: /open/",
    "just words", ":", "Clean-param: ref /", "Noindex: /open/", "   ", "<p>moved</p>", "Request-rate: 1/5",
)  # fmt: skip


def drawn(rng: random.Random) -> bytes:
    """One robots.txt of some hundreds of octets, or of some hundred thousand."""
    groups = [_group(rng, [other]) for other in rng.sample(_OTHERS, rng.randrange(3))]
    if rng.random() < 0.6:
        names = ["Fontes", *rng.sample(_OTHERS, rng.randrange(2))]
        rng.shuffle(names)
        groups.append(_group(rng, [rng.choice((name, name.upper(), name.lower())) for name in names]))
    if rng.random() < 0.15:
        groups.append(_group(rng, ["Fontes"]))
    if rng.random() < 0.7:
        groups.append(_group(rng, ["*"]))
    rng.shuffle(groups)
    lines = [line for group in groups for line in [*group, *rng.choice(([], [""], ["", "# next"]))]]
    for _ in range(rng.randrange(4)):
        lines.insert(0, rng.choice(_RUBBISH))
    if rng.random() < 0.03:
        lines[:0] = ["# " + "padding " * 12] * 3_000
    return _octets(rng, lines)


def _group(rng: random.Random, names: list[str]) -> list[str]:
    rules = [f"Disallow: {pattern}" for pattern in rng.sample(_DISALLOWED, rng.randrange(1, 4))]
    rules += [f"Allow: {pattern}" for pattern in rng.sample(_ALLOWED, rng.randrange(3))]
    if rng.random() < 0.3:
        rules.append(f"Crawl-delay: {rng.choice(_DELAYS)}")
    rng.shuffle(rules)
    if rng.random() < 0.2:
        rules.insert(rng.randrange(len(rules)), rng.choice(_RUBBISH))
    return [_as_written(rng, line) for line in [*(f"User-agent: {name}" for name in names), *rules]]


def _as_written(rng: random.Random, line: str) -> str:
    name, colon, value = line.partition(":")
    value = value.strip()
    match rng.randrange(8):
        case 0:
            return f"{name.upper()}{colon}{value}"
        case 1:
            return f"  {name.lower()} {colon}\t{value}  "
        case 2:
            return f"{line} # as agreed"
        case _:
            return line


def _octets(rng: random.Random, lines: list[str]) -> bytes:
    end = rng.choice((b"\n", b"\n", b"\r\n", b"\r"))
    written = [line.encode() for line in lines]
    if rng.random() < 0.1:
        written.insert(rng.randrange(len(written)), b"# \xff\xfe\x80 not UTF-8")
    if rng.random() < 0.05:
        written.insert(rng.randrange(len(written)), b"# nul \0 here")
    body = end.join(written) + (end if rng.random() < 0.8 else b"")
    return (b"\xef\xbb\xbf" if rng.random() < 0.15 else b"") + body
