"""What `fontes doctor` finds with the settings of a chat: asked of a process of its own, so that nothing waits here."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence

from pydantic import SecretStr, TypeAdapter, ValidationError

from ..cli.findings import Finding
from ..errors import AgentError
from .plain_text import one_line

_PATIENCE_S = 90.0
# The settings as arguments: in the environment an empty one, such as no model at all, would count for nothing.
_RUN = """
import asyncio, json, sys
from fontes.agent.cli.doctor import show_findings
from fontes.agent.settings import Settings
asyncio.run(show_findings(Settings(**json.load(sys.stdin)), asks=False, as_json=True))
"""
_FINDINGS = TypeAdapter(tuple[Finding, ...])


async def examined(changes: Mapping[str, object]) -> Sequence[Finding]:
    """What is there, what answers, and what is missing; `changes` are in place of what is set elsewhere.

    Raises:
        AgentError: the doctor itself failed.
    """
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", _RUN, stdin=pipe, stdout=pipe, stderr=pipe)
    try:
        async with asyncio.timeout(_PATIENCE_S):
            out, said = await process.communicate(json.dumps(changes, default=_plain).encode())
    except TimeoutError:
        out, said = b"", f"it did not end within {_PATIENCE_S:g} s".encode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    try:
        return _FINDINGS.validate_json(out)
    except ValidationError as error:
        why = one_line(said.decode(errors="replace")[-500:])
        raise AgentError("fontes doctor", why or "it ended without a word") from error


def _plain(value: object) -> str:
    """A setting's value as it may be given; keys go through the pipe alone, where nobody sees them."""
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)
