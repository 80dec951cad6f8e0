"""Embeddings, reranking and scores without a model: from the words that texts share.

A text's vector counts its words, each under a number that comes of its hash, and has length 1; so texts that share
words lie near each other, the same everywhere. A score is the share of the query's words that a text holds.
"""

import base64
import math
import re
import struct
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from . import tokens
from .chat import to_json
from .refusals import Refused, malformed, too_long
from .wire import Answer

_WORD = re.compile(r"[^\W_]+")
# Words shorter than this say little of what a text is about.
_LIGHT_CHARACTERS = 3
_LIGHT_WEIGHT = 0.2


@lru_cache(maxsize=65_536)
def _place(word: str) -> tuple[int, int]:
    """A number for a word and a sign, so that words that fall on one place do not add up."""
    digest = int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest())
    return digest >> 1, 1 if digest & 1 else -1


def words(text: str) -> list[str]:
    """The words of a text, in lower case, without a plural's s."""
    return [word.removesuffix("s") if len(word) > _LIGHT_CHARACTERS else word for word in _WORD.findall(text.lower())]


def embedded(text: str, dimensions: int) -> list[float]:
    """The text's vector, of length 1; a text without words has that of the empty word."""
    vector = [0.0] * dimensions
    for word, count in Counter(words(text) or [""]).items():
        place, sign = _place(word)
        light = _LIGHT_WEIGHT if len(word) < _LIGHT_CHARACTERS else 1.0
        vector[place % dimensions] += sign * light * math.sqrt(count)
    length = math.sqrt(sum(x * x for x in vector))
    if not length:
        vector[0] = length = 1.0
    return [x / length for x in vector]


def score(query: str, text: str) -> float:
    """How much of the query's words the text holds, in [0, 1]; at equal shares the shorter text has more."""
    asked = set(words(query))
    held = words(text)
    if not asked or not held:
        return 0.0
    share = sum(len(word) for word in asked & set(held)) / sum(map(len, asked))
    return share * (1 - 0.1 * (1 - 1 / (1 + math.log(len(held)))))


def embeddings(body: Mapping[str, Any], *, model: str, dimensions: int, context: int) -> Answer:
    """`/v1/embeddings`: a vector for each text, as numbers or in base64 (float32, little-endian).

    `truncate_prompt_tokens` cuts a text to so many tokens, -1 to those of the context; in the others, of each pair.

    Raises:
        Refused: no texts, another length of vector than the model's, or a text longer than the context.
    """
    texts = [_cut("", text, body, context) for text in _texts(body, "input")]
    if body.get("dimensions") not in {None, dimensions}:
        raise Refused(400, f'Model "{model}" does not support matryoshka representation')
    count = _counted(texts, context)
    is_packed = body.get("encoding_format") == "base64"
    data: list[dict[str, Any]] = []
    for index, text in enumerate(texts):
        vector = embedded(text, dimensions)
        packed = base64.b64encode(struct.pack(f"<{dimensions}f", *vector)).decode() if is_packed else vector
        data.append({"index": index, "object": "embedding", "embedding": packed})
    return _answered({"id": "embd-1", "object": "list", **_about(model), "data": data, "usage": _usage(count)})


def rerank(body: Mapping[str, Any], *, model: str, context: int) -> Answer:
    """`/rerank`: the documents with their scores, best first, `top_n` of them (0 or none: all).

    Raises:
        Refused: no query, no documents, or one longer than the context.
    """
    (query,) = _texts(body, "query")[:1]
    documents = _texts(body, "documents")
    read = [_cut(query, text, body, context) for text in documents]
    count = _counted([query + text for text in read], context)
    ranked = sorted(((score(query, text), index) for index, text in enumerate(read)), key=lambda row: -row[0])
    rows = [
        {"index": i, "document": {"text": documents[i], "multi_modal": None}, "relevance_score": value}
        for value, i in ranked
    ]
    top = body.get("top_n") or len(rows)
    usage = {"prompt_tokens": count, "total_tokens": count}
    return _answered({"id": "score-1", "model": model, "usage": usage, "results": rows[:top]})


def scores(body: Mapping[str, Any], *, model: str, context: int) -> Answer:
    """`/score`: a score for each pair; one text on the left goes with each on the right.

    The sides are `text_1`/`text_2`, `queries`/`documents`, `queries`/`items` or `data_1`/`data_2`.

    Raises:
        Refused: a side is missing, both are lists of different lengths, or a pair is longer than the context.
    """
    for left_name, right_name in _SIDES:
        if left_name in body and right_name in body:
            left, right = _texts(body, left_name), _texts(body, right_name)
            break
    else:
        raise malformed("Field required", "text_1")
    if len(left) == 1:
        left *= len(right)
    if len(left) != len(right):
        raise Refused(400, "Input lengths must be either 1:1, 1:N or N:N")
    right = [_cut(a, b, body, context) for a, b in zip(left, right, strict=True)]
    count = _counted([a + b for a, b in zip(left, right, strict=True)], context)
    data = [
        {"index": index, "object": "score", "score": score(a, b)}
        for index, (a, b) in enumerate(zip(left, right, strict=True))
    ]
    return _answered({"id": "score-1", "object": "list", **_about(model), "data": data, "usage": _usage(count)})


_SIDES = (("text_1", "text_2"), ("queries", "documents"), ("queries", "items"), ("data_1", "data_2"))


def _texts(body: Mapping[str, Any], name: str) -> list[str]:
    held = body.get(name)
    texts = [held] if isinstance(held, str) else held
    if not isinstance(texts, list) or not texts:
        raise malformed("Field required", name) if held is None else Refused(400, "You must pass at least one prompt")
    if all(isinstance(token, int) for token in texts):  # one text in token ids
        texts = [texts]
    return [_text(text, name) for text in texts]


def _text(held: object, name: str) -> str:
    if isinstance(held, str):
        return held
    if isinstance(held, list) and all(isinstance(token, int) for token in held):
        try:
            return tokens.joined(held)
        except (ValueError, OverflowError) as error:
            raise malformed(str(error), name) from error
    raise malformed("Input should be a valid string", name)


def _cut(before: str, text: str, body: Mapping[str, Any], context: int) -> str:
    """`text` as far as it fits behind `before`, if the body wants it cut."""
    most = body.get("truncate_prompt_tokens")
    if most is None:
        return text
    if not isinstance(most, int) or most < -1:
        raise malformed("Input should be greater than or equal to -1", "truncate_prompt_tokens")
    room = (context if most == -1 else most) - len(tokens.split(before))
    return "".join(tokens.split(text)[: max(0, room)])


def _counted(texts: Sequence[str], context: int) -> int:
    counts = [len(tokens.split(text)) for text in texts]
    if max(counts) > context:
        raise too_long(context)
    return sum(counts)


def _about(model: str) -> dict[str, Any]:
    return {"created": int(time.time()), "model": model}


def _usage(count: int) -> dict[str, Any]:
    return {"prompt_tokens": count, "total_tokens": count, "completion_tokens": 0} | _NO_DETAILS


_NO_DETAILS = {"prompt_tokens_details": None, "completion_tokens_details": None}


def _answered(body: Mapping[str, Any]) -> Answer:
    return Answer(pieces=((0, to_json(body)),))
