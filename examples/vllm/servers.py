"""The servers: started in the background on 127.0.0.1, awaited, remembered in FOLDER/run, ended."""

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from progress import Failed, last_words, say

_HOST = "127.0.0.1"
_PATIENCE_S = 300.0
_FAREWELL_S = 20.0
_LOOK_S = 0.25
_MOST_THREADS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One of them; `model` is the name of what it serves, `setting` what Fontes' variables for it begin with."""

    name: str
    model: str
    setting: str
    port: int
    memory_bytes: int
    flags: tuple[str, ...]


# Compact JSON, for a small model goes on writing blanks where the schema allows them, until its limit.
_SCHEMAS = json.dumps({"backend": "xgrammar", "disable_any_whitespace": True})
_CHAT = Server(
    name="chat",
    model="tiny",
    setting="FONTES_MODEL",
    port=8101,
    memory_bytes=3_500_000_000,
    flags=(
        "--dtype", "bfloat16" if " avx512f " in Path("/proc/cpuinfo").read_text() else "float32",
        "--max-model-len", "8192",
        "--max-num-seqs", "16",
        "--max-num-batched-tokens", "2048",
        "--enable-prompt-tokens-details",  # replies say how much of a prompt was cached
        "--generation-config", "vllm",
        "--structured-outputs-config", _SCHEMAS,
    ),
)  # fmt: skip
_READS = ("--runner", "pooling", "--dtype", "float32")
_EMBED = Server(
    name="embed", model="all-minilm-l6-v2", setting="FONTES_EMBED", port=8102, memory_bytes=1_800_000_000, flags=_READS
)
_RERANK = Server(
    name="rerank", model="ms-marco-minilm-l12", setting="FONTES_RERANK", port=8103, memory_bytes=1_800_000_000,
    flags=_READS,
)  # fmt: skip
SERVERS = {server.name: server for server in (_CHAT, _EMBED, _RERANK)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What is remembered of a server that was started."""

    pid: int
    port: int
    began: str

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://{_HOST}:{self.port}/v1"


def start(folder: Path, wanted: Sequence[tuple[Server, int]]) -> None:
    """Start servers side by side, each at its port, and wait until they answer; what already runs is left alone.

    Raises:
        Failed: one did not start; the others are ended too.
    """
    fresh = [(server, port or _free_port()) for server, port in wanted if running(folder, server) is None]
    _check(folder, fresh)
    began = time.monotonic()
    try:
        for server, port in fresh:
            _launch(folder, server, port)
        for server, port in fresh:
            _wait(folder, server, port)
            say(f"{server.name} server: ready after {time.monotonic() - began:.0f} s at http://{_HOST}:{port}/v1")
    except BaseException:
        stop(folder, [server.name for server, _ in fresh])
        raise


def stop(folder: Path, names: Iterable[str]) -> None:
    """End those that run, and the processes that they started."""
    for name in names:
        found = running(folder, SERVERS[name])
        if found is None:
            continue
        os.kill(found.pid, signal.SIGTERM)
        until = time.monotonic() + _FAREWELL_S
        while _began(found.pid) == found.began and time.monotonic() < until:
            time.sleep(_LOOK_S)
        with suppress(ProcessLookupError):
            os.killpg(found.pid, signal.SIGKILL)  # its engine too, should it be left
        _state(folder, SERVERS[name]).unlink(missing_ok=True)
        say(f"{name} server: stopped")


def running(folder: Path, server: Server) -> Running | None:
    """What runs of a server, if it is the process that was started from this folder: its id may be another's by now."""
    try:
        found = Running(**json.loads(_state(folder, server).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return found if _began(found.pid) == found.began else None


def exports(folder: Path) -> str:
    """The lines that make Fontes use what runs.

    Raises:
        Failed: nothing runs.
    """
    lines: list[str] = []
    for server in SERVERS.values():
        if found := running(folder, server):
            name = server.setting if server is _CHAT else f"{server.setting}_MODEL"
            lines += [f"export {server.setting}_URL={found.url}", f"export {name}={server.model}"]
    if not lines:
        raise Failed(f"no server runs that was started from {folder}; `start` starts them.")
    return "\n".join(lines)


def _launch(folder: Path, server: Server, port: int) -> None:
    say(f"{server.name} server: starting; its log is {_log(folder, server)}")
    binaries = folder / "venv" / "bin"
    command = [
        str(binaries / "vllm"), "serve", str(folder / server.name),
        "--host", _HOST, "--port", str(port), "--served-model-name", server.model,
        "--kv-cache-memory-bytes", str(2**30),
        "--distributed-executor-backend", "uni",
        "--enforce-eager",  # compiling takes longer than all that is asked of it here
        "--disable-uvicorn-access-log",
        *server.flags,
    ]  # fmt: skip
    _log(folder, server).parent.mkdir(parents=True, exist_ok=True)
    with _log(folder, server).open("w") as log:
        process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, env=_environment(binaries),
            start_new_session=True,
        )  # fmt: skip
    started = {"pid": process.pid, "port": port, "began": _began(process.pid)}
    _state(folder, server).write_text(json.dumps(started))


def _environment(binaries: Path) -> dict[str, str]:
    """Offline; and a thread for every second core, wherever there is room, unless the caller's environment says else.

    Threads that are bound to cores wait for each other: beside other work on two cores that made 4 tokens/s of 25.
    """
    threads = max(1, min(_MOST_THREADS, len(os.sched_getaffinity(0)) // 2))
    openmp = binaries.parent / "lib" / "libiomp5.so"  # Intel's OpenMP comes with the wheel
    return {"VLLM_CPU_OMP_THREADS_BIND": "nobind", "OMP_NUM_THREADS": str(threads), **os.environ} | {
        "PATH": f"{binaries}{os.pathsep}{os.environ.get('PATH', '')}",
        "LD_PRELOAD": str(openmp) if openmp.is_file() else "",
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
        "VLLM_NO_USAGE_STATS": "1",
        "DO_NOT_TRACK": "1",
    }


def _wait(folder: Path, server: Server, port: int) -> None:
    until = time.monotonic() + _PATIENCE_S
    while not _is_healthy(port):
        if running(folder, server) is None:
            log = _log(folder, server)
            raise Failed(f"the {server.name} server ended:\n{last_words(log)}\nAll of it is in {log}.")
        if time.monotonic() > until:
            raise Failed(f"the {server.name} server was not ready after {_PATIENCE_S:.0f} s: {_log(folder, server)}")
        time.sleep(_LOOK_S)


def _is_healthy(port: int) -> bool:
    connection = http.client.HTTPConnection(_HOST, port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _check(folder: Path, fresh: Sequence[tuple[Server, int]]) -> None:
    for server, port in fresh:
        if not (folder / "venv" / "bin" / "vllm").is_file() or not (folder / server.name / "config.json").is_file():
            raise Failed(
                f"{folder} does not hold vLLM and the {server.name} model; run `up`, or `install` and `models`."
            )
        with socket.socket() as probe:
            if probe.connect_ex((_HOST, port)) == 0:
                raise Failed(f"something else answers at port {port}; choose others with --ports, such as 0 for any.")
    needed = sum(server.memory_bytes for server, _ in fresh)
    if (free := _free_memory()) < needed:
        raise Failed(
            f"{free / 1e9:.1f} GB of memory are free, and {needed / 1e9:.0f} GB are needed; start fewer servers."
        )


def _began(pid: int) -> str:
    """When a process that runs began, in ticks since the machine did: with its id it is one process; "" for none."""
    with suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)  # if it is our own child and has ended, let it go
    try:
        _, _, rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")
    except OSError:
        return ""
    state, *fields = rest.split()
    return "" if state == "Z" else fields[18]


def _free_memory() -> int:
    row = next(line for line in Path("/proc/meminfo").read_text().splitlines() if line.startswith("MemAvailable:"))
    return int(row.split()[1]) * 1024


def _free_port() -> int:
    with socket.create_server((_HOST, 0)) as found:
        return int(found.getsockname()[1])


def _state(folder: Path, server: Server) -> Path:
    return folder / "run" / f"{server.name}.json"


def _log(folder: Path, server: Server) -> Path:
    return folder / "run" / f"{server.name}.log"
