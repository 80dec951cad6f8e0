"""bge-small-en in the process: 384 dimensions, English, int8 ONNX, from a PyPI wheel."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from ..errors import EmbedError
from ..model_files import find_model
from ..onnx_session import load, run, run_each
from . import Vectors32

# From the model card (BAAI/bge-small-en): queries get it, passages do not.
_INSTRUCTION = "Represent this sentence for searching relevant passages: "


class BgeSmall:
    """The packaged embedder: the CLS token, L2-normalised; only the first 512 tokens of a text are read.

    `folder` is searched before the wheel. A vector never depends on the texts embedded beside it.

    Raises:
        ModelMissing: from the constructor when the files are nowhere or not the right ones, from the methods when
            onnxruntime cannot read them.
    """

    name = "bge-small-en-int8/1"
    dimensions = 384

    def __init__(self, folder: Path | None = None) -> None:
        self._files = find_model("bge_small_en", folder)
        self._files.verify()

    async def embed_passages(self, texts: Sequence[str]) -> Vectors32:
        rows = await run_each(self._embed, texts)
        return np.stack(rows) if rows else np.zeros((0, self.dimensions), dtype=np.float32)

    async def embed_query(self, text: str) -> Vectors32:
        return await run(partial(self._embed, _INSTRUCTION + text))

    def _embed(self, text: str) -> Vectors32:
        model = load(self._files)
        try:
            vector: Vectors32 = model.output(model.encode(text))[0]
        except Exception as error:  # onnxruntime's and tokenizers' errors share no parent below Exception
            raise EmbedError(self.name, str(error)) from error
        return (vector / np.linalg.norm(vector)).astype(np.float32)
