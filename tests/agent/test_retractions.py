"""Notices that a scholarly work is not to be relied on: on its page, from Crossref, from OpenAlex."""

import json

import pytest
from fontes.agent.errors import AgentError
from fontes.agent.retractions import UnknownShape, crossref_notices, notice_on_page, openalex_notice
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("RETRACTED: Sugar and sleep in mice", "retraction"),
        ("[Retracted] Sugar and sleep in mice", "retraction"),
        ("RETRACTED ARTICLE: Sugar and sleep in mice", "retraction"),
        ("Sugar and sleep in mice (Retracted)", "retraction"),
        ("Retraction notice to “Sugar and sleep in mice”", "retraction"),
        ("Retraction: Sugar and sleep in mice", "retraction"),
        ("WITHDRAWN: Sugar and sleep in mice", "withdrawal"),
        ("Expression of Concern: Sugar and sleep in mice", "concern"),
        ("Editorial expression of concern for Sugar and sleep", "concern"),
        ("Correction to: Sugar and sleep in mice", "correction"),
        ("Erratum: Sugar and sleep in mice", "correction"),
    ],
)
def test_a_title_tells_of_the_notice(title: str, kind: str) -> None:
    found = notice_on_page(title, "")
    assert found is not None
    assert (found.kind, found.basis, found.is_grave) == (kind, "title", kind != "correction")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Sugar and sleep. This article has been retracted at the request of the editor. More text.", "retraction"),
        ("Comments: This paper has been withdrawn by the authors due to an error in Lemma 2.", "withdrawal"),
        ("The authors wish to retract this article. ", "retraction"),
        ("The editors are issuing an expression of concern about it.", "concern"),
    ],
)
def test_the_head_of_a_text_tells_of_the_notice(text: str, kind: str) -> None:
    found = notice_on_page("Sugar and sleep in mice", text)
    assert found is not None
    assert (found.kind, found.basis) == (kind, "text")
    assert found.quote in text


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Why retracted papers live on", "We studied 300 papers that were retracted. Retractions are rare."),
        ("Retractable landing gears", "The gear was retracted in flight."),
        ("Withdrawal of alcohol in rats", "The drug was withdrawn from the market in 1998."),
        ("Concerns of nurses", "Nurses expressed their concern about pay."),
        ("Sugar and sleep in mice", "x" * 3000 + " This article has been retracted."),
    ],
)
def test_a_work_about_retractions_was_not_retracted(title: str, text: str) -> None:
    assert notice_on_page(title, text) is None


def test_meta_elements_tell_of_the_notice() -> None:
    found = notice_on_page("Sugar", "", (("citation_title", "RETRACTED: Sugar and sleep"),))
    assert found is not None
    assert (found.kind, found.basis) == ("retraction", "meta")
    assert notice_on_page("Sugar", "", (("citation_title", "Sugar and sleep"), ("article:retracted", "false"))) is None
    assert notice_on_page("Sugar", "", (("article:retracted", "true"),)) is not None


def crossref(**message: object) -> str:
    return json.dumps(
        {"status": "ok", "message-type": "work", "message": {"DOI": "10.1/x", "title": ["Sugar"], **message}}
    )


def test_crossref_names_the_notices_of_a_work_the_gravest_first() -> None:
    body = crossref(**{
        "updated-by": [
            {"DOI": "10.1/c", "type": "correction", "label": "Correction", "updated": {"date-parts": [[2019, 5, 3]]}},
            {"DOI": "10.1/r", "type": "retraction", "label": "Retraction", "source": "retraction-watch",
             "updated": {"date-parts": [[2020, 1, 9]], "timestamp": 1578528000000}},
            {"DOI": "10.1/v", "type": "new_version", "label": "New version"},
        ]
    })  # fmt: skip
    retraction, correction = crossref_notices(body)
    assert (retraction.kind, retraction.date, retraction.doi) == ("retraction", "2020-01-09", "10.1/r")
    assert (retraction.quote, correction.kind) == ("Retraction (retraction-watch)", "correction")


def test_crossref_names_what_a_notice_updates() -> None:
    (found,) = crossref_notices(crossref(**{"update-to": [{"DOI": "10.1/y", "type": "expression_of_concern"}]}))
    assert (found.kind, found.doi) == ("concern", "10.1/y")


def test_a_work_without_updates_has_no_notice() -> None:
    assert crossref_notices(crossref()) == ()


def test_openalex_tells_whether_a_work_is_retracted() -> None:
    work = {"id": "https://openalex.org/W1", "doi": "https://doi.org/10.1/x", "is_retracted": True}
    found = openalex_notice(json.dumps(work))
    assert found is not None
    assert (found.kind, found.doi) == ("retraction", "10.1/x")
    assert openalex_notice(json.dumps(work | {"is_retracted": False})) is None


@pytest.mark.parametrize("body", ["", "[]", "null", '{"message": {}}', '{"id": "W1"}', "<html>"])
def test_a_body_of_another_shape_is_an_error_that_says_what_to_do(body: str) -> None:
    for read in (crossref_notices, openalex_notice):
        with pytest.raises(UnknownShape, match="Look the work up on its publisher's page") as raised:
            read(body)
        assert isinstance(raised.value, AgentError)


@given(st.text(max_size=200), st.text(max_size=400))
def test_any_title_and_text_are_read(title: str, text: str) -> None:
    found = notice_on_page(title, text)
    assert found is None or found.quote
