"""The query that looks for the other side of a claim."""

_DOUBTS = {
    "en": "false OR myth OR debunked",
    "de": "falsch OR Mythos OR widerlegt",
    "fr": "faux OR mythe OR démenti",
    "es": "falso OR mito OR desmentido",
    "it": "falso OR mito OR smentito",
    "pt": "falso OR mito OR desmentido",
    "nl": "onjuist OR mythe OR weerlegd",
    "ru": "ложь OR миф OR опровергнуто",
    "ja": "誤り OR デマ OR 嘘",
    "zh": "谣言 OR 错误 OR 辟谣",
}


def contrary(keywords: str, language: str) -> str:
    """A search for what speaks against a claim, from its keywords and with words of doubt in its language.

    Not the claim negated: search engines pass over "not", and would bring the same pages again.
    """
    return f"{keywords} {_DOUBTS.get(language, _DOUBTS['en'])}"
