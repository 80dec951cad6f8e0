"""A model server that plays a script: real HTTP on loopback, for testing what talks to language models.

    def says(asked: Asked) -> Reply:
        return Reply("In 1854.", fault=Fault("cut", after=2) if "lamp" in asked.last else None)

    async with ScriptedServer(says) as server:
        answer = await ask_my_model(server.url, "When was it built?")
    assert server.chats[0].prompt_tokens < 1_000

It answers as vLLM does: `/v1/chat/completions` whole and streamed, `/v1/models`, `/v1/embeddings`, `/rerank`, `/score`,
`/tokenize`, `/metrics`. `quoting` is a model that answers honestly from the evidence in its prompt, `obedient` one that
does what the evidence says; `script` plays replies from a file. By hand:

    python -m fontes.agent.models.scripted --quoting
"""

from .asked import Asked
from .errors import Unscripted
from .faults import Fault
from .obedient import obedient
from .quoting import quoting
from .reply import Reply, ToolCall
from .script import script
from .server import ScriptedServer

__all__ = ["Asked", "Fault", "Reply", "ScriptedServer", "ToolCall", "Unscripted", "obedient", "quoting", "script"]
