"""robots.txt against verdicts that others gave: Google's suites, other parsers', the RFC's clauses, real files."""

import base64
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fontes.crawler.robots import Robots


@pytest.fixture(scope="session")
def robots_data(shared_data: Path) -> Path:
    return shared_data / "robots"


def rows(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as lines:
        yield from map(json.loads, lines)


def body(row: dict[str, Any]) -> bytes:
    return base64.b64decode(row["robots_b64"]) if row.get("robots") is None else row["robots"].encode()


def misses(wanted: Iterator[dict[str, Any]]) -> list[str]:
    return [
        row["id"] for row in wanted if Robots.parse(body(row)).allows(row["url"], row["agent"]) is not row["allowed"]
    ]


def test_all_that_google_asserts_holds(robots_data: Path) -> None:
    assert misses(row for row in rows(robots_data / "cases.jsonl") if row["source"].startswith("google/")) == []


def test_all_that_other_suites_and_the_reference_agree_on_holds(robots_data: Path) -> None:
    assert misses(row for row in rows(robots_data / "cases.jsonl") if row["reference_agrees"]) == []


def test_every_clause_of_the_rfc_holds(robots_data: Path) -> None:
    assert misses(rows(robots_data / "rfc9309_files.jsonl")) == []


def test_bodies_count_as_the_rfc_says(robots_data: Path) -> None:
    for row in rows(robots_data / "rfc9309_fetch.jsonl"):
        given, robots = row["given"], Robots.parse(row["given"].get("body", "").encode())
        if given.get("content_type") == "text/html":
            assert robots.allows("https://site.example/a", "Fontes"), row
        if row["expect"] == "allow_path":
            assert robots.allows(f"https://site.example{given['path']}", "Fontes"), row
        if "size" in given and row["expect"] == "parse":
            rule = b"\nUser-agent: *\nDisallow: /x"
            filled = b"#" * (given["size"] - len(rule)) + rule
            assert not Robots.parse(filled).allows("https://site.example/x", "Fontes"), row


def test_real_files_are_judged_as_two_other_parsers_agree(robots_data: Path) -> None:
    sites = {row["site"]: Robots.parse(body(row)) for row in rows(robots_data / "real_files.jsonl.gz")}
    agreed = [row for row in rows(robots_data / "real_verdicts_untrusted.jsonl.gz") if row["agree"]]
    wrong = [
        (row["site"], row["agent"], row["url"])
        for row in agreed
        if sites[row["site"]].allows(row["url"], row["agent"]) is not row["reference"]
    ]
    assert len(agreed) > 7_000
    assert wrong == []
