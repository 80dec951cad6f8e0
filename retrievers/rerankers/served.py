"""Any reranker behind `/rerank` as vLLM, Cohere and Jina have it, or behind vLLM's `/score`."""

import math
from collections.abc import Sequence

from ..errors import RerankError
from ..served.endpoint import Endpoint
from ..served.errors import ServedError, ServerRefused
from ..served.pooling import Pooling, in_order, number

# The query and one text share what the model reads; of a longer query only the beginning is sent (about 256 tokens).
_QUERY_CHARACTERS = 1_000

# A sure pair and a hopeless one. As logits they are far above 1 and far below 0: what stays within [0, 1] is a
# probability.
_PROBE = ("What is the capital of France?", ("Paris is the capital of France.", "Yeast ferments the sugar in dough."))

# Beyond it a probability says nothing more; its logits, ±11.5, are the range of the packaged cross-encoder.
_LEAST = 1e-5

_PATHS = ("rerank", "/rerank", "/score")


class ServedReranker:
    """Scores from a server, as logits.

    Services answer with probabilities (a sigmoid over the model's logit), where the packaged cross-encoder gives the
    logit itself, and whoever compares scores with fixed distances (the extractive writer) means logits. So the server
    is asked once about two known pairs: if their scores are within [0, 1], every later score p becomes
    log(p / (1 - p)), cut at ±11.5; otherwise scores are passed on as they are. It is then known, too, which of its
    addresses answers. An embedding model there answers with cosines, which are neither: serve a cross-encoder.

    `name` is the model's, or the server's address where none is named. `aclose` closes the endpoint.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.name = f"served/{endpoint.model_name or endpoint.url}"
        self._endpoint = endpoint
        self._model = Pooling(endpoint)
        self._path = ""
        self._gives_logits: bool | None = None

    async def score(self, query: str, texts: Sequence[str]) -> tuple[float, ...]:
        if not texts:
            return ()
        try:
            if self._gives_logits is None:
                known = await self._scores(*_PROBE)
                self._gives_logits = not all(0 <= score <= 1 for score in known)
            scores = await self._scores(query, texts)
        except ServedError as error:
            raise RerankError(error.what, error.why) from error
        return tuple(scores if self._gives_logits else map(_logit, scores))

    async def aclose(self) -> None:
        """Close the connections to the server."""
        await self._endpoint.aclose()

    async def _scores(self, query: str, texts: Sequence[str]) -> list[float]:
        asked = query[:_QUERY_CHARACTERS] or " "
        return await self._model.each(texts, lambda batch: self._batch(asked, [text or " " for text in batch]))

    async def _batch(self, query: str, texts: Sequence[str]) -> list[float]:
        if self._path:
            return await self._at(self._path, query, texts)
        refusals: list[ServerRefused] = []
        for path in _PATHS:
            try:
                scores = await self._at(path, query, texts)
            except ServerRefused as refused:
                refusals.append(refused)
            else:
                self._path = path
                return scores
        raise refusals[0]

    async def _at(self, path: str, query: str, texts: Sequence[str]) -> list[float]:
        if path == "/score":
            body: dict[str, object] = {"text_1": query, "text_2": list(texts)}
            rows, field = "data", "score"
        else:
            body = {"query": query, "documents": list(texts), "top_n": len(texts)}
            rows, field = "results", "relevance_score"
        reply = await self._model.post(path, body)
        what = self._model.what
        held = reply.get(rows) if isinstance(reply, dict) else None
        return [number(what, value) for value in in_order(what, held, len(texts), field)]


def _logit(probability: float) -> float:
    p = min(max(probability, _LEAST), 1 - _LEAST)
    return math.log(p / (1 - p))
