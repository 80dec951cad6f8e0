"""A cross-encoder served by vLLM: Fontes reads its probabilities as the logits of the packaged one."""

import pytest
from fontes.retrievers import Endpoint
from fontes.retrievers.rerankers.minilm import MiniLM
from fontes.retrievers.rerankers.served import ServedReranker

pytestmark = pytest.mark.vllm

_QUERY = "When was the lighthouse automated?"
_TEXTS = (
    "The lighthouse was automated in 1987, and its keepers left that spring.",
    "The lamp burned whale oil until 1871, when paraffin took its place.",
    "The ferry to the island leaves at nine every morning.",
    "Automation of lighthouses began on the mainland and took thirty years.",
    "Yeast ferments the sugar in dough.",
)
_ROUNDING = 1.5  # logits of ±11: the packaged one computes with 8 bits (up to 1.05), and a probability near 0 is coarse


async def test_the_same_model_gives_the_same_scores_served_and_packaged(vllm_rerank_url: str) -> None:
    endpoint = Endpoint(vllm_rerank_url, first_reply_s=180)
    if "ms-marco-minilm-l12" not in await endpoint.model():
        pytest.skip("another model than the packaged one is served")
    served = ServedReranker(endpoint)
    theirs, ours = await served.score(_QUERY, _TEXTS), await MiniLM().score(_QUERY, _TEXTS)
    await served.aclose()
    assert sorted(range(5), key=theirs.__getitem__) == sorted(range(5), key=ours.__getitem__)
    assert max(abs(a - b) for a, b in zip(theirs, ours, strict=True)) < _ROUNDING
    assert max(theirs) > 5
    assert min(theirs) < -5
