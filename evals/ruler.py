"""What judges the answers of all cells alike: a verifier for citations, and a model for correctness if one is asked."""

from contextlib import AsyncExitStack
from dataclasses import replace
from types import TracebackType
from typing import Self

from ..agent.errors import SettingError, VerifierError
from ..agent.models.chat import Chat
from ..agent.settings import Settings
from ..agent.verifiers import Verifier
from .answer_json import is_abstained, plain_text
from .case import Case
from .citation_judging import judged_support
from .correctness_judge import PROMPT, grade
from .gold import is_answerable
from .result import Judged, Result


class Ruler:
    """Use it with `async with`.

    `settings.verifier` names the verifier. `with_judge`: the model of the settings' judge role says what is correct.

    Raises:
        SettingError: the verifier is not known, or there is no model to judge.
    """

    def __init__(self, settings: Settings, *, with_judge: bool = False) -> None:
        self._models = settings.build_models()
        self.verifier: Verifier = settings.build_verifier(self._models.judge)
        self._chat: Chat | None = self._models.judge if with_judge else None
        if with_judge and self._chat is None:
            raise SettingError("the judge", "there is no model to ask: set FONTES_JUDGE_URL or FONTES_MODEL_URL")
        self.judge = ""
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Ask the judging model for its name.

        Raises:
            ServedError: it does not answer.
        """
        async with AsyncExitStack() as stack:
            stack.push_async_callback(self._models.aclose)
            if self._chat is not None:
                self.judge = f"{PROMPT} {(await self._chat.capabilities()).model}"
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def judged(self, case: Case, result: Result) -> Judged:
        """What the verifier and the model say of a result; an error of theirs is noted in it."""
        if result.answer is None:
            return Judged()
        try:
            support = await judged_support(result.answer, result.retrieved, result.pages, self.verifier)
        except VerifierError as error:
            return Judged(verifier=self.verifier.name, judge_error=str(error))
        judged = Judged(verifier=self.verifier.name, support=support)
        if self._chat is None or not case.gold_answers or not is_answerable(case):
            return judged
        if is_abstained(result.answer):
            return replace(judged, judge=self.judge, correct=0.0)
        graded = await grade(case.question, case.gold_answers, plain_text(result.answer), self._chat)
        return replace(
            judged,
            judge=self.judge,
            correct=graded.score,
            judge_error=graded.error,
            tokens=graded.tokens,
            money=graded.money,
        )
