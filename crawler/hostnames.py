"""Which host names are names of the public web, judged before any resolver is asked.

Refused are names that mean something in the asker's own network, names whose owners let them point there, and names
spelled to be mistaken for others (IDNA look-alikes). A rule here saves a look-up and gives a clear reason; that no
private address is reached does not rest on it, since every address is judged as well.
"""

import re
import unicodedata

_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")

# Zones whose names, and those below them, are not asked.
_LOCAL_ZONES = {
    "localhost": "loopback (RFC 6761)",
    "localdomain": "loopback by custom of /etc/hosts",
    "localdomain6": "loopback by custom of /etc/hosts",
    "local": "multicast DNS of the local network (RFC 6762)",
    "internal": "private use (ICANN, 2024)",
    "intranet": "private use (RFC 6762, appendix G)",
    "private": "private use (RFC 6762, appendix G)",
    "corp": "private use (RFC 6762, appendix G)",
    "home": "private use (RFC 6762, appendix G)",
    "lan": "private use (RFC 6762, appendix G)",
    "arpa": "infrastructure of the internet (RFC 3172), home networks among it (RFC 8375)",
    "onion": "Tor (RFC 7686), never looked up in the DNS",
    "alt": "other name systems (RFC 9476), never looked up in the DNS",
    "invalid": "invalid by definition (RFC 6761)",
    "svc": "services of a Kubernetes cluster",
    "kubernetes.default": "the API of a Kubernetes cluster",
    "consul": "services of a Consul cluster",
    # in the public DNS, but answered with link-local addresses or within one cloud only
    "metadata.tencentyun.com": "metadata service of Tencent Cloud",
    "api.metadata.cloud.ibm.com": "metadata service of IBM Cloud",
    "metadata.packet.net": "metadata service of Equinix Metal",
    "metadata.platformequinix.com": "metadata service of Equinix Metal",
    # in the public DNS, made to point at the asker's own machine or at the address that the name spells
    "localtest.me": "points at loopback on purpose",
    "lvh.me": "points at loopback on purpose",
    "vcap.me": "points at loopback on purpose",
    "lacolhost.com": "points at loopback on purpose",
    "nip.io": "points at the address that the name spells",
    "sslip.io": "points at the address that the name spells",
    "xip.io": "points at the address that the name spells",
}

# Scripts that UTS #39 (§5.2, moderately restrictive) lets stand beside Latin in one label: none of their letters passes
# for a Latin one. Armenian is left out as Cyrillic and Greek are there: օ, ս and ո pass for o, u and n.
_BESIDE_LATIN = frozenset({
    "ARABIC", "BENGALI", "BOPOMOFO", "DEVANAGARI", "ETHIOPIC", "GEORGIAN", "GUJARATI", "GURMUKHI", "HAN", "HANGUL",
    "HEBREW", "HIRAGANA", "KANNADA", "KATAKANA", "KHMER", "LAO", "MALAYALAM", "MYANMAR", "ORIYA", "SINHALA", "TAMIL",
    "TELUGU", "THAANA", "THAI", "TIBETAN",
})  # fmt: skip
# The sets of scripts in which one language is written (UTS #39 §5.1)
_TOGETHER = (
    frozenset({"LATIN", "HAN", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "HAN", "BOPOMOFO"}),
    frozenset({"LATIN", "HAN", "HANGUL"}),
)
# Letters that look like a Latin one, by script, with the top-level domains where a word of them alone is just a word.
_TWINS = {
    "CYRILLIC": (
        frozenset("аеорсухіјѕԁһӏԛԝѵ"),
        frozenset(["ba", "bg", "by", "kg", "kz", "md", "me", "mk", "mn", "rs", "ru", "su", "tj", "ua", "uz", "eu"]),
    ),
    "GREEK": (frozenset("αικνρυωηοτγ"), frozenset(["gr", "cy", "eu"])),
    "ARMENIAN": (frozenset("ոսօցզհյռք"), frozenset(["am", "eu"])),
}
# Punctuation that belongs in words of some languages (RFC 5892, appendix A), and what joins them
_IN_WORDS = frozenset("-_·͵׳״・\u200c\u200d")
_NO_LETTERS = frozenset({"Sm", "Sk", "Sc"})
# Kana and strokes that between Latin letters pass for a slash, as browsers have it too
_STROKE = re.compile(r"[a-z0-9][ノソゾン丶丿乀]+[a-z0-9]")
_PHONETIC = re.compile(r"LATIN .*(?:SMALL CAPITAL|LETTER SCRIPT G$|SMALL LETTER ALPHA$)")


def is_dns_name(host: str) -> bool:
    """Whether a name in lower case has the form of a host name (RFC 1035 §2.3.1, RFC 1123 §2.1; `_` occurs too)."""
    return len(host) <= 253 and all(map(_LABEL.fullmatch, host.split(".")))


def why_not_web_host(host: str) -> str:
    """Why this is no host name of the public web; "" if it is one.

    `host` is a name in the WHATWG form (lower case, ASCII) without a final dot, and no address.
    """
    if not is_dns_name(host):
        return "no host name of the DNS (RFC 1035)"
    labels = host.split(".")
    for count in range(1, min(len(labels), 5) + 1):  # the longest zone listed has five labels
        if why := _LOCAL_ZONES.get(".".join(labels[-count:])):
            return f"no name of the public web: {why}"
    if len(labels) == 1:
        return "no name of the public web: a name without a dot is one of the local network"
    if "xn--" in host:
        return next(filter(None, (_why_deceptive(label, labels[-1]) for label in labels)), "")
    return ""


def _why_deceptive(label: str, top: str) -> str:
    """Why the label is spelled to be taken for another; "" if it is not, or is plain ASCII."""
    if not label.startswith("xn--"):
        return ""
    try:
        text = label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return f"{label!r} is no valid IDNA label"
    if why := _why_odd_characters(text):
        return f"look-alike: {label!r} ({text!r}) {why}"
    if _STROKE.search(text):
        return f"look-alike: {label!r} ({text!r}) holds a stroke that passes for a slash"
    scripts = {script for script in map(_script, text) if script}
    if len(scripts) > 1 and not _may_mix(scripts):
        return f"look-alike: {label!r} ({text!r}) mixes {' and '.join(sorted(map(str.title, scripts)))} letters"
    for script in scripts:
        twins, homes = _TWINS.get(script, (frozenset[str](), frozenset[str]()))
        letters = list(filter(str.isalpha, text))
        # one letter is no word to be taken for a name, and a top-level domain of another script makes no secret of it
        if len(letters) > 1 and twins.issuperset(letters) and top not in homes and not top.startswith("xn--"):
            return f"look-alike: {label!r} ({text!r}) is {script.title()} that passes for Latin"
    return ""


def _why_odd_characters(text: str) -> str:
    zeros = set()
    for char in text:
        category, name = unicodedata.category(char), unicodedata.name(char, "")
        if category == "Nd":
            zeros.add(ord(char) - unicodedata.decimal(char))
        if char in _IN_WORDS:
            continue
        # emoji (So) are names that some people have; a fraction slash or a box's corner only ever draws an address
        if category[0] in "CZP" or category in _NO_LETTERS or name.startswith("BOX "):
            return f"holds {name or hex(ord(char))}, which is no letter"
        if _PHONETIC.match(name):
            return f"holds {name}, a sign of phonetic writing"
    return "holds digits of two kinds" if len(zeros) > 1 else ""


def _script(char: str) -> str:
    """The letter's script, as the first word of its Unicode name; "" for what is common to scripts."""
    if not char.isalpha():
        return ""
    name = unicodedata.name(char, "")
    script = name.partition(" ")[0]
    if script == "CJK" or name == "IDEOGRAPHIC ITERATION MARK":
        return "HAN"
    if script in ("MODIFIER", "KATAKANA-HIRAGANA", "FEMININE", "MASCULINE", "IDEOGRAPHIC"):
        return ""
    return script


def _may_mix(scripts: set[str]) -> bool:
    if any(scripts <= together for together in _TOGETHER):
        return True
    return len(scripts) == 2 and "LATIN" in scripts and not _BESIDE_LATIN.isdisjoint(scripts)
