"""`fontes doctor` and `fontes config`: what is there, what is wrong, and where a setting came from."""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from fontes.agent import local_models


def states(result) -> dict[str, str]:
    return {finding["what"]: finding["state"] for finding in json.loads(result.out)}


def test_a_sound_installation_has_nothing_to_mend(fontes, notes: Path) -> None:
    fontes("add", notes)
    result = fontes("doctor", "--json")
    assert result.code == 0
    assert set(states(result).values()) <= {"ok", "note"}
    assert "all 3 passages embedded" in result.out


def test_what_is_derived_is_mended(fontes, notes: Path, home: Path) -> None:
    fontes("add", notes)
    (vectors,) = home.glob("vectors-*.bin")
    body = vectors.read_bytes()
    vectors.write_bytes(body[:256] + b"\xff" * (len(body) - 256))  # all numbers are NaN, the header is whole
    (home / "checkpoints.db").write_bytes(os.urandom(5000))
    for file in (home / "lexical").iterdir():
        file.write_bytes(b"damaged")
    assert fontes("doctor").code == 0
    assert fontes("ask", "When does the ferry leave?").code == 0
    assert states(fontes("doctor", "--json"))["vectors"] == "ok"


def test_a_file_in_the_place_of_the_lexical_index_is_replaced(fontes, notes: Path, home: Path, quick: None) -> None:
    fontes("add", notes)
    for file in (home / "lexical").iterdir():
        file.unlink()
    (home / "lexical").rmdir()
    (home / "lexical").write_text("")
    assert fontes("search", "granite").code == 0


def test_a_model_server_is_found_and_the_line_that_names_it_given(fontes, quick: None, monkeypatch) -> None:
    class Models(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = b'{"data": [{"id": "small-model"}]}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Models) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setattr(local_models, "PORTS", {server.server_port: "vLLM"})
        result = fontes("doctor")
        server.shutdown()
    assert "small-model" in result.out
    assert f"export FONTES_MODEL_URL=http://127.0.0.1:{server.server_port}/v1" in result.out


def test_config_shows_where_values_come_from(fontes, quick: None) -> None:
    values = json.loads(fontes("config", "--json").out)
    assert values["embedder"] == {"value": "none", "from": "FONTES_EMBEDDER"}
    assert values["sentences"] == {"value": 3, "from": "default"}


def test_a_misspelt_variable_is_pointed_out(fontes, monkeypatch: pytest.MonkeyPatch, quick: None) -> None:
    monkeypatch.setenv("FONTES_RERANKR", "none")
    assert "FONTES_RERANKR is set" in fontes("config").err
    assert "FONTES_RERANKR" in fontes("doctor").out


def test_config_init_writes_a_file_that_changes_nothing(fontes, quick: None) -> None:
    before = json.loads(fontes("config", "--json").out)
    written = Path(fontes("config", "init").out.removeprefix("wrote ").strip())
    written.write_text(written.read_text().replace("# models = ", "models = ").replace("# recorded = ", "recorded = "))
    after = json.loads(fontes("config", "--json").out)
    assert {name: row["value"] for name, row in after.items()} == {name: row["value"] for name, row in before.items()}
    assert fontes("config", "init").code == 2


def test_a_bad_setting_is_bad_input_with_its_origin(fontes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FONTES_SENTENCES", "many")
    result = fontes("ask", "Who?")
    assert result.code == 2
    assert "FONTES_SENTENCES" in result.err
