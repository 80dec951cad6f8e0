"""Addresses and sites in a question: what is to be read or searched, and what the question only speaks of."""

import pytest
from fontes.agent.questions.named_addresses import named_addresses


@pytest.mark.parametrize(
    ("question", "text", "sites"),
    [
        ("Use bbc.com to find the mayor of York", "to find the mayor of York", ("bbc.com",)),
        ("Find the rule, use gov.uk only", "Find the rule", ("gov.uk",)),
        ("Search arxiv.org for diffusion models", "for diffusion models", ("arxiv.org",)),
        ("When was it built according to bbc.com?", "When was it built?", ("bbc.com",)),
        ("Does Node.js or ASP.NET use booking.com?", "Does Node.js or ASP.NET use booking.com?", ()),
        ("How many people use booking.com?", "How many people use booking.com?", ()),
        ("Do doctors consult webmd.com?", "Do doctors consult webmd.com?", ()),
    ],
)
def test_a_site_is_searched_where_that_is_asked_for_and_not_where_it_is_spoken_of(
    question: str, text: str, sites: tuple[str, ...]
) -> None:
    named = named_addresses(question)
    assert (named.text, named.sites) == (text, sites)


@pytest.mark.parametrize(
    ("question", "text", "url"),
    [
        ("What does wikipedia.org say about the Kelm Dam?", "the Kelm Dam?", "https://wikipedia.org/"),
        ("What does docs.rs/tokio say about blocking tasks?", "blocking tasks?", "https://docs.rs/tokio"),
        ("what did https://a.example/x report on late fees", "late fees", "https://a.example/x"),
    ],
)
def test_what_an_address_is_asked_about_is_what_is_searched_for(question: str, text: str, url: str) -> None:
    named = named_addresses(question)
    assert (named.text, named.urls) == (text, (url,))
