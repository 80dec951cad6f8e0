"""Days told from today: "yesterday", "last week", "in den letzten drei Monaten", "il y a deux ans"."""

import re
from datetime import date, timedelta

from .calendar_dates import Days, Reader, any_of, century_of, day_of, decade_of, months_of, year_of
from .time_words import NUMBERS, UNITS, WEEKDAYS, Unit

_UNIT = rf"(?P<u>{any_of(UNITS)})\b"
_COUNT = rf"(?P<n>\d{{1,4}}|{any_of(NUMBERS)})(?:\s+of)?"
_LAST = (
    r"(?:last|previous|letzte[nrsm]?|vergangene[nrsm]?|vorige[nrsm]?|vorig|afgelopen|derni[eè]re?|passée?|pasad[oa]"
    r"|scors[oa]|passad[oa]|прошл\w+)"
)
_THIS = r"(?:this|current|diese[nrsm]?|cette|ce|est[ea]|quest[oa]['’]?|deze|dit|эт\w+)"
_NEXT = (
    r"(?:next|coming|upcoming|nächste[nrsm]?|kommende[nrsm]?|prochaine?|próxim[oa]|que (?:viene|vem)|prossim[oa]"
    r"|volgende?|следующ\w+)"
)
_PAST = r"(?:last|past|letzten|vergangenen|derni[eè]re?s|passées|últim[oa]s|ultim[ei]|afgelopen|laatste|последние)"
_DAYS_WORDS = {
    0: r"today|tonight|this (?:morning|afternoon|evening)|heute(?:\s+(?:morgen|abend))?|aujourd['’]hui"
    r"|hoy(?! en d)|oggi"
    r"|hoje|vandaag|vanavond|сегодня",
    -1: r"yesterday|last night|gestern|(?<=d['’])hier|hier soir|ayer|ieri|ontem|gisteren|вчера",
    1: r"tomorrow|demain|domani|amanhã|завтра",
}
_CJK: dict[str, tuple[Unit, int]] = {
    "今日": ("day", 0), "今天": ("day", 0), "오늘": ("day", 0), "昨日": ("day", -1), "昨天": ("day", -1),
    "어제": ("day", -1), "明日": ("day", 1), "明天": ("day", 1), "내일": ("day", 1), "先週": ("week", -1),
    "上周": ("week", -1), "지난주": ("week", -1), "今週": ("week", 0), "先月": ("month", -1),
    "上个月": ("month", -1), "지난달": ("month", -1), "今月": ("month", 0), "昨年": ("year", -1),
    "去年": ("year", -1), "작년": ("year", -1), "今年": ("year", 0), "올해": ("year", 0),
    "来年": ("year", 1), "明年": ("year", 1),
}  # fmt: skip


def _number(word: str | None) -> int:
    """A number in digits or words, at most 1000; 1 when there is none."""
    if not word:
        return 1
    return min(int(word), 1000) if word.isdigit() else NUMBERS[word.lower()]


def _current(unit: Unit, today: date, shift: int = 0) -> Days:
    """The calendar unit that holds today, or the one `shift` units later."""
    match unit:
        case "week":
            monday = today + timedelta(days=7 * shift - today.weekday())
            return monday, monday + timedelta(days=6)
        case "month" | "quarter":
            size = 1 if unit == "month" else 3
            year, month = divmod(((today.year * 12 + today.month - 1) // size + shift) * size, 12)
            return months_of(year, month + 1, month + size)
        case "year":
            return year_of(today.year + shift)
        case "decade":
            return decade_of((today.year // 10 + shift) * 10)
        case "century":
            return century_of((today.year - 1) // 100 + 1 + shift)
        case _:
            return day_of(today + timedelta(days=shift if unit == "day" else 0))


def _rolling(count: int, unit: Unit, today: date) -> Days:
    """The `count` units that end today; months of 30 days, years of 365."""
    if unit == "hour":
        days = -(-count // 24)
    else:
        days = count * {"day": 1, "week": 7, "month": 30, "quarter": 91, "year": 365, "decade": 3652}.get(unit, 36525)
    return today - timedelta(days=days), today


def _unit(found: re.Match[str]) -> Unit:
    return UNITS[found["u"].lower()]


def _last(found: re.Match[str], today: date) -> Days:
    unit = _unit(found)
    return _rolling(1, unit, today) if unit in ("hour", "decade") else _current(unit, today, -1)


def _this(found: re.Match[str], today: date) -> Days:
    return min(_current(_unit(found), today)[0], today), today


def _ago(found: re.Match[str], today: date) -> Days:
    """The calendar unit that lies so far back."""
    return _current(_unit(found), today, -_number(found["n"]))


def _weekday(found: re.Match[str], today: date) -> Days:
    """The last one before today."""
    return day_of(today - timedelta(days=(today.weekday() - WEEKDAYS[found["w"].lower()]) % 7 or 7))


def _weekend(_found: re.Match[str], today: date) -> Days:
    """The last one that is over."""
    sunday = today - timedelta(days=today.weekday() + 1)
    return sunday - timedelta(days=1), sunday


def _word(shift: int) -> Reader:
    return lambda _found, today: day_of(today + timedelta(days=shift))


def _cjk(found: re.Match[str], today: date) -> Days:
    unit, shift = _CJK[found[0]]
    days = _current(unit, today, shift)
    return days if shift else (days[0], today)


# The more a pattern takes, the earlier it stands.
RELATIVE: tuple[tuple[str, Reader], ...] = (
    (rf"\b(?:the|los|las|gli|le|os|as|les|ces|den|de|за)\s+{_PAST}\s+(?:{_COUNT}\s+)?{_UNIT}",
     lambda f, today: _rolling(_number(f["n"]), _unit(f), today)),
    (rf"\b{_PAST}\s+{_COUNT}\s+{_UNIT}", lambda f, today: _rolling(_number(f["n"]), _unit(f), today)),
    (rf"\bpast\s+{_UNIT}", lambda f, today: _rolling(1, _unit(f), today)),
    (rf"\b{_COUNT}\s+{_PAST}\s+{_UNIT}", lambda f, today: _rolling(_number(f["n"]), _unit(f), today)),
    (rf"\b{_COUNT}\s+{_UNIT}\s+(?:ago|fa|geleden|atrás|назад)\b", _ago),
    (rf"\b(?:vor|il y a|hace|há)\s+{_COUNT}\s+{_UNIT}", _ago),
    (rf"\b{_LAST}\s+{_UNIT}", _last),
    (rf"\b{_UNIT}\s+{_LAST}(?!\w)", _last),
    (rf"\b{_NEXT}\s+{_UNIT}", lambda f, today: _current(_unit(f), today, 1)),
    (rf"\b{_UNIT}\s+{_NEXT}(?!\w)", lambda f, today: _current(_unit(f), today, 1)),
    (rf"\b{_THIS}\s*{_UNIT}", _this),
    (r"\byear to date\b", lambda _f, today: (date(today.year, 1, 1), today)),
    (r"\b(?:last weekend|(?:letztes|vergangenes|am) wochenende|le week-end dernier)\b", _weekend),
    (rf"\b(?:last|on|am|letzten|since|seit|vergangenen)\s+(?P<w>{any_of(WEEKDAYS)})\b", _weekday),
    *((rf"\b(?:{words})\b", _word(shift)) for shift, words in _DAYS_WORDS.items()),
    (any_of(_CJK), _cjk),
)  # fmt: skip
