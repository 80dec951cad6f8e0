"""Whether a question asks for a source as a whole ("summarise this page") rather than for something in it."""

import re

_REQUESTS = (
    r"summari[sz]e|sum up|recap|outline|condense|(?:summary|overview|recap|abstract|gist)(?: of)?|tl;?\s?dr"
    r"|(?:key|main|central|core|most important|essential) (?:points?|ideas?|messages?|takeaways?|findings?|arguments?"
    r"|facts?|claims?|conclusions?)|takeaways?|bullet points?"
    r"|fass(?:e|t)?(?=.*\bzusammen\b)|\w*zusammenfass\w+|zusammenzufassen|überblick(?: über)?|kurzfassung"
    r"|(?:wichtigsten|wesentlichen|zentralen) (?:punkte|aussagen|ergebnisse|erkenntnisse|inhalte|thesen)"
    r"|kernaussagen?|kernpunkte?|hauptpunkte?|hauptaussagen?|stichpunkten?"
    r"|résume[rz]?(?:-moi)?|résumé|points (?:clés|principaux|essentiels)"
    r"|resum(?:e|a|en|ir|ire|o)(?:me)?|resumen(?: del?)?|puntos (?:clave|principales)"
    r"|riassum\w+|riassunto(?: del\w*)?|punti (?:chiave|principali)|pontos(?:-chave| principais)"
    r"|vat(?=.*\bsamen\b)|samenvatten|samenvatting(?: van)?|hoofdpunten|kernpunten"
)
_SOURCES = (
    r"(?:web ?)?(?:pages?|sites?)|articles?|documents?|docs?|files?|pdfs?|texts?|papers?|reports?|studies|study|posts?"
    r"|books?|stor(?:y|ies)|threads?|contracts?|leases?|agreements?|handbooks?|manuals?|guides?|notes?"
    r"|minutes|protocols?|transcripts?|presentations?|slides|e-?mails?|letters?|memos?|polic(?:y|ies)|speech(?:es)?"
    r"|essays?|thes[ie]s|whitepapers?|sources?|links?|urls?|contents?|attachments?|interviews?|proposals?"
    r"|\w*(?:seiten?|artikels?|dokument\w*|dateie?n?|textes?|berichte?s?|studien?|beitr[aä]ge?s?|b[uü]cher|buch(?:e?s)?"
    r"|vertr[aä]ge?s?|handb[uü]ch(?:er|s)?|protokolle?s?|notizen|unterlagen|briefe?s?|mails?|quellen?|inhalte?s?|arbeit)"
    r"|articles?|documents?|fichiers?|rapports?|études?|livres?|contrats?|texte|contenu|sources?|lien"
    r"|artículos?|documentos?|archivos?|informes?|estudios?|libros?|contratos?|página|textos?|enlace|contenido"
    r"|articol[oi]|document[oi]|rapport[oi]|pagina|test[oi]|libr[oi]|contratt[oi]|contenuto"
    r"|artigos?|arquivos?|ficheiros?|relatórios?|livros?|conteúdo"
    r"|artikel(?:en)?|documenten|bestand(?:en)?|rapporten|boek(?:en)?|tekst(?:en)?|inhoud"
)
_FILLERS = (
    "a an the this that these those it its them all whole entire full of in from for about on at to and with by as"
    " is are was were do does me us my our your i you we please pls can could would will kindly just only quickly"
    " briefly brief short shortly concise concisely simple plain words word terms sentence sentences paragraph"
    " paragraphs lines bullet bullets points english german french spanish italian dutch portuguese one two three"
    " four five six seven eight ten maximum max most less than under attached uploaded enclosed linked following"
    " given above below here there say says cover contain deal argue what main key tl dr give make write need want"
    " get show der die das den dem des ein eine einen einem einer dies diese dieser dieses diesen diesem es sie ihn"
    " im auf aus von vom zu zum zur und mit für über bitte kurz knapp mir uns mein meine meinen meiner unser unsere"
    " unseren mal doch ganze ganzen gesamte gesamten satz sätzen worten wenigen deutsch englisch zusammen zwei drei"
    " vier fünf hier darin drin folgende folgenden angehängten beigefügten kannst könntest können du ihr ist sind"
    " geht um eigentlich überhaupt le la les l un une ce cet cette ces de d en pour moi s il te vous plaît"
    " brièvement phrases mots el los las este esta estos estas del por favor brevemente frases palabras lo gli"
    " questo questa questi di per favore frasi parole o os isto da em het een dit deze dat van voor graag kort even"
    " mij samen"
)
_REQUEST = re.compile(rf"(?<!\w)(?:{_REQUESTS})(?!\w)", re.IGNORECASE)
_SOURCE = re.compile(rf"(?<![\w-])(?:{_SOURCES})(?![\w-])", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")
_FILLER = frozenset(_FILLERS.split())
# What a source is called by: "the employee handbook", "our annual report", "der Bericht 2023".
_NAMED = (
    r"(?:the|this|that|these|my|our|der|die|das|den|dem|diese[nmrs]?|mein\w*|unser\w*|le|la|cet?|cette|notre|el|este"
    r"|il|questo|dit|deze|het)\s+"
    r"(?:(?!(?:in|on|of|about|from|for|by|at|with|between|and|or|the|this|that|im|auf|von|über|und|der|die|das|den|dem"
    r"|dans|sur|de|du|des|et|en|sobre|y|del|di|su|e|van|over|op)\s)[\w’'-]+\s+){0,3}?"
    rf"(?:{_SOURCES})(?:\s+\d[\w.]*)?(?![\w-])"
)
_NAMED_SOURCE = re.compile(rf"(?<!\w){_NAMED}", re.IGNORECASE)
_IT = rf"(?:{_NAMED}|it|this|that)"
_FRAME = re.compile(
    rf"\W*(?:what(?:['’]s| is| was| are) {_IT} (?:all )?about"
    rf"|what do(?:es)? {_IT} (?:say|cover|contain|argue|deal with)"
    rf"|what(?:['’]s| is| stands) in {_IT}|worum (?:geht|ging) es(?: hier| darin| (?:in|auf|bei) {_NAMED})?"
    rf"|wovon handel(?:t|n) (?:es|{_NAMED})"
    rf"|was steht (?:darin|drin|hier|(?:in|auf) {_NAMED}|(?:im|am) (?:{_SOURCES}))"
    rf"|was ist (?:der inhalt|das thema)(?: (?:von )?{_NAMED})?"
    rf"|de quoi (?:parle|traite) {_NAMED}|de qué (?:trata|habla) {_NAMED}|di cosa (?:parla|tratta) {_NAMED}"
    rf"|do que (?:fala|trata) {_NAMED}|waar gaat {_NAMED} over)\W*",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:section|paragraph|clause|passage|part|page \d|seite \d|abschnitt|absatz|klausel|teil|chapters?|kapitel"
    r"|sections? sur|sección|sezione)\b",
    re.IGNORECASE,
)


_FILE = re.compile(
    r"(?<![\w.])[\w./\\-]*\w\.(?:md|markdown|txt|text|pdf|html?|docx?|odt|rst|rtf|epub)\b", re.IGNORECASE
)


def file_named(text: str) -> str:
    """The first name of a file in `text` ("report.md"), "" if there is none."""
    found = _FILE.search(text)
    return found[0] if found else ""


def asks_for_whole_source(text: str, *, is_named: bool) -> bool:
    """Whether `text`, free of addresses, asks for a whole source and for nothing of it in particular.

    `is_named`: sources were named with the question, so that "summarise" alone says enough. Otherwise the text must
    speak of one ("this article", "our handbook"): "summarise the French revolution" asks for a subject, not a source.
    What is left of the text without the request, its source and fillers must hold no word: "summarise what it says on
    prices" asks for a passage. Read are English and German, less of French, Spanish, Italian, Portuguese and Dutch.
    """
    text = _FILE.sub("this file", text)
    if _PART.search(text):
        return False
    if _FRAME.fullmatch(text):
        return is_named or bool(_SOURCE.search(text))
    asked = _REQUEST.sub(" ", text)
    rest = _SOURCE.sub(" ", _NAMED_SOURCE.sub(" ", asked))
    if asked == text or (rest == asked and not is_named):
        return False
    return all(word.isdigit() or word.lower() in _FILLER for word in _WORD.findall(rest))
