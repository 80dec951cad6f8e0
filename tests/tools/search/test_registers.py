"""What registers of scholarly works answer about one work."""

from typing import Any

import pytest
from fontes.tools import BadAnswer, ServiceDown, Terms
from fontes.tools.search.crossref import Crossref
from fontes.tools.search.openalex import OpenAlex

DOI = "10.1000/a(b)c/d"


@pytest.fixture(params=["crossref", "openalex"])
def register(request: Any, server: Any) -> Any:
    def make(**terms: Any) -> Any:
        kind = {"crossref": Crossref, "openalex": OpenAlex}[request.param]
        return kind(url=f"{server.url}/works", terms=Terms(**terms))

    return make


async def test_a_work_is_asked_for_by_its_doi_and_told_as_it_was_sent(server: Any, register: Any) -> None:
    server.answer = lambda asked: {"message": {"DOI": DOI}}
    assert await register().work(DOI) == '{"message": {"DOI": "10.1000/a(b)c/d"}}'
    assert server.log[0].path.rpartition("/")[2] in ("10.1000%2Fa%28b%29c%2Fd", "doi:10.1000%2Fa%28b%29c%2Fd")


async def test_a_work_that_is_not_registered_is_none(server: Any, register: Any) -> None:
    server.answer = lambda asked: server.reply("Resource not found.", status=404)
    assert await register().work(DOI) is None


async def test_a_register_that_fails_says_so(server: Any, register: Any) -> None:
    server.answer = lambda asked: server.reply("no", status=503)
    with pytest.raises(ServiceDown, match="failed on its side"):
        await register().work(DOI)


async def test_a_register_that_refuses_says_so(server: Any, register: Any) -> None:
    server.answer = lambda asked: server.reply("no", status=400)
    with pytest.raises(BadAnswer):
        await register().work(DOI)
