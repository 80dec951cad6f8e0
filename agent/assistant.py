"""The doors for other programs: `ask`, which needs no loop, and `Assistant`, which runs in one."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import date
from functools import partial
from types import TracebackType
from typing import Self, TypedDict, Unpack

from ..crawler import clean, utc_now
from ..retrievers import Index, Source
from . import providers
from .account import Account, paying
from .adding import MOST_LISTED, add_sources
from .answer import Answer
from .asked_on import as_of_day, day_asked_on
from .asked_options import refuse_unknown, since_day, site_names
from .begun_with import begun_with, left_off
from .budget import Allowance, Budget
from .checker import Checker
from .checkpoints import Checkpoints, open_checkpoints
from .conversations import Conversations, conversation_id
from .deps import AtHand, Deps
from .errors import BadQuestion
from .events import Event
from .going_on import GoingOn
from .memory import remembered
from .models import Writer
from .named_sources import Sources, named_sources
from .own_thread import in_own_thread
from .planned import PlannedQuestions
from .reading import Progress, Report, is_address
from .run import Run
from .sentence_check import SentenceCheck
from .settings import Settings
from .state import Memory, Plan, State
from .steps.route import route
from .steps.understand import typed, understand
from .tags import known_tags
from .verifiers import Verifier
from .web import Web
from .web_switch import needs_web, web_wanted
from .wire import to_json


class Options(TypedDict, total=False):
    """What may be said with a question.

    `sources` (files, folders, URLs) restrict it to these, `tags` to the sources of the index that carry any of them;
    with both, both are asked. `web`: True searches the web, beside these too; False
    does not; None leaves it to the settings and the question. `sites` (host names) narrow a web search, and have one
    made. `since` (a date, or an ISO one as text): pages that are known to be older are left out.
    `as_of`: the question is asked as on that day; "last year" and the age of pages are counted from it, and pages that
    are known to be later are no evidence. None is today.
    `plan` is one that `Assistant.plan` gave, changed or not: it is kept to. `conversation` is the id of the one it
    belongs to, made when there is none of it: the question is read with its earlier turns and becomes one itself.
    `replaces` is the run of a turn of it: that turn and all later ones are erased, and this one stands in their place
    (the last traces of them leave the files when the assistant is closed).
    `allowance` is what the run may spend.
    """

    sources: Sources | None
    tags: Sequence[str]
    web: bool | None
    sites: Sequence[str]
    since: date | str | None
    as_of: date | None
    plan: Plan | None
    conversation: str
    replaces: str
    allowance: Allowance | None


KEPT_DAYS = 30
"""How long an interrupted run can be resumed."""


class Assistant:
    """Answers questions over one data directory; use it with `async with`.

    Any number of questions may be asked at once; `questions` of the settings are answered at a time. `writer` and
    `verifier` replace those of the settings with objects of one's own.
    """

    def __init__(
        self, settings: Settings | None = None, *, writer: Writer | None = None, verifier: Verifier | None = None
    ) -> None:
        self.settings = settings or Settings()
        self.index: Index = self.settings.build_index()
        self.reader = self.settings.build_reader()
        self._web = Web(
            crawler=lambda: self.settings.build_crawler(self.reader, well_known_tdm=False),
            search=self.settings.build_fan_out,
            providers=self.settings.search,
            is_on=self.settings.web,
            archive=partial(providers.archive, self.settings),
            registers=partial(providers.registers, self.settings),
        )
        self._models = self.settings.build_models()
        self._writer = writer or self.settings.build_writer(self.index, self._models.writer)
        self._verifier = verifier or self.settings.build_verifier(self._models.judge)
        self._checkpoints: Checkpoints | None = None
        self._stack = AsyncExitStack()
        self._going_on = GoingOn(self.settings.home / "running")
        self._turns = asyncio.Semaphore(self.settings.questions)
        self._planned = PlannedQuestions()
        self._conversations: Conversations | None = None

    async def __aenter__(self) -> Self:
        """Open the data directory.

        Raises:
            StoreError: it cannot be used.
        """
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.index)
            await stack.enter_async_context(self.reader)
            stack.push_async_callback(self._web.aclose)
            stack.push_async_callback(self._models.aclose)
            self._going_on.held.tidy()
            self._checkpoints = await stack.enter_async_context(open_checkpoints(self.settings.home / "checkpoints.db"))
            await self._going_on.let_go_of_old(self.index.store, self._checkpoints, days=KEPT_DAYS)
            self._conversations = Conversations(
                self.index.store, self._checkpoints, going_on=self._going_on, home=self.settings.home, new_id=_new_id
            )
            await self._conversations.finish_erasing()
            self._stack = stack.pop_all()
        return self

    @property
    def conversations(self) -> Conversations:
        """The conversations that are kept."""
        self._opened()
        assert self._conversations is not None
        return self._conversations

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._checkpoints = None
        try:
            await self._going_on.abandon()
            if self._conversations:
                await self._conversations.finish_erasing()
        finally:  # also when the waiting is cancelled, by a second Ctrl-C
            await self._stack.__aexit__(kind, error, trace)

    async def ask(self, question: str, **options: Unpack[Options]) -> Answer:
        """Answer `question`; see `Options` for what it may be restricted to.

        When the awaiting task is cancelled the run is cancelled with it.

        Raises:
            BadQuestion: the question is empty or too long, or asks for what this version cannot do.
            NothingRead: not one of `sources` could be read.
            RetrievalError: the data directory cannot be used.
        """
        run = await self.start(question, **options)
        try:
            return await run.answer()
        except asyncio.CancelledError:
            await run.abandon()
            raise

    async def stream(self, question: str, **options: Unpack[Options]) -> AsyncIterator[Event]:
        """Answer as `ask` does and tell what happens meanwhile; the last event holds the `Answer`.

        Closing the iterator before its end cancels the run.
        """
        run = await self.start(question, **options)
        try:
            async for event in run.events():
                yield event
        finally:
            await run.abandon()

    async def start(self, question: str, **options: Unpack[Options]) -> Run:
        """Begin a run and return at once: to watch it, to cancel it, to await its answer.

        When it returns, the question is on the disk.

        Raises:
            BadQuestion: it asks from no source at all; of a conversation, also if it is empty or too long.
            StoreError: the run cannot be noted.
        """
        checkpoints = self._opened()
        if not isinstance(question, str):
            raise TypeError(f"a question is a str, not {type(question).__name__}")
        state = await self._asked(question, options, note=checkpoints.note)
        planned = self._planned.take(state) if state.plan else None
        if planned:  # a model that was asked for the plan is not asked again
            understood = tuple(each for each in planned.account.ran if each.step != "route")
            state = replace(state, query=planned.query, trace=understood)
        longest = self.settings.limits().question
        asked = begun_with(state) if len(state.question) <= longest else ""
        async with self._going_on.beginning(state.run):
            if state.conversation:
                typed(state.question, longest)  # before anything is written, or replaced
                replaces = options.get("replaces", "")
                await self.conversations.begin(
                    state.conversation, state.run, state.question, replaces=replaces, asked=asked
                )
            else:
                await self.index.store.begin_run(state.run, state.question[:longest], asked=asked)
            paid = planned.account if planned else None
            return await self._begin(state, resumed=False, allowance=options.get("allowance"), paid=paid)

    async def plan(self, question: str, **options: Unpack[Options]) -> Plan:
        """Where the question would be taken, and nothing more: to look at, to change, and to give back as `plan`.

        Raises:
            BadQuestion: as `ask`.
        """
        state = await self._asked(question, options, note=self._opened().note)
        deps = self._deps(Run(state), await self._at_hand(), state, options.get("allowance"))
        account = Account(budget=deps.budget, tell=lambda _text: None)
        with paying(account):
            state = replace(state, **await understand(state, deps))
            state = replace(state, **await route(state, deps))
        self._planned.keep(state, account)
        return state.planned

    async def _asked(self, question: str, options: Options, *, note: str) -> State:
        refuse_unknown(options, Options.__annotations__)
        sources, since, plan = options.get("sources"), since_day(options.get("since")), options.get("plan")
        sites, web = site_names(options.get("sites", ())), options.get("web")
        as_of = as_of_day(options.get("as_of"), since, today=date.today())  # noqa: DTZ011
        conversation, replaces = conversation_id(options.get("conversation", "")), options.get("replaces", "")
        if replaces and not conversation:
            raise BadQuestion("what it replaces", "that is a turn of a conversation; say of which")
        named = () if sources is None else named_sources(sources)
        if sources is not None and not named:
            raise BadQuestion("the sources", "an empty list was given; leave `sources` out to ask the whole index")
        tags = await known_tags(plan.tags if plan else options.get("tags", ()), self.index.store)
        return State(
            run=_new_id(),
            question=clean(question),
            asked=utc_now(),
            conversation=conversation,
            memory=await remembered(self.index.store, conversation, before=replaces) if conversation else Memory(),
            sources=tuple(name for name in named if not is_address(name)),
            urls=tuple(name for name in named if is_address(name)),
            tags=tags,
            sites=sites,
            since=since.isoformat() if since else "",
            as_of=as_of,
            web=web_wanted(
                web, needs_web(sites, plan, web=web), is_restricted=bool(named or tags), is_on=self.settings.web
            ),
            plan=plan,
            notes=tuple(filter(None, (note, f"asked as on {as_of}" if as_of else ""))),
        )

    async def resume(self, run: str, *, allowance: Allowance | None = None) -> Run:
        """Go on with a run that was interrupted, from its checkpoint: finished steps are not repeated.

        One that was killed before its first checkpoint begins anew, with all that it was asked with.

        Raises:
            RunGoesOn: it is being answered at this moment, here or by another process.
            UnknownRun: there is no such run, or it has nothing left to do, or another version of Fontes began it.
        """
        checkpoints = self._opened()
        async with self._going_on.beginning(run):
            state, is_begun = await left_off(run, self.index.store, checkpoints)
            return await self._begin(state, resumed=is_begun, allowance=allowance)

    async def add(
        self,
        sources: Sources,
        *,
        embed: bool = True,
        limit: int = MOST_LISTED,
        progress: Progress | None = None,
        tags: Sequence[str] = (),
    ) -> Report:
        """Take files, folders and addresses into the lasting index, then embed what is new; see `adding.add_sources`.

        `limit` is how many pages the sitemaps among the addresses may bring along. All of them get the `tags`.
        """
        self._opened()
        report = await add_sources(
            named_sources(sources), self.index, self.reader, lambda: self.settings.build_crawler(self.reader),
            limit=limit, progress=progress, tags=tags,
        )  # fmt: skip
        await self.index.sync()
        if embed:
            await self.index.embed()
        return report

    async def sources(self) -> tuple[Source, ...]:
        """Every source of the lasting index."""
        return await self.index.store.sources()

    def _opened(self) -> Checkpoints:
        if self._checkpoints is None:
            raise RuntimeError("the Assistant is used outside of its `async with`; once left, make a new one")
        return self._checkpoints

    async def _begin(
        self, state: State, *, resumed: bool, allowance: Allowance | None, paid: Account | None = None
    ) -> Run:
        checkpoints = self._opened()
        run = Run(state, resumed=resumed, paid=paid)
        deps = self._deps(run, await self._at_hand(), state, allowance)
        run.start(deps, checkpoints, save=self._save, turns=self._turns, let_go=self._going_on.held.let_go)
        self._going_on.began(run)
        return run

    async def _at_hand(self) -> AtHand:
        return self._web.at_hand(await self.index.store.page_count())

    def _deps(self, run: Run, at_hand: AtHand, state: State, allowance: Allowance | None) -> Deps:
        limits = self.settings.limits(self.index)
        today = partial(day_asked_on, state)
        check = SentenceCheck(
            self.index.store,
            self._verifier,
            run=run.id,
            tags=state.tagged,
            threshold=limits.relevance,
            tell=lambda checked: run.emit("verdict", "verify", checked),
            today=today,
        )
        return Deps(
            index=self.index,
            reader=self.reader,
            web=self._web,
            reranker=self.index.reranker,
            writer=self._writer,
            verifier=self._verifier,
            limits=limits,
            budget=Budget(allowance or self.settings.allowance()),
            checker=Checker(check),
            consider=check.consider,
            keep=check.keep,
            emit=run.emit,
            today=today,
            at_hand=at_hand,
            router=self._models.router,
            repairs=self._models.writer is not None,
            is_durable=self._models.writer is not None
            or bool(state.urls)
            or bool(state.conversation)  # what was said in a chat is gone on with, even after kill -9
            or (not (state.sources or state.tags) and at_hand.may_search(state.web)),
        )

    async def _save(self, answer: Answer, is_whole: bool) -> None:
        cited = {(citation.page_hash, citation.source) for claim in answer.claims for citation in claim.citations}
        is_kept = await self.index.store.finish_run(
            answer.run,
            status=answer.status,
            answer=to_json(answer),
            cited=cited,
            is_whole=is_whole,
            standalone=answer.question,
            text=answer.text,
        )
        if not is_kept and self._conversations:  # erased by another process while it went on
            await self._conversations.finish_erasing()


def _new_id() -> str:
    return uuid.uuid4().hex[:12]


def ask(
    question: str,
    *,
    sources: Sources | None = None,
    web: bool | None = None,
    settings: Settings | None = None,
) -> Answer:
    """Answer one question and return; also from inside a running loop (a notebook), where it blocks the caller.

    Raises:
        BadQuestion, NothingRead, SettingError, RetrievalError: see `Assistant.ask`.
    """

    async def one() -> Answer:
        async with Assistant(settings) as fontes:
            return await fontes.ask(question, sources=sources, web=web)

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(one())
    return in_own_thread(lambda: asyncio.run(one()))
