"""Bodies among authors: what they are called by, in a few languages. A body has no family name.

Three kinds of words tell. Some stand in names of bodies alone ("Board", "Trust"); some open one ("National"); and some
end one but are family names too ("House", "Park"), which is decided by whether a given name stands before them.
"""

import re

_WORDS = re.compile(
    r"\b(?:universi(?:t|d)\w*|institut\w*|istituto|agenc\w+|agentur|agenzia|minist(?:r|è|er)\w*|departments?|offices?"
    r"|bureaus?|staff|teams?|desk|editors?|editorial|organi[sz]ations?|associa\w+|society|societies|societ[àé]|sociedad"
    r"|councils?|consejo|consiglio|conseil|committees?|comit[eé]\w*|commissions?|foundations?|fundaci[oó]n\w*"
    r"|fondati?on\w*|fondazione|groups?|groupe|news|times|journals?|reuters|authorit(?:y|ies)|services?|compan(?:y|ies)"
    r"|corporation|corp|museums?|mus[eé]e|museo|librar(?:y|ies)|biblio\w+|colleges?|coll[eè]ge|schools?|[eé]cole|escuela"
    r"|cent(?:re|er)s?|centro|unions?|federation|f[eé]d[eé]ration|clubs?|projects?|contributors?|wikipedia|the|und|and|&"
    r"|gmbh|inc|ltd|limited|plc|llc|llp|ag|bv|oy|verlag|redaktion|hochschule"
    r"|boards?|trusts?|trustees|funds?|surveys?|observator(?:y|ies)|laborator\w+|labs?|hospitals?|clinics?|klinik\w*"
    r"|parliament|governments?|embassy|consulate|police|army|navy|coastguard|corps|airlines?|airways|airports?|railways?"
    r"|rail|bahn|motors|systems|technolog\w+|solutions|software|studios?|media|networks?|channel|radio|television|tv"
    r"|broadcasting|gazette|herald|tribune|chronicle|magazine|reviews?|quarterly|bulletin|newsletter|blog|docs"
    r"|documentation|academ\w+|akademie\w*|facult(?:y|ies)|seminary|(?:arch)?diocese|cathedral|theat(?:re|er)|orchestra"
    r"|ensemble|festival|gallery|archives?|zoo|gardens|forum|alliance|coalition|league|movement|initiative|programmes?"
    r"|programs?|partnership|consortium|syndicate|co-?operative|holdings|partners|associates|enterprises|industries"
    r"|utilit(?:y|ies)|energy|electric|water|insurance|exchange|capital|ventures|secretariat|directorate|inspectorate"
    r"|registry|treasury|senate|congress|assembly|tribunal|administration|research|science|sciences|studies|statistics"
    r"|agriculture|heritage|conservation|conservancy|wildlife|fisheries|harbours?|harbors?|ports?|borough|county"
    r"|rights|watch|ferries|tourism|rescue|shipping|wardens|inspectors|rangers|volunteers|logistics|transport|housing"
    r"|security|health|education|planning|development|communications?|publish\w+|publications|books|records|films"
    r"|pictures|productions|meteorolog\w+|environment|forestry|fylkeskommune|kommune|estate|municipality|gemeente|stadt|mairie|ayuntamiento|comune|banque|banco|banca|stichting|bundes\w+|landes\w+|rijks\w+"
    r"|\w*(?:amt|ministerium|gesellschaft|verband|verein|stiftung|anstalt|werke|sparkasse|zentrum|behörde|kammer"
    r"|bibliothek|archiv|schule|universität|redaktion|agentur))\b",
    re.IGNORECASE,
)


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


_OPENING = _listed(
    "national international royal federal world global northern southern eastern western central united european"
    " american british english scottish irish welsh french german dutch swedish norwegian danish finnish canadian"
    " australian japanese chinese indian african asian nordic baltic arctic antarctic public state regional local"
    " general imperial metropolitan municipal associated deutsche deutscher deutsches nationale nationaal nacional"
    " nazionale österreichische schweizerische trinity historic natural human amnesty"
)
_ENDING = _listed(
    "house park parks church hall bank banks power court post press chambers forest works parish lodge inn abbey"
    " law guard party times chapel temple castle marine mutual gas market markets town city village island islands"
    " line lines cross england scotland wales ireland britain canada australia germany austria france spain italy"
    " norway sweden denmark finland iceland europe america africa asia international worldwide nordic uk usa"
)
_GIVEN = _listed(
    "aaron abigail ada adam adrian agnes aisha alan albert alex alexander alexandra alfred alice alison amanda"
    " amelia amy ana anatole andrea andreas andrew angela anita ann anna anne annie anthony antonio arthur astrid"
    " audrey barbara beatrice ben benjamin bernard beth betty bill bjorn bob brenda brian bruce camille carl carla"
    " carlos carmen carol caroline catherine cecilia charles charlotte chloe chris christian christina christine"
    " christopher claire clara claude claudia clement colin craig daniel daniela david deborah dennis diana diane"
    " dieter donald dora doris dorothy douglas duncan edith edmund eduardo edward eileen elaine eleanor elena"
    " elisabeth elise elizabeth ella ellen elsa emil emily emma eric erica erik ernest ernst esther ethan eva eve"
    " evelyn fatima felix fernando fiona florence frances francesca francis francisco francois frank franz fred"
    " frederick friedrich fritz gabriel gareth gary geoffrey george gerald gerhard gertrude giovanni giulia"
    " giuseppe gordon grace graham greta guido gunnar gustav hannah hans harold harriet harry heidi heinrich helen"
    " helena helga henri henry herbert hilda howard hugh hugo humphrey humphry iain ian ida ingrid irene iris"
    " isaac isabel isabella ivan jack jacob jacques jakob james jan jane janet jason javier jean jennifer jens"
    " jeremy jessica jim joan joe johan johanna johannes john jonas jonathan jorge jose josef joseph joshua joyce"
    " juan judith julia julian julie karen karin karl kate katherine kathleen kathryn keith kenneth kevin kim"
    " klaus kurt lars laura lauren laurence lawrence leo leon leonard lewis liam lily linda lisa liz louis louise"
    " lucas lucia lucy luigi luis luke lydia madeleine magnus malcolm marc marco marcus margaret maria marie"
    " marina mario marion mark marta martha martin mary mathilde matthew maureen maurice max megan michael michel"
    " michelle miguel mike miriam mohamed mohammed monica nancy natalie nathan neil nicholas nick nicola nicole"
    " nigel nils nina noah nora norman oliver olivia oscar otto pablo pamela patricia patrick paul paula pauline"
    " pedro peter philip philippa pierre piet rachel ralph raymond rebecca richard rita robert robin roger roland"
    " ronald rosa rosalind rose roy rupert ruth sabine sally sam samantha samuel sandra sara sarah scott sean"
    " sebastian sharon sheila silvia simon sofia sonia sophie stefan stella stephanie stephen steve steven stuart"
    " susan susanna sven sylvia tanya teresa theodore theresa thomas tim timothy tom tony ursula valerie vanessa"
    " vera veronica victor victoria vincent viola virginia walter wendy werner wilhelm will william wolfgang"
    " yasmin yvonne zoe"
)


def is_body(text: str) -> bool:
    """Whether a name is one of a body, as far as its words tell."""
    words = [word.strip(".,").casefold() for word in text.split()]
    if _WORDS.search(text) or words[0] in _OPENING:
        return True
    if words[-1] in _ENDING:
        return words[0] not in _GIVEN and not _is_initial(text.split()[0])
    first, last = text.split()[0], text.split()[-1]
    return len(first) > 2 and first.isalpha() and first.isupper() and not last.isupper()  # NASA Goddard


def _is_initial(word: str) -> bool:
    return len(word.rstrip(".")) == 1 or word.count(".") > 1
