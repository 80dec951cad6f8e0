"""What flows down the river: small, frozen, ids only. Page text and vectors stay in the store.

Checkpoints turn every tuple into a list, nested ones too; `Frozen` turns them back, so that a state read from
a checkpoint equals, and hashes as, the one that was written. A State of another `version` is not resumed.
"""

from dataclasses import dataclass, fields
from typing import Literal, TypedDict

STATE_VERSION = 5

Label = Literal["supported", "partial", "unsupported", "contradicted"]
Status = Literal["running", "answered", "partial", "abstained"]
Intent = Literal["fact", "comparison", "list", "how_to", "claim", "url"]
ConflictKind = Literal["number", "date", "name", "polarity"]
Route = Literal["index", "web", "urls", "sources", "ask_back"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Frozen:
    """A value whose tuples survive a checkpoint."""

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, list):
                object.__setattr__(self, field.name, _tupled(value))


def _tupled(value: object) -> object:
    return tuple(_tupled(item) for item in value) if isinstance(value, list) else value


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier(Frozen):
    """An earlier turn of the conversation: its question, standing alone, and its answer; long ones are cut."""

    question: str
    answer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory(Frozen):
    """What a question is understood with of the conversation it belongs to; bounded, however long that is.

    `turns` are the last ones, in order. `subjects` say what those before were about, the latest first. `summary` is
    what a model made of them. `pending` are turns, up to the one numbered `upto`, that came after it and before
    `turns`: a model may sum them up. All of it helps to read the question, and none of it is ever evidence.
    """

    turns: tuple[Earlier, ...] = ()
    subjects: tuple[str, ...] = ()
    summary: str = ""
    pending: tuple[Earlier, ...] = ()
    upto: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Query(Frozen):
    """The question as it is searched for.

    `text` stands alone and is free of addresses; `original` is what was typed. `language` is ISO 639-1 or "" when the
    question is too short to tell. `quoted` are the terms in quotation marks, to be found to the letter.
    `since`/`until` are ISO dates the question names ("" for none), both inclusive; `fresh`: newer pages answer better.
    `place` is a place as it is written. `urls` are addresses to read and `sites` host names to search in.
    `sub_questions` stand alone, too; () when it is one question. `expansions` are other wordings for search engines,
    `contrary` is a search for what speaks against a claim, "" for any other intent. `is_whole`: a source as a whole is
    asked about ("summarise"), not a passage of it. `suggested` is where a model would take it, () when only rules read
    it.
    """

    text: str
    original: str
    language: str = ""
    intent: Intent = "fact"
    quoted: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    fresh: bool = False
    place: str = ""
    urls: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    sub_questions: tuple[str, ...] = ()
    expansions: tuple[str, ...] = ()
    contrary: str = ""
    is_whole: bool = False
    suggested: tuple[Route, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan(Frozen):
    """Where the question is taken, as data: shown, logged, and open to approval or change by the caller.

    `routes` in the order they are tried; `queries` are what the retrievers are asked, `web_queries` what search
    providers are; `sources` are the files and folders of this question alone ("sources" route), `urls` the addresses
    ("urls"). Of the own index only sources with any of `tags` are asked, all with (). `since`/`until` (ISO dates, ""
    open) bound when a page was published, `language` (ISO 639-1), `country` (ISO 3166-1, set by no rule) and `sites`
    restrict a search. `pages` may be read, in at most `seconds` for search
    and crawl together; 0 where nothing is. `ask_back` is the question to the person when theirs cannot be understood.
    `reason` says in one line why this plan.
    """

    routes: tuple[Route, ...]
    queries: tuple[str, ...]
    web_queries: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    language: str = ""
    country: str = ""
    sites: tuple[str, ...] = ()
    pages: int = 0
    seconds: float = 0.0
    ask_back: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found(Frozen):
    """A hit as a checkpoint holds it: where to look, and who said so; see `tools.Hit`."""

    url: str
    title: str
    provider: str
    published: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched(Frozen):
    """One search: where it went (`index`, `sources`, or a provider), what was asked, how much it found, in seconds.

    `error` says why there was no answer, or why it is not whole (`hits` tells which), "" when nothing failed.
    """

    provider: str
    query: str
    hits: int
    seconds: float = 0.0
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran(Frozen):
    """What did a step's work: `by` is "rules", "model NAME" or "caller" (a plan that was given); `detail` says why."""

    step: str
    by: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate(Frozen):
    """Evidence as a checkpoint holds it: the passage id and its scores, see `retrievers.Evidence`."""

    passage: int
    score: float
    stages: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote(Frozen):
    """A verbatim stretch of a page: `page.text[start:end] == text`, offsets in code points."""

    passage: int
    page_hash: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence(Frozen):
    """One drafted sentence and the quotes it rests on.

    `question` is the index of the sub-question it answers, `before` the sentence drafted right before it, which its
    pronouns may refer to. `relevance` is the writer's calibrated probability, in [0, 1], that the sentence answers the
    question; None from a writer that cannot tell.
    """

    text: str
    quotes: tuple[Quote, ...]
    question: int = 0
    before: str = ""
    relevance: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict(Frozen):
    """What a verifier found: `score` in [0, 1] is the calibrated probability of support by the evidence.

    `verifier` is its name and version. `reason` says in a few words what speaks against support, "" if nothing; `span`
    is the verbatim stretch of the evidence that the verdict rests on, "" if there is none.
    """

    label: Label
    score: float
    verifier: str
    reason: str = ""
    span: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation(Frozen):
    """Where a claim stands: a page, a span of its stored text, the verbatim quote and the times.

    `page.text[start:end] == quote` always. `author` and `site` are what the page says of itself. The reader-facing
    number is given at rendering only.
    """

    page_hash: str
    start: int
    end: int
    quote: str
    source: str
    title: str = ""
    fetched: str = ""
    published: str = ""
    page_number: int | None = None
    author: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side(Frozen):
    """One side of a contradiction: the sentence that says it, where it stands, and the value as it is written there.

    `as_of` is the day the value is told for (ISO), by the sentence itself or else by the page's date; "" if neither
    says.
    """

    quote: str
    source: str
    title: str
    published: str
    page_hash: str
    start: int
    end: int
    value: str
    as_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction(Frozen):
    """Two sources that cannot both be right about one thing, or could only at different times (`is_change`).

    `older` and `newer` are in the order of their days; of one day, or none, in the order of the statements.
    """

    kind: ConflictKind
    older: Side
    newer: Side
    is_change: bool
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim(Frozen):
    """A checkable statement with its verdict and the citations that carry it.

    `independent_sources` counts the cited sources after copies, one house and one agency were taken together; `merged`
    says why, a line for each pair. `as_of` is the time that the claim gives for itself, else the newest publication
    date among the citations (ISO, "" when neither is known); `stale` says why a claim about the present cannot be
    trusted for that reason, "" when it can. `moved` says so when another passage than the drafted one is cited.
    `contradictions` are between sources that speak of the claim.
    """

    text: str
    verdict: Verdict
    citations: tuple[Citation, ...] = ()
    independent_sources: int = 0
    merged: tuple[str, ...] = ()
    as_of: str = ""
    stale: str = ""
    moved: str = ""
    contradictions: tuple[Contradiction, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked(Frozen):
    """A sentence after verification: asserted only if all its claims are supported and it answers the question."""

    sentence: Sentence
    claims: tuple[Claim, ...]
    asserted: bool
    withheld: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State(Frozen):
    """One question on its way down the river.

    `run` is the id of the run and of its checkpoint thread. `memory` is what the question is read with of its
    `conversation`. `sources` restrict the question to these files and folders, `urls` to these addresses, `tags` to the
    sources of the own index with any of them; `sites` and `since` (ISO date) narrow a web search. `as_of` is the day
    (ISO) that the question is asked as on, "" for the day of `asked`. `web` turns the web on or off for this question;
    None leaves it to the settings. `hits` and `searched` come from search, `unused` (addresses found and not asked for)
    from crawl, `candidates` from retrieve and `selected` from rerank, both best first; `sentences` from
    draft, `checked` from verify, in reading order. `reasons` say what is missing of a whole answer. `notes` are what
    the reader of the answer must know. `rounds` of repair were begun; `drafted_from` are the passages that the writer
    was given so far, and `gain` of them were new to its last draft. `trace` says, in order, what did the work where
    more than one thing can.
    """

    run: str
    question: str
    asked: str
    version: int = STATE_VERSION
    conversation: str = ""
    memory: Memory = Memory()
    sources: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    sites: tuple[str, ...] = ()
    since: str = ""
    as_of: str = ""
    web: bool | None = None
    query: Query | None = None
    plan: Plan | None = None
    hits: tuple[Found, ...] = ()
    searched: tuple[Searched, ...] = ()
    unused: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    selected: tuple[Candidate, ...] = ()
    sentences: tuple[Sentence, ...] = ()
    checked: tuple[Checked, ...] = ()
    status: Status = "running"
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    rounds: int = 0
    drafted_from: tuple[int, ...] = ()
    gain: int = 0
    trace: tuple[Ran, ...] = ()

    @property
    def understood(self) -> Query:
        """The query; every step after understand may rely on it."""
        if self.query is None:
            raise RuntimeError("a step that needs the query ran before understand")
        return self.query

    @property
    def tagged(self) -> tuple[str, ...]:
        """The tags that hold: those of the plan, once there is one."""
        return self.tags if self.plan is None else self.plan.tags

    @property
    def planned(self) -> Plan:
        """The plan; every step after route may rely on it."""
        if self.plan is None:
            raise RuntimeError("a step that needs the plan ran before route")
        return self.plan


class Update(TypedDict, total=False):
    """The fields of State that a step may change."""

    query: Query
    plan: Plan
    hits: tuple[Found, ...]
    searched: tuple[Searched, ...]
    unused: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    selected: tuple[Candidate, ...]
    sentences: tuple[Sentence, ...]
    checked: tuple[Checked, ...]
    status: Status
    reasons: tuple[str, ...]
    notes: tuple[str, ...]
    rounds: int
    drafted_from: tuple[int, ...]
    gain: int
    trace: tuple[Ran, ...]


HELD = (
    Earlier,
    Memory,
    Query,
    Plan,
    Found,
    Searched,
    Ran,
    Candidate,
    Quote,
    Sentence,
    Verdict,
    Citation,
    Side,
    Contradiction,
    Claim,
    Checked,
    State,
)
"""Every type a checkpoint may hold: the serialiser reads no other."""
