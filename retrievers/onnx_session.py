"""An ONNX model with its tokenizer: loaded once a process, run on threads, one text at a time.

One at a time, because the packaged models are quantised dynamically: in a batch, a text's numbers depend on its
neighbours (cosine .991 between the bge vectors of one text in batches of 1 and of 4; up to 1.05 logits for the
cross-encoder), so that nothing could be replayed. It is not slower on two cores: bge 33 passages of 270 tokens a second
one by one, 24–53 in fours. Throughput comes from threads instead.
"""

import asyncio
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import Protocol, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from .errors import ModelMissing
from .model_files import ModelFiles

MAX_TOKENS = 512
"""What both packaged models can read, special tokens included."""

MAX_CHARACTERS = 16_000
"""Longer texts are cut before tokenising: 512 tokens of any language end far earlier, and 100,000 CJK characters take
0.13 s to tokenise."""

_CORES = os.cpu_count() or 1
_THREADS_A_RUN = min(4, _CORES)
# One thread more than what a long job may take (see `run_each`), so that a question never waits for a corpus.
_WORKERS = 1 + max(1, min(4, _CORES // _THREADS_A_RUN))
_SLICE = 8

T = TypeVar("T")
R = TypeVar("R")


class _Session(Protocol):
    def run(self, output_names: None, feeds: dict[str, NDArray[np.int64]]) -> list[NDArray[np.float32]]: ...


class OnnxModel:
    """A tokenizer and a session, both safe to use from several threads at once."""

    def __init__(self, tokenizer: Tokenizer, session: _Session) -> None:
        self._tokenizer, self._session = tokenizer, session

    def encode(self, text: str, pair: str | None = None) -> Encoding:
        """Tokenise; what exceeds `MAX_TOKENS` is cut from the end of `pair`, or of `text` when there is no pair."""
        return self._tokenizer.encode(text[:MAX_CHARACTERS], pair if pair is None else pair[:MAX_CHARACTERS])

    def output(self, encoding: Encoding) -> NDArray[np.float32]:
        """The model's first output for one text, without its batch axis."""
        ids = np.array([encoding.ids], dtype=np.int64)
        feeds = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.array([encoding.type_ids], dtype=np.int64),
        }
        first: NDArray[np.float32] = self._session.run(None, feeds)[0][0]
        return first


_LOADING = threading.Lock()  # parts two threads that both want to load a model first


def load(files: ModelFiles, *, pairs: bool = False) -> OnnxModel:
    """The model of `files`, loaded at the first call of this process (0.1–0.25 s).

    Whoever found the files has verified them: the plugs do so when they are made.

    Raises:
        ModelMissing: onnxruntime cannot read them.
    """
    with _LOADING:
        return _load(files, pairs)


@lru_cache(maxsize=8)
def _load(files: ModelFiles, pairs: bool) -> OnnxModel:
    tokenizer = Tokenizer.from_file(str(files.tokenizer))
    tokenizer.no_padding()  # the cross-encoder's file asks for 512 tokens always
    tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second" if pairs else "longest_first")
    return OnnxModel(tokenizer, _open_session(files.model))


def _open_session(path: Path) -> _Session:
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read once, when onnxruntime is imported
    from onnxruntime.capi.onnxruntime_inference_collection import InferenceSession
    from onnxruntime.capi.onnxruntime_pybind11_state import SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = _THREADS_A_RUN
    options.inter_op_num_threads = 1
    # Spinning threads burn the cores that extraction and the event loop need between two runs.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors share no parent below Exception
        raise ModelMissing(str(path), f"onnxruntime cannot load it: {error}") from error
    return cast("_Session", session)


@lru_cache(maxsize=1)
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_WORKERS, thread_name_prefix="fontes-onnx")


async def run(work: Callable[[], R]) -> R:
    """Run `work` on one of the model threads. Cancelling stops the waiting, not the work."""
    return await asyncio.get_running_loop().run_in_executor(_pool(), work)


async def run_each(work: Callable[[T], R], items: Sequence[T]) -> list[R]:
    """`[work(item) for item in items]` on the model threads, leaving one of them free for others.

    Items go in slices of 8, so cancelling takes effect within a slice.
    """
    slices = [items[start : start + _SLICE] for start in range(0, len(items), _SLICE)]
    results: list[list[R]] = [[] for _ in slices]
    waiting = iter(range(len(slices)))

    def work_through(batch: Sequence[T]) -> list[R]:
        return [work(item) for item in batch]

    async def lane() -> None:
        for number in waiting:
            results[number] = await run(partial(work_through, slices[number]))

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(_WORKERS - 1, len(slices))):
                group.create_task(lane())
    except BaseExceptionGroup as failures:  # one lane's error says it all; callers catch the room's errors by type
        raise failures.exceptions[0] from None
    return [result for batch in results for result in batch]
