"""What a sentence says of the present: offices, prices, records, hours, "currently"; in the present tense only."""

import re

from ..reading.words import any_phrase

_IS = r"(?:is|are|remains?)"
_OFFICES = r"""
    ceo, cfo, cto, chief executive, president, prime minister, minister, chair(?:man|woman|person)?, head, director,
    captain, champion, coach, manager, mayor(?:ess)?, governor, leader, owner, chancellor, secretary, editor, king,
    queen, pope, spokes\w+, premier, commissioner, treasurer, principal, headmaster, headmistress, rector, dean, bishop,
    archbishop, ambassador, superintendent, conductor, curator
"""
# Offices, too, but in "is a keeper" mostly something else.
_POSTS = r"""
    keeper, officer, chief, warden, librarian, master, commander, sheriff, speaker, caretaker, administrator, judge,
    abbot, vicar, pastor, deputy, engineer, secretary-general, holder, patron, representative
"""
_NO_OFFICE = r"(?!(?:former|ex|late|retired|by|for|with|to|from|in|at|on|that|who|when|as|not|no|like|or|and)\b)"
_LED = "led, headed, run, owned, chaired, managed, governed, coached, directed, edited"
_SOLD = r"""
    tickets, seats, rooms, meals, passes, permits, licen[cs]es, fares, lessons, stamps, adults, children, students,
    beds, subscriptions, memberships, copies, courses, guided tours, tours
"""
_COSTS = r"""
    costs, kostet, coûte, cuesta, (?:is|are) priced at, sells? for, (?:is|are) available for, starts? at(?= ?[$€£¥]),
    trades? at, (?:is|are) trading at, pays?, charges
"""
_PRICES = r"""
    prices?, fees?, fares?, rent, toll, tariff, admission, entry, entrance, exchange rate, interest rate, rate, salary,
    deposit, subscription, membership, minimum wage, tax, vat, tickets?, (?:\w+ing|service|entrance|admission) charge,
    permit, licen[cs]e
"""
_AMOUNT = r"(?:(?!(?:to|by|than|not|of)\b)\w+\s+){0,2}?[$€£¥]?\d(?:[\d.,]*\d)?"
_RELEASES = "version, release, model, edition, update, stable"
_MOST = r"tallest, largest, biggest, richest, fastest, oldest, youngest, longest, highest, busiest"
_MOST += ", most (?:populous|populated|visited|expensive|valuable|powerful|popular|profitable|used|watched|successful)"
_COUNTED = """
    employees, members, users, customers, people, stores, branches, inhabitants, students, residents, pupils,
    subscribers, households, staff, workers, volunteers
"""
_OFTEN = r"daily, every, weekdays?, weekends?, all year, \w+days, (?:(?:from|until|at|between) )?\d+(?:[.:]\d+)?"
_TRANSPORT = "bus(?:es)?, trains?, trams?, ferry, ferries, boats?, flights?"
# These always speak of the present; the others do where their clause is not one of the past.
_NOW = "currently, at present, presently, at the moment, right now, nowadays, these days, as of now"
_NOW_IN_PRESENT = r"""
    today, (?<!up )to date(?! from| back| to), so far(?! as| away| from| apart| that| to), still(?!\x2c), ongoing,
    now(?!\x2c| and then| that), this (?:week|month|year)(?!['’]), at this time
"""
_PRESENT = tuple(
    (re.compile(pattern, re.IGNORECASE), most_days)
    for pattern, most_days in (
        (rf"\b(?:{any_phrase(_COSTS)})\s+{_AMOUNT}", 90),
        (rf"\b(?:{any_phrase(_SOLD)})\s+(?:now\s+|still\s+)?cost\s+{_AMOUNT}", 90),
        (rf"\b(?:{any_phrase(_PRICES)})\s+(?:[\w-]+\s+){{0,6}}?(?:is|are|stands? at|amounts? to)"
         rf"\s+(?:{_AMOUNT}|free\b)", 90),
        (r"\b(?:share |exchange |interest )?(?:price|rate) (?:of|for) (?:\w+\s+){1,5}?(?:is|are|stands at)\b", 90),
        (rf"\b(?:latest|newest|most recent|current)\s+(?:\w+\s+){{0,2}}(?:{any_phrase(_RELEASES)})\b", 180),
        (r"\bversion [\d.]*\d (?:is|remains)\b", 180),
        (rf"\b(?:{_IS}|serves as|has been)\s+(?:(?:also|currently|now|still)\s+)?(?:(?:the|a|its|their|his|her)\s+)?"
         rf"(?:{_NO_OFFICE}[\w'’.-]+\s+){{0,4}}?{_NO_OFFICE}(?:{any_phrase(_OFFICES)})\b", 365),
        (rf"\b(?:the|its|their|our|his|her|[\w.-]+['’]s)\s+(?:(?!former\b|late\b|first\b|last\b)[\w-]+\s+){{0,3}}?"
         rf"(?:{any_phrase(_OFFICES)}|{any_phrase(_POSTS)})(?:\s+(?:of|at|for|in)\s+(?:[\w'’.-]+\s+){{0,5}}?[\w'’.-]+)?"
         rf"\s+{_IS}(?=\s+(?:(?:currently|now|still)\s+)?(?-i:[A-ZÀ-Þ]))", 365),
        (rf"\b{_IS}\s+(?:(?:currently|now|still)\s+)?(?:{any_phrase(_LED)}) by\b", 365),
        (r"\b(?:chairs|heads) the (?:\w+\s+){0,3}(?:board|council|committee|company|agency|office|department)\b", 365),
        (r"\b(?:holds?|is) the (?:\w+\s+){0,3}record\b|\b(?:world )?record (?:is|stands)\b"
         rf"|\b{_IS} (?:still )?(?:one of )?the (?:world['’]s |\w+['’]s )?(?:\w+\s+)?(?:{any_phrase(_MOST)})\b"
         rf"|\b(?:the|\w+['’]s) (?:{any_phrase(_MOST)})"
         rf"\s+[\w-]+\s+(?:(?:in|of|at|on)\s+(?:[\w-]+\s+){{1,4}}?)?{_IS}\b", 730),
        (r"\b(?:has|have) (?:a )?(?:total )?(?:population|workforce|membership) of\b"
         r"|\b(?:has|have|employs?|serves?|operates?|counts)\s+(?:\w+\s+){0,2}?"
         rf"\d[\d,.]*\s+(?:\w+\s+){{0,2}}?(?:{any_phrase(_COUNTED)})\b|\bpopulation (?:\w+\s+){{0,4}}(?:is|stands at)\b"
         r"|\b(?:people|inhabitants|residents) live\b|\b(?:is|are) home to (?:\w+\s+){0,2}\d[\d,.]*", 730),
        (rf"\b(?:is|are)\s+(?:\w+\s+){{0,2}}?(?:open|closed)\s+(?:\w+\s+){{0,3}}?(?:{any_phrase(_OFTEN)})"
         rf"|\b(?:opens|closes)\s+(?:{any_phrase(_OFTEN)})|\b(?:opening|visiting|office) hours are\b"
         rf"|\b(?:{any_phrase(_TRANSPORT)})\s+(?:\w+\s+){{0,3}}?(?:runs?|leaves?|departs?|sails?|takes?)"
         rf"\s+(?:\w+\s+){{0,2}}?(?:{any_phrase(_OFTEN)})", 365),
        (rf"\b(?:{any_phrase(_NOW)})\b", 365),
    )
)  # fmt: skip
_NOW_THEN = re.compile(rf"\b(?:{any_phrase(_NOW_IN_PRESENT)})\b", re.IGNORECASE)
_NOT_NOW = re.compile(
    r"\b(?:until|by|from|up to) now\b|\bnow-|\btoday['’]s\b|\bstill (?:life|image|photo)", re.IGNORECASE
)
_EVERY = re.compile(r"(?<=\bevery)\s+\w+|(?<=\beach)\s+\w+", re.IGNORECASE)
_CLAUSE_CHARS = 300
_CLAUSE_END = re.compile(r"[;:()–—]|[,.](?!\d)")
_PRESENT_VERB = re.compile(
    r"\b(?:is|are|has|have|does|do|can|may|must|remains?|stands?|lives?|works?|runs?|keeps?|holds?|am)\b|['’]s\b"
    r"|\b\w+n['’]t\b", re.IGNORECASE
)  # fmt: skip
PAST_VERB = re.compile(
    r"\b(?:was|were|had|did|became|took|came|rose|fell|grew|went|began|won|left|held|stood|said|made|gave|got|kept|knew|led"
    r"|lost|met|paid|ran|sat|saw|sent|sold|spoke|told|thought|wrote|built|bought|brought|could|would|lay|put|cost|[a-z]{2,}ed)\b",
    re.IGNORECASE,
)
"""A verb in the past tense, or a participle, which has its form."""


def said_of_present(claim: str) -> tuple[str, int] | None:
    """The words that speak of the present, and for how many days a page may be trusted with them; None if none do.

    90 days for prices, 180 for versions, a year for offices, opening hours and "currently", two for records,
    populations and sizes.
    """
    if _NOT_NOW.search(claim):
        return None
    for pattern, most_days in _PRESENT:
        if match := pattern.search(claim):
            last = _EVERY.match(claim, match.end())
            return claim[match.start() : last.end() if last else match.end()].strip(), most_days
    for match in _NOW_THEN.finditer(claim):
        if not _is_of_the_past(claim, match.start(), match.end()):
            return match.group(), 365
    return None


def _is_of_the_past(claim: str, start: int, end: int) -> bool:
    """Whether the clause around this stretch has verbs of the past alone: "was still", but not "has now raised"."""
    starts = [each.end() for each in _CLAUSE_END.finditer(claim, max(0, start - _CLAUSE_CHARS), start)]
    ends = _CLAUSE_END.search(claim, end, end + _CLAUSE_CHARS)
    clause = claim[
        starts[-1] if starts else max(0, start - _CLAUSE_CHARS) : ends.start() if ends else end + _CLAUSE_CHARS
    ]
    return PAST_VERB.search(clause) is not None and _PRESENT_VERB.search(clause) is None
