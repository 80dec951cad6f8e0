"""The place that a question names: a preposition and a name, without a list of all places."""

import re

_NAME = r"[^\W\d_a-zß-öø-ÿ](?:[^\W\d_]|[’'.-](?!s\b)(?=[^\W\d_])|\.(?=\s[^\W\d_a-z]))+"
_LINK = r"(?:de|del|della|di|do|da|dos|la|las|los|le|les|of|am|an der|upon|sur|aan den)"
_FULL = rf"{_NAME}(?:(?:\s+|\s+{_LINK}\s+){_NAME}){{0,3}}"
_WITH_ARTICLE = (
    r"the (?:Netherlands|UK|U\.K\.|US|U\.S\.|USA|United (?:States(?: of America)?|Kingdom|Arab Emirates)"
    r"|Philippines|Bahamas|Maldives"
    rf"|Gambia|Czech Republic|EU|European Union|Middle East|Far East|Alps|Andes|Himalayas|Caribbean|Balkans"
    rf"|Arctic|Antarctic|Congo|Sahara|Sahel|Vatican|Bronx|Hague"
    rf"|{_NAME}(?:\s+{_NAME})?\s+(?:Islands?|Mountains?|Sea|Ocean|Valley|Desert|Peninsula|Republic|Region"
    rf"|Bay|Area|District|County|Province|Basin|Lakes?))"
    r"|der (?:Schweiz|Türkei|Ukraine|Slowakei|Mongolei|Karibik|Eifel|Pfalz|Bretagne|Toskana|Provence)"
    r"|den (?:USA|Niederlanden|Alpen)"
    r"|(?:les|los|gli|os) (?:États-Unis|Pays-Bas|Estados Unidos|Stati Uniti)"
)
_BEFORE = {
    "en": "in|near|around|outside|throughout|across|near to|close to",
    "de": "in|bei|nahe|rund um|um|aus",
    "fr": "à|au|aux|en|dans|près d[e']|autour de",
    "es": "en|cerca de|alrededor de",
    "it": "a|ad|in|nel|nella|negli|vicino a",
    "pt": "em|no|na|nos|nas|perto de",
    "nl": "in|bij|nabij|rond|rondom|te",
    "ru": "в|во|около|под",
}
_PLACES = {
    language: re.compile(rf"\b(?i:{before})(?<![\s])\s*(?<=[\s'’])(?P<name>{_WITH_ARTICLE}|{_FULL})(?![’']s\b|\w)")
    for language, before in _BEFORE.items()
}
_LOWER = re.compile(
    r"\b(?:weather|forecast|restaurants?|hotels?|pizza|things to do|museums?|jobs|rent|flats?|apartments?|wetter)"
    r" (?:in|near|around) ([^\W\d_][\w .'-]{1,30}?)(?= (?:today|tomorrow|now|this|next|on|for)\b|[?,.!]|$)"
)
_NO_PLACE = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|Januar"
    r"|Februar|März|Mai|Juni|Juli"
    r"|Oktober|Dezember|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|Spring|Summer|Autumn|Winter|Christmas"
    r"|Easter|Ramadan|Lent"
    r"|English|German|French|Spanish|Italian|Portuguese|Dutch|Latin|Greek|Japanese|Chinese|Mandarin"
    r"|Russian|Arabic|Hindi|Korean|Swedish"
    r"|Python|Java(?:Script)?|TypeScript|Rust|Go|C|R|SQL|Excel|Word|PowerPoint|Outlook|Photoshop|React|Vue"
    r"|Linux|Windows|Git\w*|Docker"
    r"|Kubernetes|Postgre\w+|Django|Swift|Kotlin|Bash|HTML|CSS|LaTeX|Minecraft|Fortnite|Wikipedia|God"
    r"|Jesus|Heaven|Hell|Q[1-4]|AI|DNA|RNA"
    r"|Zusammenarbeit|Wasser|Prozent|Euro|Bezug|Zukunft|Wirklichkeit|Gramm|Tagen|Stunden|Jahren|Kraft|Form"
    r"|Kilometern?|Metern?|Echtzeit"
    r"|Series|World War|Chapter|Act|Article|Section|Genesis|Exodus|Star|Harry Potter|Hamlet|Macbeth|Game"
    r"|Lord|Formula|NFL|NBA|Premier|Champions"
    r"|I|II|Which|What|Who|How|When|Why|Is|It|My|Our|Dr|Mr|Mrs|Version|Type)\b"
    r"|\w+(?:ism|ology|ismus|isme|ismo)\b|.*\b(?:War|Cup|Olympics|League|Age|Era|Bible|Empire Strikes"
    r"|Movie|Potter|Stack)\b",
)  # fmt: skip


def place_of(text: str, language: str) -> str:
    """The first place in `text`, "" when it names none: "in Oslo", "near Reykjavik", "in the Netherlands".

    `language` is that of the text, "" reads as English. Languages, months, software and the like are told from places
    by their names; a place that is not the object of such a preposition ("Oslo weather") is not found.
    """
    for found in _PLACES.get(language, _PLACES["en"]).finditer(text):
        if not _NO_PLACE.match(found["name"]):
            return found["name"]
    lower = _LOWER.search(text)
    name = lower[1].strip() if lower else ""
    return "" if name.split(" ")[0] in ("the", "my", "me", "a", "an") else name
