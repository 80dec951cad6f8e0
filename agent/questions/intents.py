"""What kind of answer a question asks for, told by its wording in nine languages."""

import re

from ..state import Intent

_COMPARISON = re.compile(
    r"\b(?:compar(?:e|ed|ing|ison)|versus|vs\.?|v/s|differences? (?:between|in .+ between)|differ(?:s"
    r"|ed)? (?:from|between)"
    r"|differ\b|similarit(?:y|ies) (?:between|of)|better than|worse than|advantages? of .+ over"
    r"|distinguish(?:es)? .+ from|tell .+ apart|sets? .+ apart from|pros and cons of .+ (?:and|or|vs)"
    r"|vergleich\w*|unterschied\w* zwischen|unterscheide\w*"
    r"|compare[rz]?|comparaison|différences? entre|diferencias? entre|comparar?|compara|comparación"
    r"|differenz[ae] (?:tra|fra)|confront[ao]|confrontare|diferenças? entre|compare"
    r"|verschil(?:len)? tussen|vergelijk\w*"
    r"|сравни\w*|разниц\w+ между|отлича\w+)(?!\w)|違い|比較|区别|差别|比较|차이",
    re.IGNORECASE,
)
_THAN = re.compile(
    r"\b(?!other|rather|later|sooner|further)(?:\w+er|more|less|worse"
    r"|better)(?:\s+[\w-]+){0,4}?\s+than\s+(?!\d|one\b|half\b|ever\b|usual\b|expected\b|any\b)"
    r"|\b\w+er als\b|\b(?:plus|moins) [\w-]+(?: \w+)? que\b|\b(?:más|menos) [\w-]+(?: \w+)? que\b|\b(?:più"
    r"|meno) \w+ (?:di|del\w*|che)\b"
    r"|\b(?:mais|menos) \w+ (?:do )?que\b|\b\w+er dan\b",
    re.IGNORECASE,
)
# A comparative, told from the other words that end so.
_ER = (
    r"(?!(?:her|other|another|over|under|after|ever|never|number|water|river|whether|per|order|power|paper"
    r"|computer|member|letter|winner"
    r"|author|year|founder|leader|player|writer|singer|together|consumer|customer|layer|matter|however"
    r"|computer|server|super|cover|offer|answer"
    r"|mother|father|brother|sister|summer|winter|september|october|november|december)\b)\w{3,}er"
)
_EITHER = re.compile(
    rf"\b(?:which|what|who)(?:\s+\w+){{0,3}}\s+(?:is|are|was|were|has|had|have|uses|runs|costs|gets|should"
    rf"|do|does|lasts?|came|consumes?)\b.*\b(?:{_ER}|more|less|best|better|worse|first"
    rf"|most)\b.*[,:\u2013-]\s*(?:\w+\s+){{1,7}}or\b"
    rf"|\b(?:{_ER}|more|less|better)\b[^?]*[,:\u2013]\s*(?:\S+\s+){{1,7}}(?:or|oder|ou|o|of|или)\s"
    rf"|\b(?:or|oder|ou)\b[^?]*[:,;?–-]\s*(?:and\s+)?(?:which|what|welche[rs]?|lequel|laquelle|cuál|quale"
    rf"|qual|welke?)\b.*\b(?:{_ER}|more|less|better|best|mieux|plus|más|mejor|più|meglio|mais|melhor"
    rf"|meer)\b"
    rf"|^\W*(?:is|are|was|were|do|does|did|has|have|can|which|what|who|should)\b[^?]*\bor\b(?! (?:more"
    rf"|less)\b)[^?]*\b(?<!or )(?:{_ER}|more|less|better|worse)\b"
    rf"|^\W*(?:which|what|who|is|are|was|were|does|do)\b[^?]*\b(?:{_ER}|more|less|better|worse|best"
    rf"|first)\b(?! or\b)[^?]*\bor\b(?! (?:more|less)\b)"
    rf"|^\W*which (?:one |of (?:them|these|those|the two) )?(?:is|are|was|has) (?:the )?(?:{_ER}|better|worse|best)\b"
    rf"|\bshould (?:i|we|one) (?:use|choose|buy|take|learn|pick)\b.*\bor\b",
    re.IGNORECASE,
)
_HOW_TO = re.compile(
    r"^\W*(?:(?:and|so|ok|hi|hello|please|can you (?:tell|show) me|tell me|show me|explain|(?:can"
    r"|could) you (?:please )?(?:explain|describe|help me understand|walk me through)|i(?:['’]d like| want"
    r"| need) to (?:know|learn|understand)|i don['’]t know|do you know|any idea|learn|need help with"
    r"|help me)[, ]+)*"
    r"(?:how (?:do|can|should|would|could|might) (?:i|we|you|one|someone|people)\b|how (?:best )?(?:to"
    r"|2)\b|how does one\b|howto\b"
    r"|what(?:['’]s| is| are)? the (?:best|easiest|right|correct|quickest|safest|proper"
    r"|simplest) ways? (?:to|of)\b|what is a good way to\b|(?:the )?(?:best|easiest|right|quickest|safest"
    r"|proper|simplest|cheapest) ways? (?:to|of)\b"
    r"|(?:easy |good |best )?ways to\b|steps? (?:to|for)\b|(?:step[- ]by[- ]step )?(?:guide|instructions"
    r"|tutorial|recipe)s? (?:to|for|on)\b|step by step\b"
    r"|what steps\b|what do i (?:need to do|have to do|need) to\b"
    r"|wie (?:kann|soll(?:te)?|muss|darf|könnte) (?:ich|man|wir)\b|wie \w+(?:e|en|t) (?:ich|man|wir)\b|anleitung\b"
    r"|comment (?:puis-je|peut-on|faire|dois-je|\w+(?:er|ir|re)\b|se |s['’])|¿?\s*cómo (?:puedo|se (?:hace"
    r"|puede)|debo|hago|\w+(?:ar|er|ir|arse|erse|irse)\b)"
    r"|come (?:posso|si (?:fa|può|\w+a)|faccio|devo|\w+(?:are|ere|ire|arsi)\b)|como (?:posso|se faz|fazer"
    r"|devo|faço|\w+(?:ar|er|ir)\b)"
    r"|hoe (?:kan|moet|kun|zou) (?:ik|je|men|we)\b|hoe \w+ (?:ik|je) \b|как (?:мне )?\w+ть(?:ся)?\b)"
    r"|(?:方法|やり方|仕方|作り方|使い方|には\s?どうすれば|どうやって|怎么做|如何|怎样|하는 방법)",
    re.IGNORECASE,
)  # fmt: skip
_LIST = re.compile(
    r"^\W*(?:(?:please|can you|could you|i need|i want)[, ]+)*(?:list\b|name (?:\w+ ){0,2}\w+s\b"
    r"|enumerate\b|give me (?:a list|(?:some|five|ten|three|\d+|the|all|examples)\b)"
    r"|a list of\b|examples of\b|top \d+\b|best \d+ |which (?:of (?:the|our|my|these|those|their|his|her)"
    r"|\d+|two|three|four|five)\b|who (?:are|were) (?:the|all|some)\b(?! (?:same|first|last|parents)\b)"
    r"|what (?:are|were)(?: all| some)? (?:of )?(?:the|some|all|\d+|two|three|four|five|six|seven|ten"
    r"|examples|common|main|major|typical|best|possible|different|types|kinds|ways|reasons|benefits"
    r"|symptoms|popular|good)\b"
    r"|what (?:kinds|types|sorts) of\b|what other\b"
    r"|liste\b|nenne\b|zähle?\b|wer (?:sind|waren) die\b|was sind die\b|welche (?!r\b|s\b)\w*(?:en|er|e"
    r"|s)\b.*\b(?:gibt|sind|waren|haben|liegen|wurden|grenzen|gehören|spielen|\w+en)\b"
    r"|quel(?:le)?s\b(?! est)|citez?\b|énumère\w*|donne[rz]?-moi\b|¿?\s*cuáles (?:son|fueron|eran)"
    r"|¿?\s*qué (?:países|tipos|ciudades|\w+s) (?:son|tienen|hay|\w+an|\w+en|\w+on)\b"
    r"|¿?\s*quiénes (?:son|fueron)|enumera\b|lista\b|nombra\b|quali (?:sono|erano|furono|\w+)|elenca\b"
    r"|quais\b|liste\b|cite\b"
    r"|welke (?:\w+en|\w+s)\b|wat zijn de\b|wie zijn de\b|noem\b|перечисли\w*|какие\b|назови\w*|список\b)"
    r"|(?:一覧|リスト|を挙げて|を列挙|有哪些|列出|목록)",
    re.IGNORECASE,
)  # fmt: skip
_WHICH_MANY = re.compile(r"^\W*(?P<which>which|what) (?P<words>[^?,]+)", re.IGNORECASE)
# Third persons of verbs look like plurals ("which river flows"): what is a noun is told by its ending, or listed.
_PLURAL = re.compile(
    r"(?:people|men|women|children|criteria|bacteria|phenomena|\w+(?:ages|ies|ions|ments|[^d]ers|[^d]ors"
    r"|ists|ities|isms|ants|ents|ives|ards|ours|ences|ances|logies|graphs|ures)"
    r"|(?:state|word|book|film|movie|song|album|band|artist|plant|team|metal|element|planet|moon|island"
    r"|mountain|bird|insect|animal|food|fruit|drug|vitamin|mineral"
    r"|gene|protein|cell|organ|product|framework|tool|method|law|right|bank|disease|virus|game|car|park"
    r"|sport|airline|museum|king|queen|event|date|year|month|day|fact"
    r"|step|reason|symptom|type|kind|way|example|option|skill|role|term|unit|part"
    r"|port|lake|sea|forest|desert|wine|cheese|spice|herb|oil|tax|job"
    r"|model|system|program|service|app|website|platform|device|phone|laptop|brand|shop|hotel|restaurant"
    r"|school|material|colour|color|number|book|novel|poem|author"
    r"|paper|dataset|database|satellite|rocket|mission|battle|war|treat|club|tribe|group|crop|tree|flower"
    r"|dog|cat|breed|fish|gas|acid|fuel|star|award|prize)(?:e?s))$",
    re.IGNORECASE,
)
_ADJECTIVE = re.compile(
    r"(?:[A-Z]\w*(?:an|ish|ese|ic)|US|UK|EU|\w+(?:ic|ous|ish|ern|ful|able|ive)|other|major|famous|large"
    r"|big|small|common|new|old)$"
)
_VERB = re.compile(
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)$", re.IGNORECASE
)
_SINGULAR_S = re.compile(
    r"(?:ss|us|is|news|series|species|bus|gas|physics|mathematics|always|was|has|does|as|this|canvas|texas"
    r"|paris|lens)$",
    re.IGNORECASE,
)
_TRUTH = re.compile(
    r"^\W*(?:is it (?:really |actually )?(?:true|a myth|correct|false|a fact|the case) (?:that|to say)\b"
    r"|true or false\b|fact[- ]?check\b|is it true\b"
    r"|(?:please )?(?:check|verify)(?: whether| if| that|:| the claim| this claim)|debunk\b|claim:"
    r"|i (?:heard|read|was told) (?:that )?"
    r"|(?:stimmt es|ist es wahr|trifft es zu),? dass|est-(?:ce|il) (?:vrai|exact) qu|¿?\s*es (?:cierto"
    r"|verdad) que|è vero che|é verdade que|is het waar dat|klopt het dat|правда ли)"
    r"|(?:は本当ですか|って本当|というのは本当|是真的吗)",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"^\W*(?:\d+[.)]\s+)?(?:who|whom|whose|what|when|where|why|how|which|is|are|was|were|am|do|does|did"
    r"|can|could|should|would|will|has|have|had|may|might|must"
    r"|list|name|give|tell|explain|describe|compare|define|find|show|summari[sz]e|translate|recommend"
    r"|suggest|provide|outline|discuss|analy[sz]e|identify|determine|create|draft|make|check|verify"
    r"|walk me|teach|write|calculate|help|i (?:want|need|am looking|would like|['’]d like)|i['’][md]"
    r"|please|search|look|get"
    r"|whats|hows|wheres|whos|in (?:what|which)|at (?:what|which)|on (?:what|which)|for (?:what|which|how)"
    r"|by (?:what|how)|to (?:what|which)|from (?:what|which|where)|since when|until when"
    r"|according to .{2,60}?,? (?:who|what|when|where|why|how|which)"
    r"|wer|wen|wem|wessen|was|wann|wo|woher|wohin|warum|wieso|weshalb|wie|wieviele?|welche[rsnm]?|ist|sind"
    r"|war|waren|hat|haben|kann|gibt|wird|nenne|liste|erkläre|seit wann|in welche\w+|zeige?|vergleiche"
    r"|beschreibe"
    r"|qui|que|quoi|qu['’]\w+|quand|où|pourquoi|comment|combien|quel(?:le)?s?|est-ce|est-il|y a-t"
    r"|explique[rz]?|cite[rz]?|donne[rz]?|résume[rz]?|décri\w+|compare[rz]?|à quel\w*|en quel\w*"
    r"|dans quel\w*|de quel\w*|depuis quand"
    r"|quién(?:es)?|qué|cuándo|dónde|por qué|cómo|cuál(?:es)?|cuánt[oa]s?|explica|enumera|resume|compara"
    r"|en qué|a qué|de qué|desde cuándo"
    r"|chi|cosa|che|quando|dove|perché|come|quale|quali|quant[oiae]|spiega|elenca|riassumi|confronta"
    r"|in (?:che|quale)|qual"
    r"|quem|quê|onde|por que|porque|como|quais|quantos|quantas|explique|resuma|em que|descreva"
    r"|wie|wat|wanneer|waar|waarom|hoe|hoeveel|welk|welke|noem|leg|vergelijk|kun|kan|heeft|zijn|in welk\w*"
    r"|кто|что|когда|где|почему|как|какой|какая|какие|какое|сколько|зачем|объясни\w*|перечисли\w*"
    r"|расскажи\w*|сравни\w*|чем|в каком|куда|откуда)\b",
    re.IGNORECASE,
)  # fmt: skip
_STATES = re.compile(
    r"\b(?:is|are|was|were|has|have|had|will|can|cannot|can't|isn't|aren't|wasn't|weren't|does|did|do not"
    r"|doesn't|didn't|never|causes?|cures?|contains?|prevents?|leads? to|makes?|means?|invented|founded"
    r"|became|began|won|wrote|built|born|died|killed|kills|helps?|increases?|reduces?|protects?|lowers?"
    r"|raises?|improves?|damages?|destroys?|needs?|lives?|uses?|eats?|sleeps?|grew|fell|rose|weighs?"
    r"|shrinks?|consists?|comes?|originated|discovered|designed|produces?|orbits?|boils|freezes|must"
    r"|should|cannot"
    r"|ist|sind|war|waren|hat|haben|wurde|wurden|wird|werden|kann|verursacht|verursachen|schadet|hilft|est"
    r"|sont|était|étaient|a été|ont|peut|causent?|provoquent?|es|son|fue|fueron|era|ha|han|causa|causan"
    r"|puede|è|sono|fu|furono|hanno|può|é|são|foi|foram|pode|causam|tem|heeft|werd|werden|veroorza\w+)\b"
    r"|\b[a-z]{3,}ed\b",
    re.IGNORECASE,
)  # fmt: skip
_COPULA = re.compile(
    r"(?<!who )(?<!that )(?<!which )\b(?:is|are|was|were|causes?|cures?|contains?|prevents?|makes?)\b(?=\s+\S+)"
)
# A verb is what stands between a noun and an article and is no preposition: "towers spread the virus".
_NO_VERB = (
    r"of|in|on|at|to|for|by|with|from|and|or|near|like|behind|about|around|during|after|before|since|until"
    r"|under|over|between|against|through|into|as|than|per|via"
    r"|within|without|across|along|among|beyond|inside|outside|per|versus|throughout|towards?|upon|that"
    r"|what|who|how|when|why|where|which|all|both|not|off|up|out|down|is|are|was|were|for"
)
_ACTS = re.compile(
    rf"^\W*(?:[\w’'-]+\s+){{0,4}}?(?!(?:{_NO_VERB})\b)[\w’'-]+\s+(?!(?:{_NO_VERB})\b)(?!\w*ing\b)[a-z]{{3,}}\s+(?:the"
    rf"|a|an|your|our|their|his|her|its|my|no|all|every|more|less)\s+\w"
)
_THIRD_PERSON = re.compile(r"^\W*(?:(?!of\b)[\w’'-]+\s+){1,5}?(?!this\b|always\b)[a-z]{2,}[^s\W]s\s+\w")
_LEAST_WORDS = 3
_DANGLING = re.compile(r"\b(?:is|are|was|were|by|in|of|the|a|an|to|for|from|with|on|at|and|has|had)$")


def intent_of(text: str, *, has_url: bool = False) -> Intent:
    """The kind of `text`; `has_url` when an address stands in it.

    Claims are statements, and questions whether one is true.
    """
    if has_url:
        return "url"
    if _TRUTH.search(text) or _is_statement(text):
        return "claim"
    if _COMPARISON.search(text) or _EITHER.search(text) or _THAN.search(text):
        return "comparison"
    if _HOW_TO.search(text):
        return "how_to"
    return "list" if _LIST.search(text) or _asks_which_of_many(text) else "fact"


def _asks_which_of_many(text: str) -> bool:
    """A plural stands before the verb: "which countries border Laos", but not "which river flows" or "what causes"."""
    found = _WHICH_MANY.match(text)
    if found is None:
        return False
    words = found["words"].split()[:5]
    for number, word in enumerate(words):
        if _VERB.match(word) or word.lower() in ("of", "in", "the", "a", "an"):
            return False
        if word[0].isupper() or _SINGULAR_S.search(word) or not re.search(r"(?:s|people|men|children|ia|ena)$", word):
            continue
        follows = words[number + 1] if number + 1 < len(words) else ""
        leads = number == 0 and found["which"].lower() == "which"
        leads = leads or (number == 1 and bool(_ADJECTIVE.match(words[0])))
        if leads or _VERB.match(follows) or follows.endswith("ed") or _PLURAL.match(word):
            return True
    return False


def _is_statement(text: str) -> bool:
    """A sentence with a verb that neither asks nor orders; without capital and full stop the verb must be plain."""
    bare = text.rstrip("\"'”»)")
    if bare.endswith(("?", "？", "か")) or _ASKS.match(text):
        return False
    if bare.endswith("。"):
        return True
    if not bare.endswith(".") and _COMPARISON.search(text):
        return False  # "whale oil vs. kerosene"
    words = text.split()
    if _DANGLING.search(text) or len(words) < _LEAST_WORDS:
        return False
    if bare.endswith((".", "!")):
        return bool(_STATES.search(text) or _ACTS.search(text) or _THIRD_PERSON.search(text))
    if text[:1].isupper() or text[:1].isdigit():
        return (len(words) > _LEAST_WORDS and bool(_STATES.search(text))) or bool(_ACTS.search(text))
    return bool(_COPULA.search(text))
