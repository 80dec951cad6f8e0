"""`fontes ask` over a web on loopback: options, plan, ledger, notice, and what goes wrong out there."""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

import jsonschema
import pytest
from fontes.agent.wire import AnswerOut

pytestmark = pytest.mark.slow  # whole processes or many seconds of waiting

MAIN = [sys.executable, "-c", "from fontes.agent.cli import main; main()"]
WHEN = "When was Gannet Point Light automated?"
HOSTILE = "\x1b]0;owned\x07\x1b[31mGannet\u202e Point\u200b Light\x9b2J <img src=x> [red]"
CONTROLS = ("\x1b", "\x07", "\x9b", "\u202e", "\u200b")


def test_the_web_answers_with_its_sources_and_what_was_not_read(fontes, serve, lights) -> None:
    serve(lights)
    result = fontes("ask", WHEN)
    assert result.code == 0
    assert "Gannet Point Light was automated in 1991" in result.out
    assert "http://harbour.test/gannet" in result.out
    assert "Not read" in result.out
    assert "(robots)" in result.out
    assert "note: searched with searxng" in result.out


def test_the_ledger_tells_it_all_as_json(fontes, serve, lights) -> None:
    serve(lights)
    answer = json.loads(fontes("ask", WHEN, "--json").out)
    jsonschema.validate(answer, AnswerOut.model_json_schema())
    ledger = answer["ledger"]
    assert [(row["provider"], row["error"]) for row in ledger["searched"]] == [("searxng", "")]
    assert ledger["searched"][0]["hits"] >= 3
    assert "http://harbour.test/gannet" in ledger["read"]
    assert [(row["source"], row["reason"]) for row in ledger["skipped"]] == [
        ("http://harbour.test/staff/gannet", "robots")
    ]


def test_the_first_search_says_who_sees_the_question_and_the_second_does_not(fontes, serve, lights) -> None:
    web = serve(lights)
    said = fontes("ask", WHEN).err
    assert f"searched with searxng ({web.search_url}), which will see" in said
    assert "which will see" not in fontes("ask", WHEN).err
    assert "which will see" not in fontes("search", "gannet", "--web").err


def test_a_question_that_stays_at_home_says_nothing_of_providers(fontes, serve, lights, notes: Path) -> None:
    web = serve(lights)
    result = fontes("ask", "When was the tower finished?", "--docs", notes)
    assert result.code == 0
    assert "which will see" not in result.err
    assert web.request_count == 0


def test_without_the_web_nobody_is_asked(fontes, serve, lights) -> None:
    web = serve(lights)
    result = fontes("ask", WHEN, "--no-web")
    assert result.code == 4
    assert "searched your index: no passages found" in result.out
    assert web.request_count == 0


def test_web_overrules_the_setting(fontes, serve, lights, monkeypatch: pytest.MonkeyPatch) -> None:
    serve(lights)
    monkeypatch.setenv("FONTES_WEB", "0")
    assert fontes("ask", WHEN).code == 4
    assert fontes("ask", WHEN, "--web").code == 0
    assert fontes("ask", WHEN, "--web", "--site", "harbour.test").code == 0


@pytest.mark.parametrize("option", [("--site", "harbour.test"), ("--provider", "searxng")])
@pytest.mark.parametrize("off", ["FONTES_WEB=0", "--no-web", "--docs", "--url"])
def test_what_needs_the_web_is_refused_where_it_is_off_and_nobody_is_asked(
    fontes, serve, lights, notes: Path, monkeypatch: pytest.MonkeyPatch, option: tuple[str, str], off: str
) -> None:
    web = serve(lights)
    named = {"--docs": ["--docs", notes], "--url": ["--url", "http://keepers.test/gannet"], "--no-web": ["--no-web"]}
    if off == "FONTES_WEB=0":
        monkeypatch.setenv("FONTES_WEB", "0")
    result = fontes("ask", WHEN, *named.get(off, []), *option)
    assert (result.code, result.out, web.request_count) == (2, "", 0)
    assert option[0] in result.err
    assert off in result.err
    assert "--web" in result.err


@pytest.mark.parametrize("option", [("--site", "harbour.test"), ("--provider", "searxng"), ("--since", "2023")])
def test_a_search_that_the_settings_keep_from_the_web_is_refused_unless_web_is_said(
    fontes, serve, lights, monkeypatch: pytest.MonkeyPatch, option: tuple[str, str]
) -> None:
    web = serve(lights)
    monkeypatch.setenv("FONTES_WEB", "0")
    result = fontes("search", "gannet", *option)
    assert (result.code, web.request_count) == (2, 0)
    assert option[0] in result.err
    assert "FONTES_WEB=0" in result.err
    assert fontes("search", "gannet", "--web", *option).code == 0


def test_url_restricts_the_question_to_that_page_and_leaves_the_index_as_it_is(fontes, serve, lights) -> None:
    web = serve(lights)
    result = fontes("ask", WHEN, "--url", "http://keepers.test/gannet")
    assert result.code == 0
    assert "1989" in result.out
    assert "1991" not in result.out
    assert not any(entry.path.startswith("/search") for entry in web.log)
    assert fontes("sources").out == ""


def test_url_and_docs_answer_together(fontes, serve, lights, notes: Path) -> None:
    serve(lights)
    ask = ("ask", "When was the tower on the hill finished?", "--url", "http://keepers.test/gannet", "--docs", notes)
    result = fontes(*ask, "--json")
    assert result.code == 0
    ledger = json.loads(result.out)["ledger"]
    assert "http://keepers.test/gannet" in ledger["read"]
    assert str(notes / "tower.txt") in ledger["read"]


def test_a_url_that_cannot_be_read_is_bad_input_with_its_reason(fontes, serve, lights) -> None:
    serve(lights)
    for url, why in {
        "http://harbour.test/staff/gannet": "robots.txt",
        "http://nowhere.test/": "not found",
        "http://127.0.0.1/": "127.0.0.1",
        "http://[": "nothing could be read",
    }.items():
        result = fontes("ask", WHEN, "--url", url)
        assert result.code == 2, url
        assert why in result.err


def test_site_restricts_the_search(fontes, serve, lights) -> None:
    serve(lights)
    answer = json.loads(fontes("ask", WHEN, "--site", "https://keepers.test/about", "--json").out)
    assert {source.split("/")[2] for source in answer["ledger"]["read"]} == {"keepers.test"}


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["--since", "yesterday"], "'yesterday' is no date"),
        (["--since", "2024-02-30"], "is no date"),
        (["--since", "\x1b[31m2024"], "is no date"),
        (["--site", "a b"], "'a b' is no host name"),
        (["--site", ""], "is no host name"),
        (["--url", "/tmp/notes"], "is no address of the web"),
        (["--provider", "nix"], "ddgs, searxng"),
        (["--provider", "searxng", "--no-web"], "--no-web"),
    ],
)
def test_an_option_that_cannot_be_used_is_bad_input(fontes, serve, lights, arguments: list[str], why: str) -> None:
    serve(lights)
    result = fontes("ask", WHEN, *arguments)
    assert result.code == 2
    assert why in result.err
    assert "\x1b" not in result.err


def test_since_and_site_are_in_the_plan(fontes, serve, lights) -> None:
    serve(lights)
    result = fontes("ask", WHEN, "--since", "2024-05", "--site", "keepers.test", "--plan", "--json")
    plan = json.loads(result.out)
    assert (plan["since"], plan["sites"], plan["providers"]) == ("2024-05-01", ["keepers.test"], ["searxng"])


def test_a_since_after_the_time_of_the_question_is_bad_input(fontes, serve, lights) -> None:
    web = serve(lights)
    result = fontes("ask", "Which reports about Gannet Point were published in 2019?", "--since", "2023")
    assert result.code == 2
    assert "2023-01-01 is after 2019-12-31" in result.err
    assert web.request_count == 0


def test_the_plan_is_shown_and_nobody_is_asked(fontes, serve, lights) -> None:
    web = serve(lights)
    result = fontes("ask", WHEN, "--plan")
    assert result.code == 0
    told = dict(re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in result.out.splitlines())
    assert told["goes to"] == "the web"
    assert told["because"] == "the index is empty: the web is asked"
    assert told["providers"] == "searxng"
    assert "Gannet Point Light automated" in told["web searches"]
    assert told["reads at most"].endswith("pages")
    assert told["takes at most"].startswith("20 s")
    assert web.request_count == 0
    plan = json.loads(fontes("ask", WHEN, "--plan", "--json").out)
    assert plan["routes"] == ["web"]


def test_a_question_that_names_nothing_comes_back(fontes, serve, lights) -> None:
    web = serve(lights)
    result = fontes("ask", "And then?")
    assert result.code == 4
    assert result.out.count("\n") == 1
    assert result.out.endswith("?\n")
    plan = fontes("ask", "And then?", "--plan")
    assert plan.code == 4
    assert "asks you" in plan.out
    assert json.loads(fontes("ask", "And then?", "--json").out)["status"] == "abstained"
    assert web.request_count == 0


def test_a_named_provider_takes_the_place_of_the_settings(fontes, serve, lights, monkeypatch) -> None:
    serve(lights)
    monkeypatch.setenv("FONTES_SEARCH", "ddgs")
    answer = json.loads(fontes("ask", WHEN, "--provider", "searxng", "--json").out)
    assert [row["provider"] for row in answer["ledger"]["searched"]] == ["searxng"]


def test_a_provider_without_its_key_is_named_and_the_next_one_answers(fontes, serve, lights) -> None:
    serve(lights)
    result = fontes("ask", WHEN, "--provider", "brave", "--provider", "searxng")
    assert result.code == 0
    assert "brave did not answer" in result.out
    assert "FONTES_BRAVE_KEY" in result.out
    assert "with brave" not in result.err


def test_with_no_network_the_own_index_answers_and_says_so(
    fontes, serve, lights, notes: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    serve(lights)
    monkeypatch.setenv("FONTES_SEARXNG_URL", "http://127.0.0.1:9")
    fontes("add", notes)
    started = monotonic()
    result = fontes("ask", "When was the tower on the hill finished?")
    assert monotonic() - started < 8
    assert result.code == 0
    assert "The tower on the hill was finished in 1871." in result.out
    assert "no search provider answered: the web was not searched" in result.out
    assert "cannot be reached" in result.out


def test_with_no_network_and_no_index_the_backend_is_down(fontes, serve, lights, monkeypatch) -> None:
    serve(lights)
    monkeypatch.setenv("FONTES_SEARXNG_URL", "http://127.0.0.1:9")
    result = fontes("ask", WHEN)
    assert result.code == 5
    assert result.out.startswith("No search provider answers")
    assert "fontes doctor --web" in result.out
    assert json.loads(fontes("ask", WHEN, "--json").out)["status"] == "abstained"


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (401, b"", "turns us away"),
        (429, b"{}", "too many questions"),
        (402, b"{}", "used up"),
        (500, b"", "failed on its side"),
        (200, b"<html><title>Search</title></html>", "web page"),
        (200, b"<html>please solve this captcha</html>", "captcha"),
        (403, b"", "JSON"),
    ],
)
def test_a_provider_that_refuses_is_named_with_its_reason(
    fontes, serve, lights, searxng, status: int, body: bytes, why: str
) -> None:
    serve(lights)
    searxng(status=status, body=body)
    result = fontes("ask", WHEN)
    assert result.code == 5
    assert "searxng did not answer" in result.out
    assert why in result.out


def test_only_walls_is_an_abstention_with_every_wall_named(fontes, serve, lights) -> None:
    serve(lights, faults=["1 login *.test/gannet", "1 captcha harbour.test/"])
    result = fontes("ask", WHEN)
    assert result.code == 4
    assert "The sources do not answer this question." in result.out
    assert "(login_wall)" in result.out
    assert "Not read" in result.out


def test_broken_files_and_dead_links_are_in_the_ledger(fontes, serve, lights, searxng) -> None:
    serve({**lights, "http://papers.test/a.pdf": b"%PDF-1.4 broken", "http://papers.test/b.pdf": b"%PDF-1.7"})
    searxng([{"url": f"http://papers.test/{name}.pdf", "title": "Gannet", "content": "Gannet"} for name in "abc"])
    result = fontes("ask", WHEN, "--json")
    assert result.code == 4
    skipped = json.loads(result.out)["ledger"]["skipped"]
    assert {row["source"] for row in skipped} == {f"http://papers.test/{name}.pdf" for name in "abc"}


def test_five_hundred_hits_are_cut_short_and_counted(fontes, serve, lights, searxng) -> None:
    serve(lights)
    searxng([{"url": f"http://dead{n}.test/{n}", "title": f"Gannet {n}", "content": "Gannet"} for n in range(500)])
    result = fontes("ask", WHEN)
    assert result.code == 4
    foot = result.out.split("Not read\n")[1].split("\n\n")[0].splitlines()
    assert len(foot) <= 10
    assert "more pages found, and not asked for" in result.out


def test_one_page_under_many_spellings_is_asked_for_once(fontes, serve, lights, searxng) -> None:
    web = serve(lights)
    spellings = ["", "#top", "?utm_source=x", "?utm_campaign=y&utm_medium=z", "?gclid=1", "#:~:text=a"]
    urls = [f"http://harbour.test/gannet{end}" for end in spellings] + ["HTTP://HARBOUR.test:80/./gannet"]
    searxng([{"url": url, "title": "Gannet Point Light", "content": "automated"} for url in urls])
    assert fontes("ask", WHEN).code == 0
    assert [entry.path for entry in web.log if "gannet" in entry.path] == ["/gannet"]


def test_a_hit_to_a_private_address_is_never_asked(fontes, serve, lights, searxng, home: Path) -> None:
    web = serve(lights)
    port = web.port
    private = [
        f"http://127.0.0.1:{port}/",
        "http://169.254.169.254/latest/meta-data/",
        "http://[::1]/",
        "http://2130706433/",
    ]
    searxng([{"url": url, "title": "Gannet Point Light", "content": "automated"} for url in private])
    result = fontes("ask", WHEN, "--json")
    assert result.code == 4
    assert web.request_count == 0


def test_a_recorded_hit_to_a_private_address_is_refused_by_the_crawler(
    fontes, serve, lights, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web = serve(lights)
    queries = json.loads(fontes("ask", WHEN, "--plan", "--json").out)["web_queries"]
    recording = tmp_path / "recorded.jsonl"
    hits = [{"url": "http://10.0.0.1/admin", "title": "Gannet"}, {"url": "http://keepers.test/gannet", "title": "G"}]
    recording.write_text("".join(json.dumps({"query": query, "results": hits}) + "\n" for query in queries))
    monkeypatch.setenv("FONTES_RECORDED", str(recording))
    result = fontes("ask", WHEN, "--provider", "recorded", "--json")
    assert result.code == 0
    assert [(row["source"], row["reason"]) for row in json.loads(result.out)["ledger"]["skipped"]] == [
        ("http://10.0.0.1/admin", "blocked_address")
    ]
    assert "which will see" not in result.err
    assert not [entry for entry in web.log if entry.path == "/admin"]


def test_hostile_titles_snippets_and_pages_write_nothing_to_the_terminal(
    fontes, serve, lights, searxng, make_page
) -> None:
    serve(
        {**lights, "http://evil.test/gannet": make_page(HOSTILE, f"Gannet Point Light was{HOSTILE} automated in 1990.")}
    )
    url = "http://evil.test/gannet"
    searxng(
        [{"url": url, "title": HOSTILE, "content": HOSTILE}, {"url": f"{url}\x1b[31m", "title": "x", "content": "y"}]
    )
    for command in (
        ("ask", WHEN), ("ask", WHEN, "--json"), ("search", "gannet", "--web"), ("search", "gannet", "--web", "--json"),
        ("ask", f"{WHEN} {HOSTILE}"), ("ask", f"{WHEN} {HOSTILE}", "--plan"), ("add", url), ("sources",),
        ("search", "gannet"), ("ask", WHEN, "--url", f"http://evil.test/{HOSTILE}"), ("add", f"http://e.test/{HOSTILE}"),
        ("remove", f"http://evil.test/{HOSTILE}"),
    ):  # fmt: skip
        result = fontes(*command)
        printed = result.out + result.err
        assert not [char for char in CONTROLS if char in printed], command


@pytest.mark.parametrize(
    ("question", "title", "text"),
    [
        (
            "灯台はいつ自動化されましたか?",
            "岬の灯台",
            "岬の灯台は1991年に自動化されました。光は44メートルの高さにあります。",
        ),
        ("Когда маяк Гремячий был автоматизирован?", "Маяк Гремячий", "Маяк Гремячий был автоматизирован в 1991 году."),
        ("متى أصبحت المنارة آلية؟", "المنارة", "أصبحت المنارة آلية في عام 1991 بعد رحيل آخر الحراس."),
    ],
)
def test_a_question_in_another_script_is_asked_as_it_is(
    fontes, serve, lights, searxng, make_page, question: str, title: str, text: str
) -> None:
    serve({**lights, "http://mayak.test/": make_page(title, text)})
    double = searxng([{"url": "http://mayak.test/", "title": title, "content": text}])
    result = fontes("ask", question, "--json")
    assert result.code in (0, 4), result.err
    assert "http://mayak.test/" in json.loads(result.out)["ledger"]["read"]
    assert all(max(query) > "\u0400" for query in double.asked)


def test_ctrl_c_ends_a_web_question_with_130(serve, lights) -> None:
    web = serve(lights, faults=["1 slow:60 *.test"])
    process = subprocess.Popen(
        [*MAIN, "ask", WHEN], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=dict(os.environ)
    )
    while not any(entry.path.startswith("/robots") for entry in web.log):
        assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, err
    assert "The run ended before anything was verified." in out


def test_a_terminal_shows_the_counts_and_the_seconds_left(serve, lights) -> None:
    serve(lights, faults=["1 slow:1 *.test"])
    leader, follower = pty.openpty()
    environment = os.environ | {"TERM": "xterm-256color", "COLUMNS": "160"}
    process = subprocess.Popen([*MAIN, "ask", WHEN], stdin=follower, stdout=follower, stderr=follower, env=environment)
    os.close(follower)
    seen = ""
    while re.search(r"automated in 19.*Sources", seen, re.DOTALL) is None:
        assert select.select([leader], [], [], 60)[0], seen
        seen += os.read(leader, 65_536).decode(errors="replace")
    process.wait(timeout=30)
    os.close(leader)
    assert re.search(r"search: searxng \d+ hits · crawl: \d of \d pages: \d read, \d skipped · \d+ s left", seen), seen
