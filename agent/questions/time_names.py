"""Numbers that look like years and are none: "2000 km", the novel 1984, Blade Runner 2049, Windows 2000."""

import re
from datetime import date

_FAR = 10
"""A year so far ahead, without a preposition, is rather part of a title."""

_PREPOSITION = re.compile(
    r"(?:\b(?:in|during|of|since|from|to|by|until|till|before|after|between|and|as of|around|circa|about"
    r"|for|year|im jahr"
    r"|jahr|seit|ab|vor|nach|bis|zwischen|und|en|depuis|avant|après|entre|et|jusqu['’]en|d['’]ici|desde"
    r"|hasta|para|y|año"
    r"|nel|dal|del|al|fino al|anno|em|de|até|e|ano|sinds|vanaf|voor|na|tot|jaar|в|с|до|к)|[-–—(])\s*$",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(
    r"(?:\b(?:novel|book|film|movie|album|song|musical|roman|livre|libro|película|romanzo|livro|boek|windows|office"
    r"|visual studio|sql server|exchange|autocad|peugeot|porsche|boeing|airbus|iso|iec|din|rfc|rfcs|ansi"
    r"|ieee|route|area"
    r"|room|zimmer|article|artikel|section|paragraph|directive|regulation|resolution|number|no\.|nr\.|page|seite|line"
    r"|model|colt|battlefield|anno|cyberpunk|blade runner|death race|asteroid|apollo|unit|suite|port|error|code|pin"
    r"|class|type|version|highway|bus|flight|gate|psalm|sonnet)|["
    r'"“”„«‘#])\s*$',
    re.IGNORECASE,
)
_COUNTED_BEFORE = re.compile(
    r"\b(?:how many|some|all|most|none|one|each|any|half|many|few|\d+) of (?:the|these|those)\s*$"
    r"|(?<=\w )(?-i:The)\s*$",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"\s*(?:[°%€$£]|(?:k?m|cm|mm|kg|g|mg|km/h|mph|miles?|met(?:er|re)s?|kilomet(?:er|re)s?|feet|ft|inch(?:es)?|acres?"
    r"|hectares?|lit(?:er|re)s?|gallons?|tons?|tonnes?|grams?|pounds?|euros?|dollars?|yen|francs?|people"
    r"|persons|men|women"
    r"|children|words?|characters?|pages?|votes?|calories|kcal|kwh|watts?|volts?|hz|mhz|bc|bce|v\. ?chr|a\. ?c|av\. j"
    r"|years?|days?|hours?|minutes?|seconds?|steps?|times|items|rows|users|soldiers|employees|students|species"
    r"|islands|stars|ml|mah|gb|mb|px|rpm|degrees|metern?|einwohner|menschen|personen|wörter|jahren?|mots|personnes"
    r"|personas|palabras|habitantes|metros|metri|persone|pessoas|woorden|mensen|лет|км|метров)\b)",
    re.IGNORECASE,
)
_OWNED_BEFORE = re.compile(r"\w['’]s\s+$")
_NO_NOUN_AFTER = re.compile(
    r"\s*(?:$|[?.,!;]|(?:is|are|was|were|based|about|in|a|the|and|so|considered|end|set|written)\b)"
)
_MANY_AFTER = re.compile(
    r"\s+(?!(?:election|riot|flood|protest|game|olympic|winner|result|season|event|was|is|has|does)s?\b)[a-z]{3,}s\b"
)
_TITLE_AFTER = re.compile(r"\s*(?::\s+[A-Z]|[\"”“»’]|\s+by\s+[A-Z][a-z]+\s+[A-Z]|\s+House\b)")


def is_in_a_name(text: str, start: int, end: int, today: date) -> bool:
    """Whether the four digits `text[start:end]` are a quantity, or part of a name, rather than a year."""
    before, after = text[:start], text[end:]
    if (
        _NAME_BEFORE.search(before)
        or _COUNTED_BEFORE.search(before)
        or _UNIT_AFTER.match(after)
        or _TITLE_AFTER.match(after)
    ):
        return True
    if _OWNED_BEFORE.search(before) and _NO_NOUN_AFTER.match(after):
        return True  # Orwell's 1984, but not France's 1998 team
    number = int(text[start:end])
    if number % 100 == 0 and _MANY_AFTER.match(after) and not _PREPOSITION.search(before):
        return True
    is_likely = 1500 <= number <= today.year + _FAR
    return not is_likely and not _PREPOSITION.search(before)
