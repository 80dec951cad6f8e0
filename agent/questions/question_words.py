"""The words that ask in other languages than English: they name nothing, and no passage need hold them."""

from ..language import language_of
from ..verifiers.reading.words import word_set

_WORDS = {
    "de": "wer wen wem wessen was wann wo woher wohin warum weshalb wieso wie viele viel welche welcher welches welchem"
    " welchen wodurch womit worum wofür gibt gab geben es ist sind war waren wird werden wurde wurden worden hat haben"
    " hatte hatten kann können konnte konnten soll sollte muss müssen darf der die das den dem des ein eine einen einem"
    " einer eines von vom im in am an auf zu zum zur bei mit nach aus für über und oder nicht kein keine keinen ich man"
    " er sie wir ihr sich noch schon auch nur als um",
    "fr": "qui que quoi quand où pourquoi comment combien quel quelle quels quelles lequel laquelle est ce qu est-ce"
    " qu'est y a-t-il a-t-elle t-il t-elle il elle ils elles on était étaient été sont a ont avait peut doit fait le la"
    " les un une des du de au aux en dans sur pour par avec et ou ne pas se son sa ses ces cette cet",
    "es": "quién quiénes qué cuándo dónde cómo cuánto cuánta cuántos cuántas cuál cuáles porqué por es son era eran fue"
    " fueron está están estaba ha han había hay puede se le la el los las un una unos unas de del en con para y o no su"
    " sus lo al",
    "it": "chi che cosa quando dove come quanto quanta quanti quante quale quali perché è sono era erano fu furono ha"
    " hanno aveva può si il lo la i gli le un una uno di del della dei delle da dal in nel nella con per e o non su",
    "pt": "quem que quê quando onde como quanto quanta quantos quantas qual quais porquê porque por é são era eram foi"
    " foram está estão tem têm há pode se o a os as um uma de do da dos das em no na com para e ou não",
    "nl": "wie wat wanneer waar waarom hoe hoeveel welke welk is zijn was waren heeft hebben had wordt worden werd"
    " werden kan kunnen moet er de het een van in op aan bij met voor en of niet geen",
}
_SETS = {language: word_set(words) for language, words in _WORDS.items()}
_EVERY = frozenset[str]().union(*_SETS.values())
_OPENING = word_set(
    "welche welcher welches welchem welchen wessen wann warum weshalb quand pourquoi combien quel quelle quels quelles"
    " quién quiénes cuándo dónde cómo cuánto cuánta cuántos cuántas cuál cuáles qué quando quanto quanti quem wanneer"
    " waarom hoeveel welke"
)


def question_words(question: str) -> frozenset[str]:
    """The words, in small letters, that ask and join in the language of the question.

    Of a language that its words do not tell, those of all; in English the few that are no words of English.
    """
    language = language_of(question)
    return (_SETS.get(language, frozenset()) if language else _EVERY) | _OPENING
