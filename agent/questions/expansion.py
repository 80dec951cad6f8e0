"""Other wordings of a question for search engines, which look for words and not for meaning alone."""

import re

_MOST_WORDS = 32
"""What Google reads of a query; others read more."""

_FUNCTION_WORDS = {
    "en": "who whom whose what when where why how which is are was were am be been do does did can could should"
        " would will has have had"
    " the a an of to in on for at by with from and or that this these those there it its i me my we you"
    " your they their he she his her"
    " please tell show give explain describe list name find many much does about into than as if so whether true",
    "de": "wer wen wem was wann wo warum wieso weshalb wie welche welcher welches welchen ist sind war waren"
        " hat haben wird werden wurde"
    " der die das den dem des ein eine einen einem einer und oder in im am an auf für von vom zu zum zur"
    " mit bei es gibt man ich sich dass nenne viele viel aus nach",
    "fr": "qui que quoi quand où pourquoi comment combien quel quelle quels quelles est sont était étaient a"
        " ont le la les l un une des du de d au aux"
    " et ou en dans pour par sur avec ce cette ces il elle ils je on se y t est-ce qu",
    "es": "quién quiénes qué cuándo dónde cómo cuál cuáles cuánto cuántos cuántas cuánta por es son fue fueron"
        " era ha han el la los las lo un una"
    " de del al a en y o para con que se su sus hay está están",
    "it": "chi che cosa quando dove perché come quale quali quanto quanti quante è sono era erano ha hanno il"
        " lo la i gli le un uno una di del"
    " della dei delle da dal a al alla in nel nella e o per con su si ci",
    "pt": "quem que quando onde como qual quais quanto quantos quantas por porque é são foi foram era tem têm o"
        " a os as um uma de do da dos das em no"
    " na nos nas e ou para com se ao à",
    "nl": "wie wat wanneer waar waarom hoe hoeveel welk welke is zijn was waren heeft hebben de het een van in"
        " op aan voor met bij en of te er"
    " dat die je ik men door naar om",
    "ru": "кто что когда где почему как какой какая какие какое сколько в во на и или с со по из у о об к для"
        " это был была были ли не",
}  # fmt: skip
_SETS = {language: frozenset(words.split()) for language, words in _FUNCTION_WORDS.items()}
_TOKEN = re.compile(r"\"[^\"]+\"|[^\s?!¿¡,;:()\[\]\"“”„«»]+")
_CJK_ENDINGS = re.compile(
    r"(?:は)?(?:何|誰|どこ|いつ|なぜ|どう|いくら|いくつ)?(?:ですか|でしたか|ますか|ましたか|のか)[？?。]?$|[？?。]$"
    r"|(?:是谁|是什么|在哪里|什么时候|吗|呢)[？?]?$"
)


def keywords(text: str, language: str) -> str:
    """`text` without question words and other function words; as it is when that leaves nothing.

    Names keep their capitalised words ("The Who"), except for the first word of the question.
    """
    if language in ("ja", "zh"):
        return _CJK_ENDINGS.sub("", text).strip() or text
    skipped = _SETS.get(language, _SETS["en"])
    kept: list[str] = []
    for number, token in enumerate(_TOKEN.findall(text)):
        word = token.strip(".'’") if not token.startswith('"') else token
        is_function = word.lower() in skipped or word.lower().split("'")[0].split("’")[0] in skipped
        is_name = number > 0 and word[:1].isupper() and language != "de"
        if word and (is_name or not is_function):
            kept.append(word)
    return " ".join(kept[:_MOST_WORDS]) or text


def expansions(text: str, language: str, since: str, until: str) -> tuple[str, ...]:
    """At most two other wordings: the keywords, and these with the year where the window (ISO dates) lies in one."""
    words = keywords(text, language)
    years = {day[:4] for day in (since, until) if day}
    year = min(years) if len(years) == 1 else ""
    dated = f"{words} {year}" if year and year not in words else ""
    return tuple(wording for wording in dict.fromkeys((words, dated)) if wording and wording != text)
