"""Closed word classes that the lexical checks lean on. English, with the commonest negations of a few other languages.

A word missing here costs a little recall and never an error; the lists are hand-written, none is taken from a data set.
"""


def word_set(words: str) -> frozenset[str]:
    """The words of a table that is written as running text."""
    return frozenset(words.split())


def any_phrase(phrases: str) -> str:
    """A pattern for any of the phrases of a table that are parted by commas; each is a pattern."""
    return "|".join(" ".join(phrase.split()) for phrase in phrases.split(","))


STOP_WORDS = word_set(
    """
    a about above after again against all also am an and any are as at be because been before being below between
    both but by can could did do does doing down during each either else ever every few for from further had has
    have having he her here hers herself him himself his how i if in into is it its itself just let like many may me
    might more most much must my myself no nor not now of off on once one only or other our ours out over own per
    quite rather said same shall she should since so some still such than that the their theirs them themselves then
    there these they this those though through thus to too under until up upon us very was we well were what when
    where whether which while who whom whose why will with within without would yet you your yours s t d ll re ve m
    der die das und ist ein eine den dem des im zu von mit auf für le la les un une de du et est dans en que qui el
    los las del es una por para con il lo gli di che è
    """
)

NEGATIONS = word_set(
    """
    no not never none nobody nothing nowhere neither nor without cannot hardly barely scarcely seldom rarely unable
    incapable unrelated false lack lacked lacking lacks fail failed fails failing refuse refused refuses denied
    denies deny declined nicht kein keine keinen keiner keinem nie niemals ohne ne pas jamais aucun aucune sans sin
    nunca ningún ninguna jamás non mai senza niet geen nooit não nenhum
    """
)

HEDGES = word_set(
    """
    may might could possibly perhaps maybe probably likely reportedly allegedly apparently suggest suggests
    suggested seem seems seemed appear appears believed potential potentially expected plans planned proposed
    rumored rumoured approximately about around nearly almost roughly some sometimes often usually generally mostly
    partly several wahrscheinlich vielleicht möglicherweise peut-être quizás
    """
)

# What makes a statement less than a fact: the more certain hedges only, since most of the others change little.
UNREAL = word_set(
    """
    if unless whether may might could would alleged allegedly reportedly supposedly purported purportedly rumored
    rumoured rumors rumours plan plans planned planning proposed proposes proposal hypothetical hypothetically suppose
    imagine expect expects expected hopes hoped intends intended scheduled speculated speculation possibly perhaps maybe
    unconfirmed allege alleges believe believes speculates hope accuse accuses
    accused accusing suspect suspects suspected forecast forecasts predict predicts
    predicted projected threaten threatens threatened considering considers allegation allegations
    """
)

ALLEGED = word_set(
    """
    alleged allegedly reportedly supposedly purported purportedly rumored rumoured accuse accuses accused accusing
    suspect suspects suspected unconfirmed hypothetically allegation allegations allege alleges believe believes
    speculates
    """
)

# What makes all that follows in the sentence hold only in a certain case.
CONDITIONS = word_set("if unless suppose supposing imagine provided")

# What a claim can tell an allegation with.
TELLING = ALLEGED | word_set(
    """
    said says say claim claims claimed according charge charged charges prosecutors believe believes believed think
    thinks thought report reports reported allege alleges police indicted indictment investigated
    """
)

# What a sentence tells a thing with in order to deny it.
DENIALS = word_set(
    """
    false falsely untrue myth myths hoax debunked denied denies deny denying refuted refutes refute misconception
    misconceptions fabricated fake baseless disproved disproven disprove wrongly incorrectly mistakenly erroneously
    disputed disputes misinformation disinformation untruth satirical
    """
)

# From none to all; a claim may say less than its source but not more.
QUANTIFIERS = {
    "no": 0, "few": 1, "minority": 1, "some": 2, "several": 2, "certain": 2, "half": 3, "many": 3, "most": 4,
    "majority": 4, "all": 5, "every": 5, "each": 5, "entire": 5, "whole": 5,
}  # fmt: skip
ALWAYS = {"never": 0, "rarely": 1, "seldom": 1, "sometimes": 2, "occasionally": 2, "often": 3, "frequently": 3,
          "usually": 4,         "generally": 4, "mostly": 4, "typically": 4, "always": 5, "invariably": 5}  # fmt: skip

# What says that there is no other, and what a source can say it with.
ONLY = word_set("only solely exclusively sole")
ALONE = ONLY | word_set("just alone single merely except unique one first")

ABSOLUTES = word_set(
    """
    all every each always never only none entirely completely fully exclusively solely must everyone everything
    nobody first last most least best worst largest smallest highest lowest oldest youngest greatest sole main
    primary proven proves definitely certainly exactly
    """
)

_PAIRS = """
    increase/decrease rise/fall rise/drop grow/shrink more/less more/fewer higher/lower high/low raise/lower up/down
    above/below over/under before/after first/last early/late earlier/later begin/end start/end start/stop
    open/close win/lose won/lost victory/defeat victory/loss gain/loss gain/lose profit/loss success/failure
    succeed/fail pass/fail support/oppose accept/reject approve/reject agree/disagree allow/prohibit allow/ban
    permit/forbid allow/forbid include/exclude add/remove buy/sell bought/sold import/export positive/negative
    good/bad better/worse best/worst advantage/disadvantage benefit/harm help/hurt safe/dangerous easy/difficult
    easy/hard simple/complex cheap/expensive fast/slow quick/slow large/small big/small big/little long/short
    strong/weak heavy/light old/new old/young modern/ancient many/few most/least most/few majority/minority all/none
    all/some always/never everyone/nobody often/rarely maximum/minimum major/minor male/female man/woman men/women
    boy/girl father/mother son/daughter brother/sister husband/wife king/queen uncle/aunt he/she his/her him/her
    north/south east/west northern/southern eastern/western left/right inside/outside internal/external
    indoor/outdoor public/private rich/poor same/different similar/different true/false correct/incorrect alive/dead
    born/died birth/death love/hate like/dislike friend/enemy attack/defend hero/villain protagonist/antagonist
    present/absent required/optional mandatory/optional permanent/temporary improve/worsen enhance/reduce
    enhance/inhibit promote/inhibit promote/suppress activate/inhibit activate/suppress induce/inhibit
    upregulate/downregulate protect/expose increase/reduce increase/lower raise/reduce boost/reduce expand/contract
    strengthen/weaken wide/narrow deep/shallow hot/cold warm/cold wet/dry light/dark day/night summer/winter
    morning/evening morning/night upper/lower front/back forward/backward parent/child teacher/student
    employer/employee optimistic/pessimistic happy/sad satisfied/dissatisfied interested/uninterested
    confident/uncertain certain/uncertain likely/unlikely able/unable possible/impossible legal/illegal
    married/divorced single/married single/double arrive/leave join/leave enter/leave hire/fire publish/withdraw
    remember/forget fiction/nonfiction comedy/tragedy comedy/drama novel/poem urban/rural domestic/foreign
    domestic/international local/global amateur/professional senior/junior guilty/innocent guilty/acquitted
    convicted/acquitted voluntary/involuntary with/without despite/because daily/weekly weekly/monthly
    monthly/annual monthly/yearly weekly/yearly rose/fell rose/dropped rose/declined risen/fallen grew/shrank grew/fell
    grew/declined increase/decline began/ended begun/ended upheld/overturned upheld/reversed uphold/overturn
    uphold/reverse allow/bar permit/ban permit/prohibit survived/died confirm/deny admit/deny admitted/denied
    confirmed/denied safe/unsafe hard/soft harder/softer passed/rejected adopted/rejected back/oppose
    praise/criticise praise/criticize
    praised/criticised praised/criticized appoint/dismiss appointed/dismissed hired/dismissed borrow/lend borrowed/lent
    innocent/convicted profitable/unprofitable successful/unsuccessful healthy/unhealthy stable/unstable aware/unaware
    known/unknown popular/unpopular fair/unfair familiar/unfamiliar expected/unexpected effective/ineffective
    complete/incomplete dependent/independent visible/invisible regular/irregular relevant/irrelevant
"""

OPPOSITES = tuple((left, right) for left, _, right in (pair.partition("/") for pair in _PAIRS.split()))

_UNITS = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
    eighteen nineteen
"""
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"

SPELLED = {word: value for value, word in enumerate(_UNITS.split())} | {
    word: 10 * value for value, word in enumerate(_TENS.split(), start=2)
}
SPELLED_ORDINALS = {word: value for value, word in enumerate(_ORDINALS.split(), start=1)}

# Zeros that a unit adds. Upper-case M and B only, since "5 m" is a length.
SCALES = {
    "hundred": 2, "thousand": 3, "million": 6, "millions": 6, "billion": 9, "billions": 9, "trillion": 12,
    "k": 3, "K": 3, "M": 6, "mn": 6, "mln": 6, "bn": 9, "bln": 9, "B": 9, "tn": 12,
    "mio": 6, "millionen": 6, "milliarden": 9, "mrd": 9, "milliards": 9, "millones": 6,
}  # fmt: skip

# Lower-case words inside of names: "University of the Andes", "Ludwig van Beethoven".
CONNECTORS = word_set(
    "of the for de la las los del della di da do dos du des le van von der den ter zu al el bin ibn y e"
)

HONORIFICS = word_set(
    """
    mr mrs ms miss dr prof professor sir lady lord dame st saint president chancellor minister senator governor
    captain colonel general major sergeant judge justice king queen prince princess emperor pope bishop archbishop
    rev reverend father sister brother inc ltd corp corporation co company llc plc gmbh ag sa the jr sr herr frau
    monsieur madame
    """
)

_PEOPLES = """
    france/french netherlands/dutch/holland britain/british/uk/england/english/briton/britons spain/spanish/spaniard
    switzerland/swiss greece/greek/greeks denmark/danish/dane/danes sweden/swedish/swede/swedes poland/polish/pole/poles
    finland/finnish/finn/finns turkey/turkish/turk/turks/türkiye scotland/scottish/scots wales/welsh ireland/irish
    norway/norwegian/norwegians us/usa/america/american/americans thailand/thai philippines/filipino/filipinos
    czech/czechia iceland/icelandic lebanon/lebanese portugal/portuguese/lusophone germany/german/germans/deutschland
    peru/peruvian congo/congolese cyprus/cypriot afghanistan/afghan afghanistan/afghans kazakhstan/kazakh
    pakistan/pakistani israel/israeli iraq/iraqi saudi/saudis uzbekistan/uzbek burma/myanmar/burmese
    ukraine/ukrainian hungary/hungarian/hungarians belgium/belgian china/chinese japan/japanese croatia/croatian/croat
    serbia/serb/serbs/serbian europe/european/eu/europeans
"""

DEMONYMS: dict[str, frozenset[str]] = {}
for _people in _PEOPLES.split():
    for _word in _people.split("/"):
        DEMONYMS[_word] = DEMONYMS.get(_word, frozenset()) | frozenset(_people.split("/"))

# Verbs that can begin what is said of a subject, beside those that end in -ed.
FINITE_VERBS = word_set(
    """
    is was are were has had have does did can will became become becomes began begins won wins lost loses made makes
    took takes gave gives went goes came comes got gets left leaves led leads wrote writes sang sings ran runs built
    builds bought buys sold sells sent sends spent spends stood stands sat sits saw sees set sets put puts met meets
    held holds kept keeps grew grows rose rises fell falls drew draws drove drives flew flies fought fights found finds
    brought brings broke breaks chose chooses cut cuts hit hits rode rides spoke speaks taught teaches wore wears
    shot shoots beat beats bore bears struck strikes underwent withdrew overtook
    contains includes consists covers produces provides serves lies remains features uses supports employs operates
    died moved lived used
    """
)
