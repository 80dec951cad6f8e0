"""A thousand questions while the model server does whatever a server can do: each must end, honestly and in time."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from traceback import format_exception_only, print_exception

from fontes import Answer, Assistant, Settings
from fontes.agent.models.scripted import Asked, ScriptedServer
from fontes.evals.datasets import read_wice

from .asking import WORDS_ALONE, broken, copied, load, middle_and_tail, wice
from .troubles import NAMES, Trouble, as_json

_SECONDS = 5.0
_SLACK_S = 1.0  # after the end of the time the answer is still put together and kept
_FIRST_S, _BETWEEN_S = 0.6, 0.4
_FALLBACK = "written without a model"
_MOST_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one question ended. `how`: by the model, the fallback, cut, without a draft; `wrong` says what is wrong."""

    trouble: Trouble
    seconds: float
    status: str = ""
    how: str = ""
    over_length: int = 0
    learnt: int = 0
    wrong: tuple[str, ...] = ()


async def faults(data: Path, home: Path, *, runs: int, seed: int) -> None:
    """Ask as many claims, each with a server and an assistant of its own and one trouble."""
    await wice(data, home, embed=False)
    claims = [asked.text for asked in read_wice(data).asked]
    rng = random.Random(seed)
    names = [NAMES[i % len(NAMES)] for i in range(runs)]
    rng.shuffle(names)
    outcomes: list[Outcome] = []
    async with copied(home, **WORDS_ALONE) as settings:
        for number, name in enumerate(names):
            trouble = Trouble.drawn(name, random.Random(rng.random()))
            outcomes.append(await _one(settings.home, claims[number % len(claims)], trouble))
    _print(outcomes)


async def _one(home: Path, claim: str, trouble: Trouble) -> Outcome:
    (home / "models.json").unlink(missing_ok=True)  # ports come again, with another server
    options = dict(trouble.server)
    async with ScriptedServer(trouble, **options) as server, _no_http() as deaf:
        urls = {
            "server down": "http://127.0.0.1:9/v1",
            "wrong path": server.url.replace("/v1", "/api/v7"),
            "no HTTP": f"http://127.0.0.1:{deaf.sockets[0].getsockname()[1]}/v1",
        }
        values = {"seconds": _SECONDS, **WORDS_ALONE, **trouble.settings}
        settings = Settings(
            home=home, web=False, workers=1, first_token_s=_FIRST_S, between_tokens_s=_BETWEEN_S,
            model_url=urls.get(trouble.name, server.url), **values,
        )  # fmt: skip
        async with Assistant(settings) as fontes:
            start = time.perf_counter()
            try:
                answer = await fontes.ask(claim)
            except Exception as error:  # noqa: BLE001 - what is counted
                print_exception(error)
                why = format_exception_only(error)[-1].strip()
                return Outcome(trouble=trouble, seconds=time.perf_counter() - start, wrong=(f"raised {why}",))
            seconds = time.perf_counter() - start
            wrong = [*_wrong(answer, seconds, settings.seconds, trouble, server.chats)]
            if await broken(fontes, answer):
                wrong.append("a citation does not stand in the stored text")
        over, learnt = _lengths(server.chats, options["context"], trouble)
    return Outcome(
        trouble=trouble, seconds=seconds, status=answer.status, how=_how(answer), over_length=over, learnt=learnt,
        wrong=tuple(wrong),
    )  # fmt: skip


def _how(answer: Answer) -> str:
    drafts = [ran for ran in answer.trace if ran.step == "draft"]
    if answer.cut_short:
        return "out of time"
    if not drafts:
        return "no draft"
    if any(not ran.by.startswith("model") for ran in drafts):
        return "fallback"
    if any(ran.detail.startswith("cut after") for ran in drafts):
        return "cut"
    return "model"


def _wrong(answer: Answer, seconds: float, most_s: float, trouble: Trouble, chats: Sequence[Asked]) -> list[str]:
    """What an answer must not be: late, without a word on what failed, or asserted on nothing."""
    how, notes = _how(answer), " | ".join(answer.notes)
    found = {
        f"took {seconds:.1f} s of {most_s}": seconds > most_s + _SLACK_S,
        f"ended as {answer.status}": answer.status not in ("answered", "partial", "abstained"),
        "fell back in silence": how == "fallback" and _FALLBACK not in notes,
        "was cut in silence": how == "cut" and "what it had written stands" not in notes,
        "ran out of time in silence": how == "out of time" and "seconds were over" not in notes,
        "drafted by nobody known": how == "no draft" and bool(answer.sentences),
        "asserts without support": any(
            claim.verdict.label != "supported" or not claim.citations
            for checked in answer.asserted
            for claim in checked.claims
        ),
        "counts tokens below zero": min(answer.usage.prompt_tokens, answer.usage.completion_tokens) < 0,
        "router failed in silence": _router_failed_in_silence(answer, trouble, chats),
    }
    return [name for name, is_so in found.items() if is_so]


def _router_failed_in_silence(answer: Answer, trouble: Trouble, chats: Sequence[Asked]) -> bool:
    """The rules read the question though a model was to, and nothing says why."""
    read = [ran for ran in answer.trace if ran.step == "understand"]
    return trouble.settings["router"] == "auto" and any(ran.by == "rules" and not ran.detail for ran in read)


def _lengths(chats: Sequence[Asked], context: int, trouble: Trouble) -> tuple[int, int]:
    """Requests longer than the context; and those to a server that had told another one, which show the right one."""
    over = sum(asked.prompt_tokens + int(asked.body.get("max_tokens", 0)) > context for asked in chats)
    is_lied_to = trouble.name in ("lies of context", "lying_context", "models fail", "every path fails")
    return (0, over) if is_lied_to else (over, 0)


def _print(outcomes: Sequence[Outcome]) -> None:
    print(
        f"\n{len(outcomes)} questions, each with one trouble; {_SECONDS:g} s each, first token {_FIRST_S} s,"
        f" next {_BETWEEN_S} s; {load()}\n"
        f"  {'trouble':22}{'runs':>5}{'answered':>9}{'partial':>8}{'abst.':>6}{'model':>7}{'cut':>5}{'fallb.':>7}"
        f"{'no draft':>9}{'no time':>8}{'p50 s':>7}{'max s':>7}{'over':>5}{'learnt':>7}{'wrong':>6}"
    )
    for name in (*NAMES, "all"):
        rows = [o for o in outcomes if name in (o.trouble.name, "all")]
        if rows:
            print(_row(name, rows))
    wrong = [o for o in outcomes if o.wrong]
    print(f"  what is wrong: {dict(Counter(reason for o in wrong for reason in o.wrong))}")
    for outcome in wrong[:_MOST_SHOWN]:
        print(f"    {outcome.wrong} {as_json(outcome.trouble)}")
    for outcome in [o for o in outcomes if o.over_length][:_MOST_SHOWN]:
        print(f"    over length: {as_json(outcome.trouble)}")


def _row(name: str, rows: Sequence[Outcome]) -> str:
    status, how = Counter(o.status for o in rows), Counter(o.how for o in rows)
    p50, _ = middle_and_tail([o.seconds for o in rows])
    return (
        f"  {name:22}{len(rows):5}{status['answered']:9}{status['partial']:8}{status['abstained']:6}{how['model']:7}"
        f"{how['cut']:5}{how['fallback']:7}{how['no draft']:9}{how['out of time']:8}{p50:7.2f}"
        f"{max(o.seconds for o in rows):7.2f}{sum(o.over_length for o in rows):5}{sum(o.learnt for o in rows):7}"
        f"{sum(bool(o.wrong) for o in rows):6}"
    )


class _no_http:  # noqa: N801 - used like a function
    """A server that answers every connection with what is no HTTP."""

    async def __aenter__(self) -> asyncio.Server:
        self._server = await asyncio.start_server(self._greet, "127.0.0.1", 0)
        return self._server

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    async def _greet(self, _reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example ESMTP ready\r\n")
        await writer.drain()
        writer.close()
