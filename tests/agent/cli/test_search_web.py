"""`fontes search --web` and `--providers`, and what `fontes doctor` says of the web."""

import json
from pathlib import Path

import pytest
from fontes.agent.cli.provider_table import known_providers
from fontes.agent.providers import PROVIDERS
from fontes.agent.settings import Settings


def findings(result) -> dict[str, dict[str, str]]:
    return {finding["what"]: finding for finding in json.loads(result.out)}


def test_hits_have_rank_title_url_date_and_provider(fontes, serve, lights) -> None:
    serve(lights)
    result = fontes("search", "gannet light automated", "--web")
    assert result.code == 0
    first, url, *_ = result.out.splitlines()
    assert first.startswith("1. ")
    assert first.endswith(" · 2024-05-01 · searxng")
    assert url.strip().startswith("http://")
    assert "searxng 4 hits" in result.err


def test_json_has_the_hits_and_the_report(fontes, serve, lights, searxng) -> None:
    serve(lights)
    result = fontes("search", "gannet", "--provider", "brave", "--provider", "searxng", "--json", "--limit", "2")
    report = json.loads(result.out)
    assert [hit["rank"] for hit in report["hits"]] == [1, 2]
    assert set(report["hits"][0]) == {"rank", "url", "title", "snippet", "published", "provider", "providers"}
    rows = {row["provider"]: row for row in report["searched"]}
    assert "FONTES_BRAVE_KEY" in rows["brave"]["error"]
    assert rows["searxng"]["error"] == ""
    assert rows["searxng"]["hits"] > 0


def test_nothing_found_and_nobody_there_are_told_apart(fontes, serve, lights, monkeypatch) -> None:
    serve(lights)
    assert fontes("search", "xylophone zebra", "--web").code == 4
    monkeypatch.setenv("FONTES_SEARXNG_URL", "http://127.0.0.1:9")
    result = fontes("search", "gannet", "--web")
    assert result.code == 5
    assert "searxng did not answer: it cannot be reached" in result.err
    report = json.loads(fontes("search", "gannet", "--web", "--json").out)
    assert report["hits"] == []
    assert "cannot be reached" in report["searched"][0]["error"]


def test_site_and_since_restrict_the_hits(fontes, serve, lights) -> None:
    serve(lights)
    report = json.loads(fontes("search", "gannet", "--site", "keepers.test", "--json").out)
    assert [hit["url"] for hit in report["hits"]] == ["http://keepers.test/gannet"]
    assert fontes("search", "gannet", "--web", "--since", "soon").code == 2


def test_five_hundred_hits_are_at_most_fifty(fontes, serve, lights, searxng) -> None:
    serve(lights)
    searxng([{"url": f"http://host{n}.test/", "title": f"Title {n}", "content": ""} for n in range(500)])
    report = json.loads(fontes("search", "title", "--web", "--limit", "100", "--json").out)
    assert 0 < len(report["hits"]) <= 50


def test_the_own_index_stays_the_default(fontes, serve, lights, notes: Path) -> None:
    web = serve(lights)
    fontes("add", notes)
    assert "tower.txt" in fontes("search", "granite quarry").out
    assert "tower.txt" in fontes("search", "granite quarry", "--docs").out
    assert web.request_count == 0
    assert fontes("search", "granite quarry", "--docs", "--web").code == 2


@pytest.mark.parametrize("query", ["", "  ", "?!", "\x1b[;\x07"])
def test_a_query_without_a_word_is_bad_input(fontes, serve, lights, query: str) -> None:
    web = serve(lights)
    assert fontes("search", query, "--web").code == 2
    assert fontes("search").code == 2
    assert web.request_count == 0


def test_an_unknown_provider_is_bad_input(fontes, serve, lights) -> None:
    serve(lights)
    result = fontes("search", "gannet", "--provider", "nix")
    assert result.code == 2
    assert "not known; one of ddgs" in result.err


def test_every_provider_is_listed_with_what_it_wants(fontes, home: Path, monkeypatch) -> None:
    monkeypatch.setenv("FONTES_BRAVE_KEY", "sesame")
    monkeypatch.setenv("FONTES_SEARCH", "brave,tavily")
    rows = {row["name"]: row for row in json.loads(fontes("search", "--providers", "--json").out)}
    assert tuple(rows) == PROVIDERS
    assert all(row["purpose"] for row in rows.values())
    assert not [name for name, row in rows.items() if row["purpose"] == "a plug of your own"]
    assert (rows["brave"]["missing"], rows["brave"]["turn"]) == ([], 1)
    assert (rows["tavily"]["missing"], rows["tavily"]["turn"]) == (["FONTES_TAVILY_KEY"], 2)
    shown = fontes("search", "--providers").out
    assert "sesame" not in shown
    assert "not set: FONTES_TAVILY_KEY, asked as number 2" in shown


def test_what_the_table_says_is_needed_are_settings(home: Path) -> None:
    for provider in known_providers(Settings()):
        for variable in (*provider.needs, *provider.takes):
            assert variable.removeprefix("FONTES_").lower() in Settings.model_fields


def test_doctor_looks_at_the_web_and_asks_nobody(fontes, serve, lights) -> None:
    web = serve(lights)
    found = findings(fontes("doctor", "--json"))
    assert found["web"]["detail"] == "on, searched with searxng"
    assert found["provider searxng"]["state"] == "ok"
    assert "takes connections" in found["provider searxng"]["detail"]
    assert found["crawler"]["state"] == "note"
    assert found["HTTP cache"]["detail"] == "empty"
    assert web.request_count == 0


def test_doctor_asks_every_provider_when_told_to(fontes, serve, lights, monkeypatch) -> None:
    web = serve(lights)
    monkeypatch.setenv("FONTES_SEARCH", "searxng,tavily")
    found = findings(fontes("doctor", "--web", "--json"))
    assert "asked for" in found["provider searxng"]["detail"]
    assert found["provider tavily"]["remedy"] == "set FONTES_TAVILY_KEY"
    assert [entry.path.partition("?")[0] for entry in web.log] == ["/search"]


def test_doctor_says_what_is_wrong_out_there(fontes, serve, lights, home: Path, monkeypatch) -> None:
    serve(lights)
    fontes("add", "http://harbour.test/gannet")
    assert findings(fontes("doctor", "--json"))["HTTP cache"]["state"] == "ok"
    (home / "http" / "http.db").write_bytes(b"damaged" * 1000)
    monkeypatch.setenv("FONTES_SEARXNG_URL", "http://127.0.0.1:9")
    found = findings(fontes("doctor", "--json"))
    assert found["HTTP cache"]["state"] == "warning"
    assert "does not answer" in found["provider searxng"]["detail"]
    assert "cannot be reached" in findings(fontes("doctor", "--web", "--json"))["provider searxng"]["detail"]
    monkeypatch.setenv("FONTES_SEARCH", "nix")
    result = fontes("doctor", "--json")
    assert result.code == 5
    assert "not known" in findings(result)["provider nix"]["detail"]
    monkeypatch.setenv("FONTES_RESOLVE", "nonsense")
    assert findings(fontes("doctor", "--json"))["crawler"]["state"] == "error"


def test_a_key_is_never_shown(fontes, home: Path, monkeypatch: pytest.MonkeyPatch, quick: None) -> None:
    for name in Settings.model_fields:
        if name.endswith("_key"):
            monkeypatch.setenv(f"FONTES_{name.upper()}", "open-sesame")
    monkeypatch.setenv("FONTES_SEARCH", "brave,tavily")
    values = json.loads(fontes("config", "--json").out)
    assert values["brave_key"] == {"value": "set", "from": "FONTES_BRAVE_KEY"}
    for command in (("config",), ("config", "--json"), ("config", "init"), ("doctor",), ("search", "--providers")):
        result = fontes(*command)
        assert "open-sesame" not in result.out + result.err
    monkeypatch.delenv("FONTES_BRAVE_KEY")
    assert json.loads(fontes("config", "--json").out)["brave_key"]["value"] == "not set"
