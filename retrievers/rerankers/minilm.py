"""ms-marco-MiniLM-L-12 in the process: an English cross-encoder, int8 ONNX, from a PyPI wheel."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ..errors import RerankError
from ..model_files import find_model
from ..onnx_session import load, run_each

# A longer query would leave no room for the passage. One character makes at most one token here, so shorter queries
# need no count.
_QUERY_TOKENS = 256


class MiniLM:
    """The packaged cross-encoder: the score is its logit, about -11 (nothing to do with it) to 11.

    Query and passage share 512 tokens: the query is cut at 256, then the passage at what is left. `folder` is searched
    before the wheel. Pairs are scored one by one, so a pair's score does not depend on the others.

    Raises:
        ModelMissing: from the constructor when the files are nowhere or not the right ones, from `score` when
            onnxruntime cannot read them.
    """

    name = "ms-marco-minilm-l12-int8/1"

    def __init__(self, folder: Path | None = None) -> None:
        self._files = find_model("reranker_en", folder)
        self._files.verify()

    async def score(self, query: str, texts: Sequence[str]) -> tuple[float, ...]:
        return tuple(await run_each(partial(self._score, query), texts))

    def _score(self, query: str, text: str) -> float:
        model = load(self._files, pairs=True)
        try:
            if len(query) > _QUERY_TOKENS:
                offsets = model.encode("", query).offsets[2 : _QUERY_TOKENS + 2]  # after [CLS] [SEP]
                query = query[: max(end for _, end in offsets)]
            return float(model.output(model.encode(query, text))[0])
        except Exception as error:  # onnxruntime's and tokenizers' errors share no parent below Exception
            raise RerankError(self.name, str(error)) from error
