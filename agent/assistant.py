"""The doors for other programs: `ask`, which needs no loop, and `Assistant`, which runs in one."""

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from os import PathLike, fspath
from types import TracebackType
from typing import Self, TypedDict, Unpack

from ..crawler import clean, utc_now
from ..retrievers import Index, Source
from . import providers
from .account import Account, paying
from .adding import MOST_LISTED, add_sources
from .answer import Answer
from .budget import Allowance, Budget
from .checker import Checker
from .checkpoints import Checkpoints, open_checkpoints
from .conversations import Conversations, conversation_id
from .deps import AtHand, Deps
from .errors import BadQuestion, UnknownRun
from .events import Event
from .memory import remembered
from .models import Writer
from .own_thread import in_own_thread
from .reading import Progress, Report, is_address
from .run import Run
from .sentence_check import SentenceCheck
from .settings import Settings
from .state import Memory, Plan, Query, State
from .steps.route import route
from .steps.understand import typed, understand
from .verifiers import Verifier
from .web import Web
from .wire import to_json

PathOrUrl = str | PathLike[str]
Sources = Sequence[PathOrUrl] | PathOrUrl


class Options(TypedDict, total=False):
    """What may be said with a question.

    `sources` (files, folders, URLs) restrict it to these. `web`: True searches the web, beside `sources` too; False
    does not; None leaves it to the settings and the question. `sites` (host names) and `since` narrow a web search.
    `plan` is one that `Assistant.plan` gave, changed or not: it is kept to. `conversation` is the id of the one it
    belongs to, made when there is none of it: the question is read with its earlier turns and becomes one itself.
    `replaces` is the run of a turn of it: that turn and all later ones are erased, and this one stands in their place
    (the last traces of them leave the files when the assistant is closed).
    `allowance` is what the run may spend.
    """

    sources: Sources | None
    web: bool | None
    sites: Sequence[str]
    since: date | None
    plan: Plan | None
    conversation: str
    replaces: str
    allowance: Allowance | None


KEPT_DAYS = 30
"""How long an interrupted run can be resumed."""

_PLANS_KEPT = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A question that was planned and may be asked: how it was understood, and what that cost."""

    query: Query
    account: Account


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
        self._runs: set[Run] = set()
        self._turns = asyncio.Semaphore(self.settings.questions)
        self._planned: dict[tuple[str, str], Planned] = {}
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
            self._checkpoints = await stack.enter_async_context(open_checkpoints(self.settings.home / "checkpoints.db"))
            await self._prune(self._checkpoints)
            self._conversations = Conversations(
                self.index.store, self._checkpoints, abandon=self._abandon, new_id=_new_id
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

    async def _abandon(self, runs: Sequence[str]) -> None:
        for run in [run for run in self._runs if run.id in runs]:
            await run.abandon()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._checkpoints = None
        try:
            for run in list(self._runs):
                await run.abandon()
            if self._conversations:
                await self._conversations.finish_erasing()
        finally:  # also when the waiting is cancelled, by a second Ctrl-C
            await self._stack.__aexit__(kind, error, trace)

    async def _prune(self, checkpoints: Checkpoints) -> None:
        """Let go of runs that were interrupted long ago: nobody will resume them, and they hold pages.

        Their questions stay in their conversations.
        """
        before = (datetime.now(UTC) - timedelta(days=KEPT_DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
        for run in await self.index.store.unfinished_runs(before=before):
            await checkpoints.forget(run)
            await self.index.store.drop_run(run)

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
        planned = self._planned.pop((state.conversation, state.question), None) if state.plan else None
        if planned:  # a model that was asked for the plan is not asked again
            state = replace(state, query=planned.query, trace=tuple(planned.account.ran))
        longest = self.settings.limits().question
        if state.conversation:
            typed(state.question, longest)  # before anything is written, or replaced
            replaces = options.get("replaces", "")
            await self.conversations.begin(state.conversation, state.run, state.question, replaces=replaces)
        else:
            await self.index.store.begin_run(state.run, state.question[:longest])
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
        self._planned[state.conversation, state.question] = Planned(query=state.understood, account=account)
        while len(self._planned) > _PLANS_KEPT:
            del self._planned[next(iter(self._planned))]
        return state.planned

    async def _asked(self, question: str, options: Options, *, note: str) -> State:
        sources, since = options.get("sources"), options.get("since")
        conversation, replaces = conversation_id(options.get("conversation", "")), options.get("replaces", "")
        if replaces and not conversation:
            raise BadQuestion("what it replaces", "that is a turn of a conversation; say of which")
        named = () if sources is None else _named(sources)
        if sources is not None and not named:
            raise BadQuestion("the sources", "an empty list was given; leave `sources` out to ask the whole index")
        return State(
            run=_new_id(),
            question=clean(question),
            asked=utc_now(),
            conversation=conversation,
            memory=await remembered(self.index.store, conversation, before=replaces) if conversation else Memory(),
            sources=tuple(name for name in named if not is_address(name)),
            urls=tuple(name for name in named if is_address(name)),
            sites=tuple(options.get("sites", ())),
            since=since.isoformat() if since else "",
            web=options.get("web"),
            plan=options.get("plan"),
            notes=(note,) if note else (),
        )

    async def resume(self, run: str, *, allowance: Allowance | None = None) -> Run:
        """Go on with a run that was interrupted, from its checkpoint: finished steps are not repeated.

        Raises:
            UnknownRun: there is no such run, or it has nothing left to do, or it is still going on.
        """
        checkpoints = self._opened()
        known = await self.index.store.run(run)
        if known is None:
            raise UnknownRun(f"run {run}", "there is no such run")
        if any(going_on.id == run for going_on in self._runs):
            raise UnknownRun(f"run {run}", "it is still going on")
        return await self._begin(await checkpoints.state(run), resumed=True, allowance=allowance)

    async def add(
        self, sources: Sources, *, embed: bool = True, limit: int = MOST_LISTED, progress: Progress | None = None
    ) -> Report:
        """Take files, folders and addresses into the lasting index, then embed what is new; see `adding.add_sources`.

        `limit` is how many pages the sitemaps among the addresses may bring along.
        """
        self._opened()
        report = await add_sources(
            _named(sources), self.index, self.reader, lambda: self.settings.build_crawler(self.reader),
            limit=limit, progress=progress,
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
        run.start(deps, checkpoints, save=self._save, turns=self._turns)
        self._runs.add(run)
        run.when_done(self._runs.discard)
        return run

    async def _at_hand(self) -> AtHand:
        return self._web.at_hand(await self.index.store.page_count())

    def _deps(self, run: Run, at_hand: AtHand, state: State, allowance: Allowance | None) -> Deps:
        limits = self.settings.limits(self.index)
        check = SentenceCheck(
            self.index.store,
            self._verifier,
            run=run.id,
            threshold=limits.relevance,
            tell=lambda checked: run.emit("verdict", "verify", checked),
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
            today=date.today,
            at_hand=at_hand,
            router=self._models.router,
            repairs=self._models.writer is not None,
            is_durable=self._models.writer is not None
            or bool(state.urls)
            or bool(state.conversation)  # what was said in a chat is gone on with, even after kill -9
            or (not state.sources and at_hand.may_search(state.web)),
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


def _named(sources: Sources) -> tuple[str, ...]:
    """The sources as text, paths made absolute: a run may be resumed from another folder.

    A single one that stands alone is meant as it is, not as a sequence of letters.
    """
    many = (sources,) if isinstance(sources, str | PathLike) else sources
    names = (fspath(source) for source in many)
    return tuple(os.path.abspath(name) if name and not is_address(name) else name for name in names)  # noqa: PTH100


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
