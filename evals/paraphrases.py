"""Sentences that say the same as another or less, made by rules: what a claim may do to its source and stay supported.

Each rule gives another wording or None where it does not apply. The false sentences of `corruptions.py` are made from
these as well, so that a change of wording alone tells nothing.
"""

import random
import re
from collections.abc import Callable

from ..agent.verifiers.reading.words import SPELLED
from .corruptions import YEAR
from .one_change import MONTH

Rule = Callable[[str, random.Random], str | None]

_TENS = {value: word for word, value in SPELLED.items() if 2 <= value <= 20 or value % 10 == 0}

_SYNONYMS = tuple(
    tuple(group.split("/"))
    for group in (
        "film/movie", "large/big", "small/little", "began/started", "begin/start", "begins/starts", "located/situated",
        "received/got", "bought/purchased", "approximately/about/roughly", "however/but", "more than/over",
        "almost/nearly", "known as/called", "because/since", "although/though/even though", "in order to/to",
        "people/individuals", "children/kids", "shows/demonstrates", "showed/demonstrated/found", "show/demonstrate",
        "suggests/indicates", "suggest/indicate", "suggested/indicated", "important/significant", "many/numerous",
        "several/a number of", "also/additionally", "create/make", "created/made", "creates/makes", "help/assist",
        "helps/assists", "uses/utilizes", "used/utilized", "using/utilizing", "obtain/get",
        "needs/requires", "needed/required", "ended/finished", "end/finish", "buy/purchase", "job/position",
        "different/various", "quickly/rapidly", "quick/fast", "difficult/hard", "said/stated", "says/states",
        "told/informed", "wrote/authored", "won/took", "died/passed away", "launched/introduced", "released/put out",
        "employs/has", "built/constructed", "main/primary", "mainly/primarily", "entire/whole", "near/close to",
        "within/inside", "usually/normally", "often/frequently", "sometimes/occasionally", "currently/at present/now",
        "previously/formerly/before", "later/afterwards", "such as/like", "including/among them", "car/automobile",
        "doctor/physician", "company/firm", "firm/company", "method/approach", "result/outcome", "results/findings",
        "increase/rise", "increased/rose", "decrease/decline", "decreased/declined", "reduced/lowered",
        "reduce/lower/cut", "reduces/lowers/cuts", "improve/enhance", "improved/enhanced", "improves/enhances",
        "allow/permit", "allows/permits", "allowed/permitted", "enough/sufficient", "try/attempt", "tried/attempted",
        "choose/select", "chosen/selected", "chose/selected", "ask/request", "answer/reply", "each year/every year",
        "per year/a year/annually", "per day/a day/daily", "throughout/across", "while/whereas", "until/till",
        "whole/entire", "risk/danger", "associated with/linked to", "linked to/associated with", "leads to/causes",
        "lead to/cause", "due to/because of/owing to", "caused by/due to", "study/investigation",
        "studies/investigations", "treatment/therapy", "examined/investigated", "investigated/examined",
        "performed/carried out", "conducted/carried out", "offers/provides", "offer/provide", "offered/provided",
        "provides/offers", "provided/offered", "discusses/talks about", "discuss/talk about", "discussed/talked about",
        "explains/describes", "explained/described", "mentions/refers to", "appeared/featured", "starring/featuring",
        "directed by/made by", "founded/established", "established/founded", "formed/created", "joined/became part of",
        "remained/stayed", "moved/relocated", "returned/went back", "left/departed", "named/called",
        "city/town", "area/region", "region/area", "beautiful/lovely", "rich/wealthy", "famous/well-known",
        "well-known/famous", "popular/well-liked", "biggest/largest", "largest/biggest", "entirely/completely",
        "completely/entirely", "only/just", "United States/US", "U.S./United States", "United Kingdom/UK", "percent/%",
    )
)  # fmt: skip
_SYNONYM_OF = {group[0]: group[1:] for group in _SYNONYMS}
_SYNONYM = re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, _SYNONYM_OF), key=len, reverse=True))})(?!\w)")

_OPENING = re.compile(
    r"((?:In|On|At|By|During|After|Before|Since|From|For|Under|With|As of|According to|Following|Despite|While|When)"
    r"\b[^,;:()]{3,60}), (?=[^\W\d])"
)
_PARENTHESIS = re.compile(r" ?[(\[][^()\[\]]{1,120}[)\]]")
_ADVERB = re.compile(r"(?:^|(?<= ))(?:However|Moreover|Furthermore|In addition|Additionally|Also|Thus|Therefore), ")
_SOFT_ADVERB = re.compile(
    r" (?:also|then|quickly|eventually|subsequently|finally|officially|soon|later|successfully|very|particularly|"
    r"especially|indeed|actually|really|simply|still)(?= [a-z])"
)
_ASIDE = re.compile(r", (?:which|who|whose|where)\b[^,;]{5,90}(?:,(?= )|(?=\.$))")
_TAIL = re.compile(
    r"(?:, (?:and|but|with|including|while|where|which|making|leading|although|as well as)|;) [^.]*(?=\.?$)"
)
_FIGURE = re.compile(r"(?<![\w.,$£€])(\d{1,2})(?![\w.,%:/-]| (?:%|percent|million|billion|thousand)|[.,]\d)")
_THOUSANDS = re.compile(r"(?<![\w.,])\d{1,3}(?:,\d{3})+(?![\w,])")
_DATE = re.compile(rf"\b(?:({MONTH}) (\d{{1,2}}),? |(\d{{1,2}}) ({MONTH}),? )(?=(\d{{4}})\b)")
_SCALED = re.compile(r"(?<![\w.,])(\d{1,3})(?:\.(\d))? (million|billion)\b")
_QUANTITY = re.compile(r"(?<![\w.,$£€-])\d[\d,]*(?![\w.]|,\d|-|%|\.\d| %)(?= [a-z])")
_UNITS = (
    ("km", "miles", 1 / 1.609344), ("kilometres", "miles", 1 / 1.609344), ("kilometers", "miles", 1 / 1.609344),
    ("miles", "kilometres", 1.609344), ("metres", "feet", 3.28084), ("meters", "feet", 3.28084),
    ("feet", "metres", 0.3048),
    ("kg", "pounds", 2.20462), ("pounds", "kg", 0.453592), ("acres", "hectares", 0.404686),
    ("hectares", "acres", 2.47105),
)  # fmt: skip
_UNIT = re.compile(rf"(?<![\w.,$£€-])(\d[\d,]*(?:\.\d+)?) ({'|'.join(unit for unit, _, _ in _UNITS)})\b")
_BOUND = re.compile(
    r"(?:\b(?:than|over|under|least|most|about|around|nearly|almost|approximately|to|and|between|no|no\.|number|all|its|the|age|aged|chapter|"
    r"season|of|by|or)|[(#/–-]) ?$",
    re.IGNORECASE,
)
_CONTRACTED = (
    (" is not ", " isn't "), (" was not ", " wasn't "), (" did not ", " didn't "), (" does not ", " doesn't "),
    (" are not ", " aren't "), (" were not ", " weren't "), (" has not ", " hasn't "), (" cannot ", " can't "),
    (" it is ", " it's "), (" I am ", " I'm "), (" we are ", " we're "), (" they are ", " they're "),
)  # fmt: skip


def paraphrase(sentence: str, draw: random.Random, most: int = 3) -> str:
    """The sentence after up to `most` of the rules that apply, drawn at random; unchanged when none does."""
    left = draw.randint(0, most)
    for rule in draw.sample(RULES, len(RULES)):
        changed = rule(sentence, draw) if left else None
        if changed and len(changed.split()) >= 4:
            sentence, left = changed, left - 1
    return sentence


def reword(sentence: str, draw: random.Random) -> str:
    """The sentence in other words and notations, with nothing left out: what evidence may be made of too."""
    for rule in draw.sample(LOSSLESS, draw.randint(0, 2)):
        sentence = rule(sentence, draw) or sentence
    return sentence


def drop_parenthesis(sentence: str, draw: random.Random) -> str | None:
    """Without what stands in brackets."""
    return _without(_PARENTHESIS, sentence)


def drop_adverb(sentence: str, draw: random.Random) -> str | None:
    """Without a word that joins or colours: however, also, eventually."""
    found = _ADVERB.match(sentence)
    return _capital(sentence[found.end() :]) if found else _without(_SOFT_ADVERB, sentence)


def drop_aside(sentence: str, draw: random.Random) -> str | None:
    """Without a relative clause between commas."""
    return _without(_ASIDE, sentence)


def drop_tail(sentence: str, draw: random.Random) -> str | None:
    """Without the last clause, when five words stay before it and no condition stands there."""
    found = _TAIL.search(sentence)
    if found is None or found.start() < len(sentence) / 3 or len(sentence[: found.start()].split()) < 5:
        return None
    is_bound = re.match(r"(?:If|Unless|Although|While|Both|Neither)\b", sentence) or " not only " in sentence
    return None if is_bound else sentence[: found.start()] + "."


def move_opening(sentence: str, draw: random.Random) -> str | None:
    """“In 1990, it closed.” → “It closed in 1990.”"""
    found = _OPENING.match(sentence)
    if found is None or not sentence.endswith(".") or "," in sentence[found.end() :]:
        return None
    opening = found.group(1)
    return _capital(sentence[found.end() : -1]) + f" {opening[0].lower()}{opening[1:]}."


def drop_opening(sentence: str, draw: random.Random) -> str | None:
    """Without an opening that says when or where; a condition or a speaker stays."""
    found = _OPENING.match(sentence)
    if found is None or re.match(r"(?:According|Under|Despite|While|When|With)\b", sentence):
        return None
    return _capital(sentence[found.end() :])


def use_synonyms(sentence: str, draw: random.Random) -> str | None:
    """One or two words replaced by others of the same meaning."""
    found = list(_SYNONYM.finditer(sentence))
    if not found:
        return None
    for place in sorted(draw.sample(found, min(len(found), 2)), key=lambda m: -m.start()):
        other = draw.choice(_SYNONYM_OF[place.group()])
        gap = place.start() - (other == "%" and sentence[place.start() - 1] == " ")
        sentence = sentence[:gap] + other + sentence[place.end() :]
    return sentence


def spell_number(sentence: str, draw: random.Random) -> str | None:
    """“12 people” → “twelve people”."""
    found = [m for m in _FIGURE.finditer(sentence) if int(m.group(1)) in _TENS and not _is_day(sentence, m)]
    if not found:
        return None
    place = draw.choice(found)
    return sentence[: place.start()] + _TENS[int(place.group(1))] + sentence[place.end() :]


def write_number(sentence: str, draw: random.Random) -> str | None:
    """“12,500” → “12500”, “2.5 million” → “2,500,000”."""
    if found := _SCALED.search(sentence):
        zeros = 6 if found.group(3) == "million" else 9
        value = int(found.group(1)) * 10**zeros + int(found.group(2) or 0) * 10 ** (zeros - 1)
        return sentence[: found.start()] + f"{value:,}" + sentence[found.end() :]
    if found := _THOUSANDS.search(sentence):
        return sentence[: found.start()] + found.group().replace(",", "") + sentence[found.end() :]
    return None


def write_date(sentence: str, draw: random.Random) -> str | None:
    """“May 5, 1990” → “5 May 1990” or “May 1990”, and back."""
    found = _DATE.search(sentence)
    if found is None:
        return None
    month, day = found.group(1) or found.group(4), found.group(2) or found.group(3)
    turned = f"{day} {month} " if found.group(1) else f"{month} {day}, "
    before = sentence[: found.start()]
    if draw.random() < 0.3:
        before, turned = re.sub(r"\b([Oo])n $", lambda m: "In " if m.group(1) == "O" else "in ", before), f"{month} "
    return before + turned + sentence[found.end() :]


def convert_unit(sentence: str, draw: random.Random) -> str | None:
    """“10 km” → “about 6.2 miles”."""
    found = _UNIT.search(sentence)
    if found is None:
        return None
    _, unit, factor = next(each for each in _UNITS if each[0] == found.group(2))
    value = float(found.group(1).replace(",", "")) * factor
    written = f"{value:.1f}" if value < 20 else f"{value:,.0f}"
    before = sentence[: found.start()]
    about = "" if _BOUND.search(before) else "about "
    return f"{before}{about}{written} {unit}{sentence[found.end() :]}"


def bound_number(sentence: str, draw: random.Random) -> str | None:
    """“had 47 members” → “had more than 45 members”, “at most 50”; never what stands behind a bound already."""
    return _bounded(sentence, draw, is_true=True)


def misbound_number(sentence: str, draw: random.Random) -> str | None:
    """As `bound_number`, but false: “had 47 members” → “had fewer than 45 members”."""
    return _bounded(sentence, draw, is_true=False)


def contract(sentence: str, draw: random.Random) -> str | None:
    """“did not” → “didn't” and back."""
    for long, short in _CONTRACTED:
        for was, now in ((long, short), (short, long)):
            if was in sentence:
                return sentence.replace(was, now, 1)
    return None


RULES: tuple[Rule, ...] = (
    drop_parenthesis, drop_adverb, drop_aside, drop_tail, move_opening, drop_opening, use_synonyms, use_synonyms,
    spell_number, write_number, write_date, convert_unit, contract,
)  # fmt: skip

LOSSLESS: tuple[Rule, ...] = (move_opening, use_synonyms, spell_number, write_number, contract)


def _bounded(sentence: str, draw: random.Random, *, is_true: bool) -> str | None:
    found = [
        m for m in _QUANTITY.finditer(sentence) if not _is_bound(sentence, m) and int(m.group().replace(",", "")) > 8
    ]
    if not found:
        return None
    place = draw.choice(found)
    value = int(place.group().replace(",", ""))
    step = 10 ** max(0, len(str(value)) - 2) * (5 if value > 20 else 1)
    below, beyond = (value - 1) // step * step, (value // step + 1) * step
    says_more = draw.random() < 0.5
    bound = below if says_more == is_true else beyond
    words = ("more than", "over") if says_more else ("fewer than", "less than", "under")
    return f"{sentence[: place.start()]}{draw.choice(words)} {bound:,}{sentence[place.end() :]}" if bound > 2 else None


def _is_bound(sentence: str, place: re.Match[str]) -> bool:
    is_date = YEAR.match(sentence, place.start()) is not None or _is_day(sentence, place)
    return is_date or _BOUND.search(sentence[: place.start()]) is not None


def _is_day(sentence: str, place: re.Match[str]) -> bool:
    beside = sentence[max(0, place.start() - 12) : place.start()] + " | " + sentence[place.end() : place.end() + 12]
    return re.search(rf"(?:{MONTH})\s+\||\|\s+(?:{MONTH})", beside) is not None


def _without(pattern: re.Pattern[str], sentence: str) -> str | None:
    found = pattern.search(sentence)
    return _capital(sentence[: found.start()] + sentence[found.end() :]) if found else None


def _capital(text: str) -> str:
    text = text.strip()
    return text[:1].upper() + text[1:]
