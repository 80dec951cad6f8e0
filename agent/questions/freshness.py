"""Whether a question is about how things stand now."""

import re
from datetime import date, timedelta

_NOW = re.compile(
    r"\b(?:latest|newest|most recent|recent(?:ly)?|currently|current(?! (?:in|of|through|flow|flows"
    r"|density|and|is|from|at|that)\b)(?= \w)|right now|(?<!-)now(?!-)|nowadays|these days|at the moment"
    r"|at present|presently|today['’]s|up[ -]to[ -]date|breaking|headlines|the news|news (?:on|about|from"
    r"|of)|so far this|ongoing|live scores?"
    r"|tonight|trending|still (?:alive|open|in office)|this (?:week|month|year|morning)"
    r"|aktuell\w*|neueste[nrsm]?|jüngste[nrsm]?|derzeit\w*|momentan\w*|zurzeit|zur zeit|jetzt|heutzutage"
    r"|gegenwärtig\w*|nachrichten|letzten zeit"
    r"|actuel(?:le)?(?:s|ment)?|récente?s?|récemment|maintenant|en ce moment|dernières nouvelles"
    r"|actualités?|la dernière version"
    r"|actualmente|reciente(?:s|mente)?|ahora|hoy en día|últim[ao]s? (?:noticias?|versión|versiones)"
    r"|attual(?:e|i|mente)|recent(?:e|i|emente)|adesso|oggigiorno|al momento|ultime notizie|ultima versione"
    r"|atua(?:l|is|lmente)|recente(?:s|mente)?|agora|hoje em dia|últimas notícias|última versão"
    r"|huidige|nieuwste|recent(?:e|elijk)?|momenteel|tegenwoordig|op dit moment|laatste nieuws|laatste versie"
    r"|сейчас|нынешн\w+|текущ\w+|последни[ехй] новост\w+)\b"
    r"|最新|現在|今の|ニュース|目前|现在|最近|최신|현재",
    re.IGNORECASE,
)
# What changes by the day, unless the question is about another time.
_CHANGING = re.compile(
    r"\b(?:weather|forecast for|stock price|share price|exchange rate|traffic (?:in|on)|pric(?:e|es) (?:of"
    r"|for)|how much (?:does|do|is|are) .{2,60} cost"
    r"|\w+ prices?(?=\s*(?:\?|$|in \w+\W*$))|opening hours|wetter|preis von|aktienkurs|wechselkurs"
    r"|kurs (?:von|der|des)|was kostet|öffnungszeiten|météo|quel temps|prix d[eu]|cours de l['’]action"
    r"|combien coûte"
    r"|precio del?|cuánto cuesta|qué tiempo|meteo|prezzo d\w+|quanto costa|che tempo|preço d\w+"
    r"|quanto custa|previsão do tempo"
    r"|het weer|weerbericht|prijs van|wat kost|погода|сколько стоит"
    r"|курс (?:доллара|евро))\b|天気|株価|天气|날씨|いくらですか",
    re.IGNORECASE,
)
_SPANISH_NOW = re.compile(r"\bactual(?:es)?\b", re.IGNORECASE)  # in English it means another thing
_NOT_NOW = re.compile(
    r"\b(?:electric|alternating|direct|ocean|sea|eddy) currents?\b|\b(?:until|by) now\b|\bclimate and weather\b",
    re.IGNORECASE,
)
_RECENT = timedelta(days=366)
_JUST_OVER = timedelta(days=31)


def wants_fresh(text: str, language: str, since: str, until: str, today: date) -> bool:
    """Whether newer pages answer `text` better: it says so, or asks of a thing that changes by the day.

    So does a window (ISO dates) that began within a year and is not over for more than a month.
    """
    said = _NOT_NOW.sub(" ", text)
    if _NOW.search(said) or (language == "es" and _SPANISH_NOW.search(said)):
        return True
    is_over = bool(until) and date.fromisoformat(until) + _JUST_OVER < today
    if _CHANGING.search(said):
        return not is_over
    return bool(since) and not is_over and date.fromisoformat(since) + _RECENT >= today
