"""What of a model's reading of a question is believed, field by field.

The rules read a question by its forms. What they recognised stands: of questions that they had not seen they read .94
to .99 right, and a small model does not. A model is believed in what they left open, as far as it adds nothing that
nobody said.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from ..questions.calendar_dates import any_of
from ..questions.contrary import contrary
from ..questions.expansion import expansions, keywords
from ..questions.freshness import wants_fresh
from ..questions.intents import intent_of
from ..questions.subjects import has_pronoun
from ..questions.time_words import DECADES, MONTHS, UNITS, WEEKDAYS
from ..state import Intent, Query
from ..verifiers.reading.terms import words
from .understanding import MOST_QUERIES, Understanding
from .wordings import Said, content, one_line

LONGEST_QUERY = 200
QUERY_SHARE = 1 / 3
"""Of the content words of a query, how many must have been said: other wordings are what a model is asked for."""

_QUERIES = 3  # with those of the rules; each costs a request to every provider asked
_SUB_QUESTIONS = range(2, 6)
_LONGEST_QUESTION = 400
_QUESTION_SHARE = 0.5
_LONGEST_PLACE = 60
_LONGEST_TAKEN_OVER = 300  # characters that a follow-up may take from earlier turns
_LEAST_CLAIM = 4  # words
_YEARS = range(-10, 2)  # around today: what "a while ago" can mean

_ASKS = re.compile(r"[?？؟]\W*$")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_TIME_WORDS = [word for word in (*UNITS, *MONTHS, *DECADES, *WEEKDAYS) if len(word) > 2]  # "an" is French for a year
_TIME = re.compile(rf"\b(?:{any_of(_TIME_WORDS)})\b|(?<!\d)\d{{4}}(?!\d)|[年月週周]", re.IGNORECASE)

# Languages by script, for questions too short for the rules; those with a script of their own they tell by it.
_WRITTEN = {
    "LATIN": "af ca cs cy da de en es et eu fi fr ga gl hr hu id is it lb lt lv ms mt nl no pl pt ro sk sl sq sv sw tl"
    " tr vi",
    "CYRILLIC": "be bg kk mk mn ru sr uk",
    "ARABIC": "ar fa ps ur",
}


def standing_alone(
    wording: str, typed: str, turns: Sequence[tuple[str, str]], *, quoted: Sequence[str], language: str, longest: int
) -> str:
    """A model's wording of `typed`, written out with what it takes from `turns`; "" where it is not believed.

    It asks if the person asked and claims only if they claimed, and keeps every name, number and quoted term that they
    typed and half of their other words. Half of its words are the person's own, of this question or an earlier one;
    names and numbers may also come from earlier answers, which hold what sources say.
    """
    wording = one_line(wording)
    own = Said(typed, *(question for question, _ in turns))
    said = Said(typed, *(text for turn in turns for text in turn))
    most = min(longest, len(typed) + _LONGEST_TAKEN_OVER)
    if len(wording) > most:
        return ""
    keeps = not Said(wording).lacks(typed) and all(term in wording for term in quoted)
    asked, kept = content(typed, language), content(wording, language)
    if (
        not said.admits(wording, language, share=_QUESTION_SHARE, longest=most)
        or own.share(wording, language) < _QUESTION_SHARE
        or not keeps
        or len(asked & kept) < _QUESTION_SHARE * len(asked)
        or (_ASKS.search(typed) and not _ASKS.search(wording))
        or (_is_claim(wording) and not _is_claim(typed))
    ):
        return ""
    return wording


def believed(reply: Understanding, rules: Query, *, today: date, is_named: bool) -> tuple[Query, tuple[str, ...]]:
    """The query, and the fields in which the model was not believed.

    `is_named`: sources are named with the question, so that one may be asked for as a whole.
    """
    text = rules.text
    since, until = _window(reply, rules, today)
    language = rules.language or _language(reply.language, text)
    said = Said(text, years=filter(None, (since[:4], until[:4])))
    intent = _intent(reply, rules)
    parts = _parts(reply, rules, said, language) if intent != "claim" else ()
    wordings = expansions(text, language, since, until)
    queries = _other_wordings(reply.queries[:MOST_QUERIES], (text, *wordings), said, language)
    other_side = _other_side(reply, text, said, language) if intent == "claim" else ""
    is_summary = (
        reply.is_whole and is_named and not parts and intent in ("fact", "url") and not _is_particular(text, rules)
    )
    query = replace(
        rules,
        language=language,
        intent=intent,
        since=since,
        until=until,
        fresh=wants_fresh(text, language, since, until, today),
        place=rules.place or _place(reply.place, text),
        sub_questions=parts,
        expansions=(*wordings, *queries)[:_QUERIES],
        contrary=other_side,
        is_whole=rules.is_whole or is_summary,
        suggested=tuple(dict.fromkeys(reply.routes)),
    )
    return query, _refused(reply, query)


def _refused(reply: Understanding, query: Query) -> tuple[str, ...]:
    """The fields that say something which the query does not."""
    refused = {
        "language": reply.language.strip().lower() not in ("", query.language),
        "intent": reply.intent not in ("fact", query.intent),
        "sub_questions": bool(reply.sub_questions) and tuple(map(one_line, reply.sub_questions)) != query.sub_questions,
        "since, until": any((reply.since, reply.until)) and (reply.since, reply.until) != (query.since, query.until),
        "place": one_line(reply.place) not in ("", query.place),
        "queries": any(one_line(each) not in (*query.expansions, query.text) for each in reply.queries),
        "contrary": one_line(reply.contrary) not in ("", query.contrary),
        "is_whole": reply.is_whole and not query.is_whole,
    }
    return tuple(name for name, is_refused in refused.items() if is_refused)


def _intent(reply: Understanding, rules: Query) -> Intent:
    """The rules' word, unless they recognised no form: "fact" is what they call the rest."""
    if rules.intent != "fact":
        return rules.intent
    if reply.intent == "claim" and (
        rules.sub_questions or _ASKS.search(rules.text) or len(rules.text.split()) < _LEAST_CLAIM
    ):
        return "fact"
    return reply.intent


def _window(reply: Understanding, rules: Query, today: date) -> tuple[str, str]:
    """The days of the rules; else real ones of the model, where the question speaks of a time that can mean them."""
    days = tuple(day.strip() for day in (reply.since, reply.until))
    if rules.since or rules.until or not _TIME.search(rules.text):
        return rules.since, rules.until
    try:
        real = [date.fromisoformat(day) for day in days if day and _DAY.fullmatch(day)]
    except ValueError:
        return "", ""
    said = {int(year) for year in _YEAR.findall(rules.text)}
    can_be_meant = all(day.year in said or day.year - today.year in _YEARS for day in real)
    in_order = real == sorted(real) and real[:1] != [today]  # today's date stands in the prompt, and is copied
    if len(real) != sum(map(bool, days)) or not in_order or not can_be_meant:
        return "", ""
    return days[0], days[1]


def _language(language: str, text: str) -> str:
    names = [unicodedata.name(char, "") for char in text if char.isalpha()]
    written = (codes for script, codes in _WRITTEN.items() if 2 * sum(n.startswith(script) for n in names) > len(names))
    code = language.strip().lower()
    return code if code in next(written, "").split() else ""


def _place(place: str, text: str) -> str:
    """A place that stands in the question as it is written."""
    place = one_line(place)
    if len(place) > _LONGEST_PLACE:
        return ""
    stands = place != text and any(map(str.isalpha, place)) and re.search(rf"(?<!\w){re.escape(place)}(?!\w)", text)
    return place if stands and not Said(text).lacks(place) and content(place, "") else ""


def _parts(reply: Understanding, rules: Query, said: Said, language: str) -> tuple[str, ...]:
    """The parts that the rules found; else those of the model, if they are parts and leave nothing out.

    A question is a part if it shares content words with the whole and not all of them: "When was the tower built?" is
    no part of "Who built the tower?". Together they hold every name, number and quoted term.
    """
    parts = tuple(map(one_line, reply.sub_questions))
    if rules.sub_questions or len(parts) not in _SUB_QUESTIONS or max(map(len, parts)) > _LONGEST_QUESTION:
        return rules.sub_questions
    whole = content(rules.text, language)
    shared = [content(part, language) & whole for part in parts]
    if (
        len({content(part, language) for part in parts}) < len(parts)
        or not all(part and part < whole for part in shared)
        or not all(said.admits(p, language, share=_QUESTION_SHARE, longest=_LONGEST_QUESTION) for p in parts)
        or not all(_ASKS.search(part) and not has_pronoun(part, language) for part in parts)
        or not all(any(term in part for part in parts) for term in rules.quoted)
        or Said(*parts).lacks(rules.text)
    ):
        return ()
    return parts


def _is_particular(text: str, rules: Query) -> bool:
    """Whether a name, a number or a quoted term stands in it, so that it asks for something in the source.

    A small model takes "Why was Stennick Head Light built?" for a request to sum up all that is named with it.
    """
    said = words(text)[1:]
    names = any(len(word) > 1 and any(map(str.isupper, word)) for word in said)
    return names or bool(rules.quoted) or any(map(str.isdigit, text))


def _other_wordings(queries: Sequence[str], known: Sequence[str], said: Said, language: str) -> tuple[str, ...]:
    """Queries that can be asked, and that are not the known ones in another order."""
    asked = {content(text, language) for text in known}
    found: list[str] = []
    for query in map(one_line, queries):
        if len(query) > LONGEST_QUERY:
            continue
        words = content(query, language)
        if words not in asked and said.admits(query, language, share=QUERY_SHARE, longest=LONGEST_QUERY):
            asked.add(words)
            found.append(query)
    return tuple(found)


def _other_side(reply: Understanding, text: str, said: Said, language: str) -> str:
    words = keywords(text, language)
    return next(iter(_other_wordings([reply.contrary], (text, words), said, language)), contrary(words, language))


def _is_claim(text: str) -> bool:
    return intent_of(text) == "claim"
