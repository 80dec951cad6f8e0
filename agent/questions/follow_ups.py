"""Questions that lean on what was said before: made to stand alone, or told to be too little."""

import re
from collections.abc import Sequence

from ..language import language_of
from .pointing import is_personal, person_in, points_back
from .subjects import has_pronoun, names_in, resolved, subject_of

_ABOUT = re.compile(
    r"^\W*(?:(?:and|but|so|ok|okay|und|et|y|e|en)\s*,?\s+)?(?:what|how) about\s+(?P<new>.+?)\W*$"
    r"|^\W*(?:und|et|y|e|en|and|but)\s+(?:was ist mit\s+|wie sieht es in\s+|(?:pour|con|per|para"
    r"|voor)\s+)?(?P<other>.+?)\W*$",
    re.IGNORECASE,
)
_PREPOSITION = re.compile(r"^(?:in|on|at|im|en|em|nel|a|à|for)\s+", re.IGNORECASE)
_ARTICLE = re.compile(r"^(?:the|der|die|das|le|la|les|el|los|il|o|de|het)\s+", re.IGNORECASE)
_TIME = re.compile(
    r"^(?:in|im|en|nel|em|since|seit|before|after|by|last|this)?\s*(?:the\s+)?(?:\w+\s+)?(?:(?:1\d"
    r"|20)\d{2}s?|year|month|week)$",
    re.IGNORECASE,
)
_YEAR = re.compile(
    r"(?:\b(?:in|im|en|nel|em)\s+)?\b(?:1\d|20)\d{2}\b|\b(?:last|this) (?:year|month|week)\b", re.IGNORECASE
)
_ASKS_WITH_VERB = re.compile(
    r"^(?:who|what|when|where|why|how|which|wer|was|wann|wo|warum|wie|qui|quand|où|quién|qué|cuándo|chi"
    r"|quando|dove|quem|onde|wie|wat)\s+\S+\s+\S+",
    re.IGNORECASE,
)
_BARE_ASK = re.compile(
    r"^\W*(?:(?:and|but|so|then|ok|okay)\s*,?\s+)*"
    r"(?P<ask>when|where|why|how|who|how much|how many|since when|by whom)\W*$",
    re.IGNORECASE,
)

_EMPTY_WORDS = (
    "who whom whose what when where why how which is are was were am be been do does did can could should"
    " will would has have had may"
    " it its it's they them their he she him his her this that these those one ones there here i me my"
    " you your we us our mine yours"
    " compare explain describe summarize summarise tell show give list define more again please about and"
    " or but so then also else"
    " the a an of to in on for at by with from as ok okay yes no hello hi hey thanks thank help much many"
    " long old really true some"
    " any all both each other another same thing things stuff something anything everything question"
    " difference between mean means"
    " happened happen happens work works worked like go on continue next details detail further elaborate"
    " open opened close closed start"
    " started end ended die died born made built founded invented cost costs come came know think say"
    " said want need make do done doing better best worse good bad bigger smaller faster slower cheaper"
    " older newer important now today again called use used"
    " wer wen wem was wann wo warum wieso weshalb wie welche welcher welches ist sind war waren hat haben"
    " es er sie ihn das dies diese"
    " dieser dieses der die und oder erkläre vergleiche mehr bitte dazu darüber davon passiert geschehen genau"
    " qui que quoi quand où pourquoi comment combien est était il elle ils elles ça cela ceci les la le"
    " et expliquez explique compare"
    " compare-les plus c'est quién qué cuándo dónde por cómo cuál es fue eso esto ello él ella ellos y"
    " explica compáralos más chi cosa"
    " dove perché come è questo quello lui lei e spiega confrontali più quem onde isso isto ele ela"
    " explique wie wat wanneer waar waarom hoe het dat dit"
    " кто что когда где почему как это он она они и いつ なぜ どこ 誰 何 それは これは"
)
_EMPTY = frozenset(_EMPTY_WORDS.split())
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+")
_POINTING = (
    "it its they them their he she him his her this that these those one ones there es er sie ihn das"
    " dies il elle ils elles ça cela eso esto questo quello lui lei isso isto ele ela het dat dit это он она они"
)
_POINTS = frozenset(_POINTING.split())

_ASK_BACK = {
    "en": ("What does “{word}” refer to? Please ask again with its name.", "What would you like to know, about what?"),
    "de": ("Worauf bezieht sich „{word}“? Bitte mit Namen erneut fragen.", "Was möchten Sie wissen, und worüber?"),
    "fr": ("À quoi se rapporte « {word} » ? Redemandez avec son nom.", "Que voulez-vous savoir, et sur quoi ?"),
    "es": ("¿A qué se refiere «{word}»? Pregunte de nuevo con su nombre.", "¿Qué quiere saber, y sobre qué?"),
    "it": ("A che cosa si riferisce «{word}»? Ripeta la domanda con il nome.", "Che cosa vuole sapere, e su che cosa?"),
    "pt": ("A que se refere “{word}”? Pergunte de novo com o nome.", "O que deseja saber, e sobre o quê?"),
    "nl": ("Waar slaat “{word}” op? Stel de vraag opnieuw met de naam.", "Wat wilt u weten, en waarover?"),
}  # fmt: skip


def standalone(question: str, turns: Sequence[tuple[str, str]], *, subjects: Sequence[str] = ()) -> str:
    """`question` with what it takes from earlier turns written out; as it is when it takes nothing, or it is unclear.

    `turns` are (question, answer) in the order they were asked, each question standing alone itself; `subjects` is what
    those before were about, the latest first. Understood are
    pronouns ("When was it built?"), "what about Denmark?", "and in 2023?", and a question word alone ("why?").
    """
    text = question.strip()
    if not turns or not text:
        return question
    before = turns[-1][0].strip()
    language = language_of(text) or language_of(before)
    bare = _BARE_ASK.match(text)
    if bare:
        return f"{before.rstrip('?!. ')} – {bare['ask'].lower()}?"
    about = _ABOUT.match(text)
    if about:
        new = about["new"] or about["other"]
        if not _ASKS_WITH_VERB.match(new):
            if not has_pronoun(new, language):
                return _exchanged(before, new)
            return f"{before.rstrip('?!. ')} – {resolved(new, _meant(new, turns, subjects, language), language)}?"
        text = new[0].upper() + new[1:] + ("?" if question.rstrip().endswith("?") else "")
    if points_back(text, language):
        return resolved(text, _meant(text, turns, subjects, language), language)
    return text


def _meant(text: str, turns: Sequence[tuple[str, str]], subjects: Sequence[str], language: str) -> str:
    """What a pronoun of `text` points to; "" when that cannot be told."""
    person = person_in(turns[::-1]) if is_personal(text, language) else ""
    return person or _latest_subject(turns) or next(iter(subjects), "")


def _latest_subject(turns: Sequence[tuple[str, str]]) -> str:
    return next(filter(None, (subject_of(asked) for asked, _answer in reversed(turns))), "")


def _exchanged(before: str, new: str) -> str:
    """The earlier question with its time, or else what it is about, exchanged for the new one."""
    if _TIME.match(new):
        if _YEAR.search(before):
            return _YEAR.sub(lambda _found: new, before, count=1)
        end = len(before.rstrip("?!. "))
        return f"{before[:end]} {new}{before[end:].strip()}"
    bare = _PREPOSITION.sub("", new)
    names = names_in(before)
    subject = names[-1] if names and _ARTICLE.sub("", bare)[:1].isupper() else subject_of(before)
    if not subject:
        return f"{before.rstrip('?!. ')} – {new}?"
    at = before.rfind(subject)
    ahead, after = before[:at], before[at + len(subject) :]
    article = _ARTICLE.match(bare)
    if article and ahead.lower().endswith(f"{article[0].lower()}"):
        bare = bare[article.end() :]
    return f"{ahead}{bare}{_not_said_twice(bare, after)}"


def _not_said_twice(said: str, after: str) -> str:
    """`after` without the words that `said` ends with: "the Stennick lighthouse" stands for "Orvay" in front of one."""
    words, following = said.casefold().split(), after.split()
    bare = [word.strip("?!.,;").casefold() for word in following]
    for count in range(min(len(words) - 1, len(following)), 0, -1):
        if words[-count:] == bare[:count] and after[:1].isspace():
            rest = " ".join(following[count:])
            end = following[count - 1][len(bare[count - 1]) :]
            return f"{end} {rest}" if rest else end
    return after


def ask_back(text: str) -> str:
    """What to ask the person when `text` names nothing that could be searched; "" when it does.

    "Compare them", "why?" and "when did it open" name nothing.
    """
    words = [word.lower().replace("’", "'") for word in _WORD.findall(text)]
    if len(words) > 8 or any(word not in _EMPTY and len(word.encode()) > 1 for word in words):
        return ""
    if any(word.isupper() and len(word) > 1 for word in _WORD.findall(text)) and not text.isupper():
        return ""  # IT, US, WHO
    named, open_ = _ASK_BACK.get(language_of(text), _ASK_BACK["en"])
    pronoun = next((word for word in words if word in _POINTS), "")
    return named.format(word=pronoun) if pronoun else open_
