"""Any embedding model behind an OpenAI-compatible `/v1/embeddings`: vLLM first, llama.cpp, Ollama and others too."""

import hashlib
from collections.abc import Sequence

import numpy as np

from ..errors import EmbedError
from ..served.endpoint import Endpoint
from ..served.errors import BadReply, ServedError
from ..served.pooling import Pooling, in_order
from . import Vectors32


class ServedEmbedder:
    """Vectors from a server. Its model must be named: vectors are kept under the name, and compared by it.

    What a model wants before a text (bge and e5 do) is `query_prefix` and `passage_prefix`; they are part of `name`.
    `dimensions` is 0 until the server was asked (`learn`, or the first text). Texts longer than the model reads are
    cut, by the server where it can. `aclose` closes the endpoint.

    Raises:
        EmbedError: the endpoint has no model's name.
    """

    def __init__(self, endpoint: Endpoint, *, query_prefix: str = "", passage_prefix: str = "") -> None:
        if not endpoint.model_name:
            raise EmbedError(endpoint.url, "its model must be named: vectors are kept under that name")
        prefixes = f"{query_prefix}\0{passage_prefix}"
        form = hashlib.blake2b(prefixes.encode(), digest_size=4).hexdigest() if len(prefixes) > 1 else ""
        self.name = f"served/{endpoint.model_name}" + (f"/{form}" if form else "")
        self.dimensions = 0
        self._query_prefix, self._passage_prefix = query_prefix, passage_prefix
        self._endpoint = endpoint
        self._model = Pooling(endpoint)

    @classmethod
    async def at(cls, endpoint: Endpoint, *, query_prefix: str = "", passage_prefix: str = "") -> "ServedEmbedder":
        """The model of an endpoint, the first one served where none is named, with its `dimensions`.

        Raises:
            EmbedError: it cannot be asked.
        """
        try:
            await endpoint.model()
        except ServedError as error:
            raise EmbedError(error.what, error.why) from error
        embedder = cls(endpoint, query_prefix=query_prefix, passage_prefix=passage_prefix)
        await embedder.learn()
        return embedder

    async def learn(self, known: int = 0) -> None:
        """Set `dimensions`: to `known`, the length of vectors kept under this name, else by asking the server.

        Raises:
            EmbedError: it cannot be asked, or its vectors have another length than those kept.
        """
        if known and self.dimensions and known != self.dimensions:
            raise EmbedError(self._endpoint.url, _other(self.dimensions, known))
        self.dimensions = self.dimensions or known
        if not self.dimensions:
            await self.embed_query("dimensions")

    async def embed_passages(self, texts: Sequence[str]) -> Vectors32:
        if not texts:
            await self.learn()
            return np.zeros((0, self.dimensions), dtype=np.float32)
        return await self._embed([self._passage_prefix + text for text in texts])

    async def embed_query(self, text: str) -> Vectors32:
        row: Vectors32 = (await self._embed([self._query_prefix + text]))[0]
        return row

    async def aclose(self) -> None:
        """Close the connections to the server."""
        await self._endpoint.aclose()

    async def _embed(self, texts: Sequence[str]) -> Vectors32:
        try:
            return np.stack(await self._model.each(texts, self._rows))
        except ServedError as error:
            raise EmbedError(error.what, error.why) from error

    async def _rows(self, texts: Sequence[str]) -> list[Vectors32]:
        # Some servers refuse the empty text.
        body = {"input": [text or " " for text in texts], "encoding_format": "float"}
        reply = await self._model.post("embeddings", body)
        rows = reply.get("data") if isinstance(reply, dict) else None
        return [self._unit(row) for row in in_order(self._model.what, rows, len(texts), "embedding")]

    def _unit(self, row: object) -> Vectors32:
        """One vector, checked and normalised (in float64: squares of large numbers overflow)."""
        what = self._model.what
        if not isinstance(row, list) or not row or not {type(x) for x in row} <= {int, float}:
            raise BadReply(what, "a vector of its reply is no list of numbers")
        if self.dimensions and len(row) != self.dimensions:
            raise BadReply(what, _other(len(row), self.dimensions))
        try:
            vector = np.array(row, dtype=np.float64)
        except OverflowError:
            raise BadReply(what, "a vector of its reply has numbers that are none") from None
        length = float(np.linalg.norm(vector))
        if not np.isfinite(length) or length == 0:
            raise BadReply(what, "a vector of its reply is zero, or has numbers that are none")
        self.dimensions = len(row)
        return (vector / length).astype(np.float32)


def _other(dimensions: int, known: int) -> str:
    return f"its vectors have {dimensions} numbers and the others {known}; is another model served under that name?"
