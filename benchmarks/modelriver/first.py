"""When the first verified sentence is there, and what verification adds to the time of an answer."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from fontes import Assistant
from fontes.agent.state import Verdict

from .asking import Watched, copied, load, middle_and_tail, watch, wice
from .serving import serving

_TOKENS_PER_S = 40.0
_AT_A_TIME = 3  # far from busy: a question waits for tokens nearly all of its time


class Trusting:
    """A verifier that supports everything at once: what an answer takes without verification."""

    name = "trusting"

    async def check(self, claim: str, evidence: Sequence[str]) -> Verdict:
        """Supported."""
        return Verdict(label="supported", score=1.0, verifier=self.name)


async def first(data: Path, home: Path, *, limit: int) -> None:
    """Ask claims of a model that writes 40 tokens a second, with the verifier and without any."""
    found = await wice(data, home)
    questions = [asked.text for asked in found.asked][:limit]
    checked = await _asked(home, questions, verifier=None)
    trusted = await _asked(home, questions, verifier=Trusting())
    both = [(c, t) for c, t in zip(checked, trusted, strict=True) if c.first_verdict and t.drafted and c.drafted]
    print(f"\nFirst sentences at {_TOKENS_PER_S:.0f} tokens/s, {len(both)} answers of {len(questions)}, {load()}")
    rows = {
        "first sentence closed": [c.first_sentence or 0.0 for c, _ in both],
        "first verified sentence": [c.first_verdict or 0.0 for c, _ in both],
        "last token": [c.drafted or 0.0 for c, _ in both],
        "answer": [c.seconds for c, _ in both],
        "answer without verification": [t.seconds for _, t in both],
        "the verify step": [c.steps["verify"] for c, _ in both],
        "from a first sentence to its verdict": [(c.first_verdict or 0.0) - (c.first_sentence or 0.0) for c, _ in both],
    }
    for name, values in rows.items():
        p50, p95 = middle_and_tail(values)
        print(f"  {name:38} p50 {p50:6.3f} s  p95 {p95:6.3f} s")
    shares = [c.steps["verify"] / c.seconds for c, _ in both]
    added = [(c.seconds - t.seconds) / c.seconds for c, t in both]
    print(f"  verify step / whole answer: mean {sum(shares) / len(shares):.2%}, largest {max(shares):.2%}")
    print(f"  longer than without verification by: mean {sum(added) / len(added):+.2%} of the answer")


async def _asked(home: Path, questions: Sequence[str], *, verifier: Trusting | None) -> list[Watched]:
    gate = asyncio.Semaphore(_AT_A_TIME)
    async with (
        serving(tokens_per_s=_TOKENS_PER_S) as server,
        copied(home, model_url=server.url) as settings,
        Assistant(settings, verifier=verifier) as fontes,
    ):
        await fontes.ask("Is it said that anything is warm?")

        async def one(question: str) -> Watched:
            async with gate:
                return await watch(fontes, question)

        return list(await asyncio.gather(*map(one, questions)))
