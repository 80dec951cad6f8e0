"""The verifier that the settings name."""

from typing import TYPE_CHECKING

from ..retrievers import ModelMissing
from .errors import SettingError
from .models.chat import Chat
from .verifiers import Verifier

if TYPE_CHECKING:
    from .settings import Settings

VERIFIERS = ("default", "lexical", "entailment", "judge", "nli")


def verifier_of(settings: "Settings", judge: Chat | None) -> Verifier | None:
    """One of `VERIFIERS`; None where the setting names something else. What code can object to is checked before any
    model (`HardFirst`).

    `entailment` is `lexical` together with the model in the folder that `nli` names, else in the folder `entailment`
    beside the embedded models (`models`, else `models` in the data directory).

    Raises:
        SettingError: `judge` without a model to ask, `nli` or `entailment` without a folder that holds one.
    """
    from .verifiers.hard_first import HardFirst
    from .verifiers.lexical import Lexical

    match settings.verifier:
        case "default" | "lexical":
            return Lexical()
        case "entailment":
            from .verifiers.lexical_entailment import LexicalEntailment

            folder = settings.nli or (settings.models or settings.home / "models") / "entailment"
            try:
                return LexicalEntailment(folder)
            except ModelMissing as error:
                raise SettingError(settings.origin("verifier"), str(error)) from error
        case "judge":
            from .verifiers.judge import Judge

            if judge is None:
                raise SettingError(
                    settings.origin("verifier"), "there is no model to judge: set judge_url or model_url"
                )
            return HardFirst(Judge(judge, fallback=Lexical()))
        case "nli":
            from .verifiers.nli import Nli

            if settings.nli is None:
                raise SettingError(settings.origin("verifier"), "set nli to the folder of an entailment model")
            try:
                return HardFirst(Nli(settings.nli))
            except ModelMissing as error:
                raise SettingError(settings.origin("nli"), str(error)) from error
        case _:
            return None
