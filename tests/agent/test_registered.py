"""Notices about cited works: which work an address is of, and what the registers say of it."""

import asyncio
import json
from dataclasses import dataclass, field

import pytest
from fontes.agent.registered import doi_of, registered
from fontes.agent.retractions import Notice
from fontes.tools import ServiceDown
from hypothesis import given
from hypothesis import strategies as st

RETRACTED = json.dumps(
    {
        "message": {
            "DOI": "10.1000/x",
            "updated-by": [
                {"DOI": "10.1000/r", "type": "correction", "label": "Correction"},
                {
                    "DOI": "10.1000/s",
                    "type": "retraction",
                    "label": "Retraction",
                    "source": "retraction-watch",
                    "updated": {"date-parts": [[2024, 3, 9]]},
                },
            ],
        }
    }
)
UNTOUCHED = json.dumps({"id": "https://openalex.org/W1", "doi": "https://doi.org/10.1000/x", "is_retracted": False})


@dataclass
class Told:
    """A register that says what it is told to."""

    name: str
    body: str | Exception | None = None
    asked: list[str] = field(default_factory=list)

    async def work(self, doi: str) -> str | None:
        self.asked.append(doi)
        if isinstance(self.body, Exception):
            raise self.body
        if self.body == "never":
            await asyncio.Event().wait()
        return self.body


@pytest.mark.parametrize(
    ("source", "text", "doi"),
    [
        ("https://doi.org/10.1038/s41586-020-2649-2", "", "10.1038/s41586-020-2649-2"),
        ("https://www.biorxiv.org/content/10.1101/2020.01.30.927871v1.full", "", "10.1101/2020.01.30.927871"),
        ("https://onlinelibrary.wiley.com/doi/10.1002/(SICI)1097/full?x=1", "", "10.1002/(sici)1097"),
        ("https://link.springer.com/article/10.1007%2Fs11192-021-04125-4#Sec2", "", "10.1007/s11192-021-04125-4"),
        ("https://a.example/1", "A\nhttps://doi.org/10.1371/journal.pone.0118053.\nB", "10.1371/journal.pone.0118053"),
        ("https://journal.example/a/1", "x" * 3_000 + " 10.1371/journal.pone.0118053", ""),
        ("https://example.com/version/10.15/notes", "", ""),
        ("notes.md", "", ""),
    ],
)  # fmt: skip
def test_the_doi_of_a_work_stands_in_its_address_or_at_the_head_of_its_text(source: str, text: str, doi: str) -> None:
    assert doi_of(source, text) == doi


@given(st.text(max_size=300), st.text(max_size=300))
def test_any_address_and_text_has_a_doi_or_none(source: str, text: str) -> None:
    doi = doi_of(source, text)
    assert doi == "" or doi.startswith("10.")


async def test_the_gravest_notice_of_any_register_counts() -> None:
    found = await registered(["10.1000/x"], [Told("openalex", UNTOUCHED), Told("crossref", RETRACTED)])
    assert found.notes == ()
    assert found.notices["10.1000/x"] == Notice(
        kind="retraction", basis="crossref", quote="Retraction (retraction-watch)", date="2024-03-09", doi="10.1000/s"
    )


async def test_a_work_that_nobody_knows_has_no_notice() -> None:
    found = await registered(["10.1000/x", "", "10.1000/x"], [register := Told("crossref", None)])
    assert (found.notices, found.notes, register.asked) == ({}, (), ["10.1000/x"])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (ServiceDown("crossref", "10.1000/x", "it failed on its side (HTTP 500)"), "failed on its side"),
        ("<html>", "not in the documented format"),
        ("never", "no answer within 0.05 s"),
    ],
)
async def test_what_could_not_be_asked_is_said_and_the_rest_stands(body: str | Exception, said: str) -> None:
    retracted = json.dumps({"id": "W1", "doi": None, "is_retracted": True})
    found = await registered(["10.1000/x"], [Told("crossref", body), Told("openalex", retracted)], seconds=0.05)
    assert found.notices["10.1000/x"].kind == "retraction"
    assert len(found.notes) == 1
    assert "could not be asked of crossref" in found.notes[0]
    assert said in found.notes[0]


async def test_no_more_than_five_works_are_asked_about() -> None:
    register = Told("crossref", None)
    await registered([f"10.1000/{number}" for number in range(9)], [register])
    assert len(register.asked) == 5


async def test_without_works_nobody_is_asked() -> None:
    assert (await registered(["", ""], [Told("crossref", "never")])).notices == {}
