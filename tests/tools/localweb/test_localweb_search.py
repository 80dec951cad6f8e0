"""The search endpoint: SearXNG's JSON over the pages."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from fontes.tools.localweb import Fault, LocalWeb
from fontes.tools.localweb.search import PageSearch
from fontes.tools.localweb.texts import PageText
from hypothesis import given
from hypothesis import strategies as st


@pytest.fixture
def pages(article) -> dict[str, bytes]:
    return {
        "http://a.test/crane": article("The crane", "A steam crane lifted herring barrels here.", "2024-05-14"),
        "http://b.test/ice": article("The ice house", "Ice for the herring came from Norway.", "2022-01-01"),
        "http://deep.b.test/kran": article("Der Kran", "Der Dampfkran hob die Fässer mit Hering aus den Booten, und "
                                           "das Eis dafür kam mit Schiffen aus Norwegen.", "", "de"),
    }  # fmt: skip


async def asked(client: Any, web: LocalWeb, query: str) -> dict[str, Any]:
    got = await client.get(f"{web.search_url}/search?format=json&{query}")
    assert got.status == 200, got.text
    assert got.headers["content-type"] == "application/json"
    value: dict[str, Any] = json.loads(got.text)
    return value


def urls(value: dict[str, Any]) -> list[str]:
    return [result["url"] for result in value["results"]]


async def test_the_answer_has_the_shape_of_searxngs(connect, pages) -> None:
    async with LocalWeb.of(pages) as web:
        value = await asked(await connect(web), web, "q=steam+crane")
    assert {
        "query",
        "number_of_results",
        "results",
        "answers",
        "infoboxes",
        "suggestions",
        "unresponsive_engines",
    } <= set(value)
    assert value["query"] == "steam crane"
    first = value["results"][0]
    assert (first["url"], first["title"]) == ("http://a.test/crane", "The crane")
    assert "steam crane lifted herring" in first["content"]
    assert first["publishedDate"] == "2024-05-14T00:00:00"
    assert first["engine"] == "localweb"
    assert value["number_of_results"] == len(value["results"])


async def test_it_answers_on_its_own_host_name_too(connect, pages) -> None:
    async with LocalWeb.of(pages) as web:
        client = await connect(web)
        named = await client.get("http://search.localweb.test/search?q=ice&format=json")
        assert urls(json.loads(named.text))[0] == "http://b.test/ice"
        assert (await client.get("http://a.test/search?q=ice&format=json")).status == 404


async def test_language_time_range_and_site_narrow_the_results(connect, pages) -> None:
    async with LocalWeb.of(pages, today=date(2024, 5, 20)) as web:
        client = await connect(web)
        assert urls(await asked(client, web, "q=hering+norwegen&language=de-DE")) == ["http://deep.b.test/kran"]
        assert urls(await asked(client, web, "q=herring&time_range=week")) == ["http://a.test/crane"]
        assert urls(await asked(client, web, "q=herring&time_range=day")) == []
        assert set(urls(await asked(client, web, "q=herring+hering+site:b.test"))) == {
            "http://b.test/ice", "http://deep.b.test/kran",
        }  # fmt: skip
        assert urls(await asked(client, web, "q=herring+-site:b.test&language=all")) == ["http://a.test/crane"]


async def test_pages_of_results_follow_each_other(connect, article) -> None:
    pages = {f"http://a.test/{number}": article(f"Page {number}", "boats " * number) for number in range(25)}
    async with LocalWeb.of(pages) as web:
        client = await connect(web)
        found = [urls(await asked(client, web, f"q=boats&pageno={number}")) for number in (1, 2, 3, 4)]
        total = (await asked(client, web, "q=boats"))["number_of_results"]
    assert [len(page) for page in found] == [10, 10, 5, 0]
    assert len({url for page in found for url in page}) == 25 == total


@pytest.mark.parametrize(
    ("query", "status"),
    [("format=json", 400), ("q=&format=json", 400), ("q=x&format=json&pageno=0", 400),
     ("q=x&format=json&pageno=%C2%B2", 400), ("q=x&format=json&time_range=eon", 400), ("q=x&format=rss", 403),
     ("q=%00%ff&format=json", 200)],
)  # fmt: skip
async def test_bad_parameters_are_refused_as_such(connect, pages, query: str, status: int) -> None:
    async with LocalWeb.of(pages) as web:
        got = await (await connect(web)).get(f"{web.search_url}/search?{query}")
    assert got.status == status


async def test_an_instance_without_json_says_403_and_still_answers_browsers(connect, article) -> None:
    pages = {"http://a.test/x": article("Fish &lt;script&gt;alert(1)&lt;/script&gt;", "Crates of fish.")}
    async with LocalWeb.of(pages, json=False) as web:
        client = await connect(web)
        assert (await client.get(f"{web.search_url}/search?q=fish&format=json")).status == 403
        page = await client.get(f"{web.search_url}/search?q=fish+<b>")
    assert page.headers["content-type"].startswith("text/html")
    assert 'href="http://a.test/x"' in page.text
    assert "<script>" not in page.text
    assert "<b>" not in page.text


async def test_a_web_without_search_reads_nothing_beforehand(connect) -> None:
    async with LocalWeb.of({"http://a.test/": b"x"}, search=False) as web:
        assert (await (await connect(web)).get(f"{web.search_url}/search?q=x&format=json")).status == 404


@pytest.mark.parametrize(
    ("kind", "status", "says"),
    [("search-down", 502, "502"), ("search-429", 429, "429"), ("search-403", 403, "403"), ("search-html", 200, "<html"),
     ("search-captcha", 200, "captcha"), ("search-status:500", 500, "500"), ("search-empty", 200, ""),
     ("search-nothing", 200, '"unresponsive_engines": [["localweb", "timeout"]]')],
)  # fmt: skip
async def test_the_search_fails_by_rule_and_the_pages_do_not(connect, pages, kind: str, status: int, says: str) -> None:
    async with LocalWeb.of(pages, faults=[Fault.of(kind)]) as web:
        client = await connect(web)
        got = await client.get(f"{web.search_url}/search?q=crane&format=json")
        assert (got.status, got.headers.get("retry-after")) == (status, "1" if status == 429 else None)
        assert says in got.text
        assert (await client.get("http://a.test/crane")).status == 200
        assert [entry.fault.startswith("search-") for entry in web.log] == [True, False]


async def test_texts_are_kept_until_a_page_changes(tmp_path: Path, article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fontes.tools.localweb.texts._KEPT_FROM_S", 0.0)
    folder = tmp_path / "web" / "a.test"
    folder.mkdir(parents=True)
    (folder / "x.html").write_bytes(article("One"))
    heard: list[tuple[int, int]] = []

    async def start() -> None:
        web = LocalWeb(tmp_path / "web", cache_dir=tmp_path / "kept", progress=lambda *counts: heard.append(counts))
        async with web:
            pass

    await start()
    await start()
    assert heard == [(1, 1)]
    (folder / "x.html").write_bytes(article("Two"))
    await start()
    assert heard == [(1, 1)] * 2
    kept = next((tmp_path / "kept").iterdir())
    kept.write_bytes(b"damaged")
    await start()
    assert heard == [(1, 1)] * 3


async def test_a_wall_is_found_by_the_words_on_it(connect) -> None:
    wall = b"<title>Log in</title><form>Log in to read about zeppelins <input type=password name=password></form>"
    async with LocalWeb.of({"http://a.test/x": wall, "http://a.test/y.png": b"\x89PNG\x00"}) as web:
        assert urls(await asked(await connect(web), web, "q=zeppelins")) == ["http://a.test/x"]


@given(query=st.text(max_size=80))
def test_any_query_has_an_answer(query: str) -> None:
    total, found = SEARCH.find(query)
    assert total == len(found)
    assert all(len(each.snippet) <= 300 for each in found)


SEARCH = PageSearch([
    PageText(url="http://a.test/", title="東京タワー", text="東京タワーは1958年に完成した。 " * 40, language="ja"),
    PageText(url="http://b.test/", title="Café", text="A café by the sea, in Zürich. " * 40),
])  # fmt: skip


def test_words_are_found_without_accents_and_in_scripts_without_spaces() -> None:
    assert SEARCH.find("cafe zurich")[1][0].page.url == "http://b.test/"
    assert SEARCH.find("タワー")[1][0].page.url == "http://a.test/"


@pytest.mark.slow
async def test_the_page_that_a_claim_cites_is_among_the_first_ten(shared_data: Path) -> None:
    wice = shared_data / "claims" / "wice"
    rows = [json.loads(line) for line in (wice / "claims.jsonl").read_text().splitlines()]
    async with LocalWeb(wice / "files") as web:
        assert (len(web.hosts), web.page_count) == (12, 230)
        search = web._answers._search
        assert search is not None
        found = [{hit.page.url.rpartition("/")[2][:-4] for hit in search._search.find(row["claim"])[1]} for row in rows]
    hits = sum(bool(set(row["cited_pages"]) & ids) for row, ids in zip(rows, found, strict=True))
    assert hits / len(rows) >= 0.95
