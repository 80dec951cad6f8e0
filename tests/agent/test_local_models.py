"""A model server on this machine is recognised by its answer; everything else is passed over."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from fontes.agent.local_models import ModelServer, local_model_servers

Serve = Callable[..., int]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """Start a loopback server: `serve(body, status=200, headers={})` → its port. It answers `/v1/models` alone."""
    with ExitStack() as stack:

        def start(body: bytes, *, status: int = 200, headers: dict[str, str] | None = None) -> int:
            class Handler(BaseHTTPRequestHandler):
                def do_GET(self) -> None:
                    self.send_response(status if self.path == "/v1/models" else 404)
                    for name, value in (headers or {"Content-Length": str(len(body))}).items():
                        self.send_header(name, value)
                    self.end_headers()
                    with suppress(ConnectionError):  # whoever asked may have read enough
                        self.wfile.write(body)

                def log_message(self, format: str, *args: object) -> None:
                    pass

            server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            port: int = server.server_address[1]
            return port

        yield start


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port that takes connections and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


async def test_a_server_that_names_its_models_is_found(serve: Serve) -> None:
    port = serve(b'{"object": "list", "data": [{"id": "qwen", "object": "model"}, {"id": "bge"}]}')
    assert await local_model_servers({port: "vLLM"}) == (
        ModelServer(url=f"http://127.0.0.1:{port}/v1", usually="vLLM", models=("qwen", "bge")),
    )


async def test_a_server_without_a_model_loaded_is_found_all_the_same(serve: Serve) -> None:
    port = serve(b'{"data": []}')
    (server,) = await local_model_servers({port: "Ollama"})
    assert server.models == ()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"<!doctype html><title>My router</title>", 200),
        (b'{"detail": "Not Found"}', 404),
        (b'{"data": [{"id": "x"}]}', 500),
        (b'{"data": [{"name": "x"}]}', 200),
        (b'{"data": "x"}', 200),
        (b"[1, 2", 200),
        (b"\xff\xfe\x00", 200),
        (b"", 200),
        (b'{"data": [{"id": "' + b"x" * 1_500_000 + b'"}]}', 200),
    ],
    ids=["html", "not found", "error", "other shape", "other type", "half json", "bytes", "nothing", "huge"],
)
async def test_what_answers_otherwise_is_no_model_server(body: bytes, status: int, serve: Serve) -> None:
    assert await local_model_servers({serve(body, status=status): "vLLM"}) == ()


async def test_nobody_is_followed_elsewhere(serve: Serve) -> None:
    real = serve(b'{"data": [{"id": "x"}]}')
    headers = {"Location": f"http://127.0.0.1:{real}/v1/models", "Content-Length": "0"}
    assert await local_model_servers({serve(b"", status=302, headers=headers): "vLLM"}) == ()


async def test_an_answer_that_claims_another_encoding_is_passed_over(serve: Serve) -> None:
    headers = {"Content-Encoding": "gzip", "Content-Length": "11"}
    assert await local_model_servers({serve(b'{"data": []}'[:11], headers=headers): "vLLM"}) == ()


async def test_where_nothing_listens_nothing_is_found() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    assert await local_model_servers({port: "vLLM"}) == ()


async def test_a_server_that_never_answers_holds_nobody_up(serve: Serve, silent_port: int) -> None:
    port = serve(b'{"data": [{"id": "x"}]}')
    found = await local_model_servers({silent_port: "vLLM", port: "Ollama"})
    assert [server.usually for server in found] == ["Ollama"]
