"""An entailment model as it comes: a folder with the ONNX graph, its tokenizer and the names of its classes."""

import hashlib
import os
import re
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from tokenizers import Tokenizer

from ...retrievers.errors import ModelMissing

Relation = Literal["entailment", "neutral", "contradiction", "not_entailment"]

_MODEL, _TOKENIZER, _CONFIG = "model.onnx", "tokenizer.json", "config.json"
_MOST_TOKENS = 512
_THREADS = min(4, os.cpu_count() or 1)

# How makers of models spell them, letters only: those of NLI, of fact checking and of consistency.
_SPELLINGS: dict[Relation, str] = {
    "entailment": "entailment entail entails entailed e support supports supported",
    "neutral": "neutral n notenoughinfo nei unknown",
    "contradiction": "contradiction contradict contradicts contradicted contradictory c refute refutes refuted",
    "not_entailment": "notentailment notentailed nonentailment unsupported notsupported",
}
_RELATIONS: dict[str, Relation] = {
    spelling: relation for relation, spellings in _SPELLINGS.items() for spelling in spellings.split()
}
_CLASSES = (
    {"entailment", "neutral", "contradiction"},
    {"entailment", "not_entailment"},
    {"entailment", "contradiction"},
)
_NO_LETTER = re.compile(r"[\W\d_]+")


class Unusable(ModelMissing):
    """The folder holds no entailment model that can be used."""

    hint = "FONTES_NLI names a folder with model.onnx, tokenizer.json and config.json of an entailment model"


class _Config(BaseModel):
    model_config = ConfigDict(extra="ignore")

    id2label: dict[int, str]
    max_position_embeddings: int | None = Field(default=None, ge=16)
    hypothesis_first: bool = False  # our own key: most models read the premise first


class _Input(Protocol):
    name: str
    type: str


class _Session(Protocol):
    def get_inputs(self) -> list[_Input]: ...

    def run(self, output_names: None, feeds: dict[str, NDArray[np.integer]]) -> list[NDArray[np.float32]]: ...


class NliFolder:
    """The model in `folder`, loaded when it is first asked; safe to use from several threads at once.

    `relations` are its classes, in the order of its numbers. `digest` is a SHA-256 over all of its files that judge.

    Raises:
        Unusable: a file is missing or cannot be read, or the classes are none that are known.
    """

    def __init__(self, folder: Path) -> None:
        self._model, self._tokenizer_file = folder / _MODEL, folder / _TOKENIZER
        config = _config(folder / _CONFIG)
        self.relations = _relations(folder / _CONFIG, config.id2label)
        self._most_tokens = min(_MOST_TOKENS, config.max_position_embeddings or _MOST_TOKENS)
        self._is_hypothesis_first = config.hypothesis_first
        # Graphs of more than 2 GB keep their weights beside them.
        weights = sorted(folder.glob(f"{_MODEL}?data*"))
        self.digest = _digest([self._model, self._tokenizer_file, folder / _CONFIG, *weights])
        self._loading = threading.Lock()  # parts two threads that both want to load it first
        self._loaded: tuple[Tokenizer, _Session, dict[str, str]] | None = None

    def logits(self, premise: str, hypothesis: str) -> list[float] | None:
        """The model's numbers, one for each of `relations`; what does not fit is cut from the premise.

        None for a hypothesis that takes more than half of the tokens: cut, it would be another one.

        Raises:
            Unusable: the files cannot be loaded, or the graph is no classifier of these classes.
        """
        tokenizer, session, inputs = self._load()
        if len(tokenizer.encode(hypothesis, add_special_tokens=False).ids) > self._most_tokens // 2:
            return None
        pair = (hypothesis, premise) if self._is_hypothesis_first else (premise, hypothesis)
        encoding = tokenizer.encode(*pair)
        known = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        feeds = {name: np.array([known[name]], dtype=kind) for name, kind in inputs.items()}
        try:
            found = session.run(None, feeds)[0]
        except Exception as error:  # onnxruntime's errors share no parent below Exception
            raise Unusable(str(self._model), f"onnxruntime cannot run it: {error}") from error
        if found.shape != (1, len(self.relations)) or not np.isfinite(found).all():
            raise Unusable(str(self._model), f"its output is no {len(self.relations)} finite numbers for a pair")
        return [float(number) for number in found[0]]

    def _load(self) -> tuple[Tokenizer, _Session, dict[str, str]]:
        with self._loading:
            if self._loaded is None:
                try:
                    tokenizer = Tokenizer.from_file(str(self._tokenizer_file))
                except Exception as error:  # tokenizers raises Exception itself
                    raise Unusable(str(self._tokenizer_file), f"it is no tokenizer: {error}") from error
                tokenizer.no_padding()
                shortened = "only_second" if self._is_hypothesis_first else "only_first"
                tokenizer.enable_truncation(self._most_tokens, strategy=shortened)
                session = _opened(self._model)
                self._loaded = tokenizer, session, self._inputs(session)
            return self._loaded

    def _inputs(self, session: _Session) -> dict[str, str]:
        """The inputs the graph wants, with numpy's name for their type; RoBERTa has no token types."""
        wanted = {each.name: each.type for each in session.get_inputs()}
        foreign = set(wanted) - {"input_ids", "attention_mask", "token_type_ids"}
        if foreign or "input_ids" not in wanted:
            raise Unusable(str(self._model), f"it wants {', '.join(sorted(wanted))}, which is no text classifier")
        return {name: "int32" if kind == "tensor(int32)" else "int64" for name, kind in wanted.items()}


def _config(path: Path) -> _Config:
    try:
        return _Config.model_validate_json(path.read_bytes())
    except OSError as error:
        raise Unusable(str(path), error.strerror or "cannot be read") from error
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        raise Unusable(str(path), f"{'.'.join(map(str, first['loc'])) or 'it'}: {first['msg']}") from error


def _relations(path: Path, names: dict[int, str]) -> tuple[Relation, ...]:
    spelled = [_NO_LETTER.sub("", names[number]).lower() for number in sorted(names)]
    known: tuple[Relation, ...] = tuple(_RELATIONS[name] for name in spelled if name in _RELATIONS)
    is_counted = sorted(names) == list(range(len(names)))
    if not is_counted or len(known) != len(names) or set(known) not in _CLASSES or len(set(known)) != len(known):
        raise Unusable(str(path), f"id2label is {names}, not entailment, neutral and contradiction")
    return known


def _digest(files: Sequence[Path]) -> str:
    digest = hashlib.sha256()
    for path in files:
        try:
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        except OSError as error:
            raise Unusable(str(path), error.strerror or "cannot be read") from error
    return digest.hexdigest()


def _opened(path: Path) -> _Session:
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read once, when onnxruntime is imported
    from onnxruntime.capi.onnxruntime_inference_collection import InferenceSession
    from onnxruntime.capi.onnxruntime_pybind11_state import SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = _THREADS
    options.inter_op_num_threads = 1
    # Spinning threads burn the cores that extraction and the event loop need between two runs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no parent below Exception
        raise Unusable(str(path), f"onnxruntime cannot load it: {error}") from error
    return cast("_Session", session)
