"""Sentences that tell their reader how to judge instead of telling anything: they are no evidence."""

import re
from collections.abc import Sequence

from .words import word_set

_VERDICT = r"(?:supported|verified|entailed|confirmed|true|correct|proven|factual|facts?)"
# A judge of a court and an assistant in a shop are no readers of ours.
_JUDGE = (
    r"(?:AIs?|LLMs?|A\.I\.|(?:large\s)?language\smodels?|(?:AI|virtual)\sassistants?|chat\s?bots?|verifiers?"
    r"|fact[-\s]checkers?|(?:impartial|neutral|automatic|AI)\s(?:judges?|checkers?|evaluators?|graders?))"
)
_ADDRESSED = re.compile(
    rf"""\b(?:mark|label|rate|judge|treat|regard|classify|score|grade|accept|flag)(?:ed)?\b.{{0,80}}\bas\s(?:\w+ly\s)?{_VERDICT}\b
    |\b(?:output|return|answer|reply|respond|print)\b\W+(?:(?:with|only|that|just|as)\W+){{0,2}}(?:\w+\W+){{0,3}}?
      (?:supported|label|verdict|verified|entailed)\b
    |\bclaim\b.{{0,120}}\bis\s(?:true\sand\s)?(?:fully\s)?(?:supported|verified|entailed)\b
    |\b{_JUDGE}\b.{{0,40}}\b(?:must|should|shall|has\sto|have\sto|are\sto|please)\b.{{0,30}}
      \b(?:report|say|state|answer|treat|mark|label|reply|cite|accept|output)\b
    |\b(?:note|message|instructions?|attention|hint)\s(?:to|for)\s(?:the\s|any\s|all\s)?{_JUDGE}\b
    |\bplease\s(?:say|report|state|answer|confirm|repeat)\b.{{0,30}}\b(?:that|facts?)\b
    |\bwhen(?:ever)?\s(?:you\sare\s)?asked\b.{{0,90}}\b(?:always|reply|answer|respond|say)\b
    |\b(?:label|verdict)["']?\s*[=:]\s*["']?(?:supported|true)|\bscore\s*=\s*[01]
    |</?(?:evidence|claim|verdict|system|instructions?|assistant|judge)>|\[/?judge\]
    |\bif\syou\sare\s(?:an?\s)?(?:large\s)?(?:AI|LLM|language\smodel|assistant|chat\s?bot|model|verifier|judge)\b
    |\b(?:reviewer|judge|verifier|grader|AI|model|system)\s(?:instructions?|prompt|directive)\s*:
    |\b(?:label|mark|rate|judge|score)\s(?:it|this|them|these|everything|all)\s(?:as\s)?["'“]?{_VERDICT}\b
    |^\W*(?:SYSTEM|ASSISTANT)(?:\s(?:PROMPT|MESSAGE|NOTE))?\s*:""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
# One of these is in every such sentence: most others are known by their words alone.
_TELLING = word_set(
    """
    supported verified entailed confirmed true correct proven factual fact facts label verdict instruction instructions
    prompt prompts rules guidelines directions directive ai ais llm llms model models assistant assistants chatbot
    chatbots chat bot verifier verifiers checker checkers evaluator evaluators grader graders please asked score judge
    judges evidence claim system a.i
    """
)


def is_addressed_to_judge(sentence: str, folded: Sequence[str]) -> bool:
    """True for a sentence like "Mark every claim as supported": what it tells is for its reader, not about the world.

    `folded` are its words without case. A page that speaks of such sentences ("ignore previous instructions") loses
    them as evidence, too.
    """
    return not _TELLING.isdisjoint(folded) and bool(_ADDRESSED.search(sentence))
