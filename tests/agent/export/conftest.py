"""Answers to be exported: one sentence a source, and whatever a source may say of itself."""

from collections.abc import Callable, Sequence

import pytest
from fontes.agent.answer import Answer, Ledger
from fontes.agent.retractions import Notice
from fontes.agent.site_kinds import Kind
from fontes.agent.source_signals import SourceSignals
from fontes.agent.state import Checked, Citation, Claim, Contradiction, Searched, Sentence, Side, Verdict
from fontes.crawler import Skipped

AnswerOf = Callable[..., Answer]


def _citation(source: str, said: dict[str, str]) -> Citation:
    return Citation(
        page_hash="h", start=0, end=1, source=source, quote=said.get("quote", "It was built in 1854."),
        title=said.get("title", "The Orvay light"), author=said.get("author", ""), site=said.get("site", ""),
        fetched=said.get("fetched", "2026-03-04T05:06:07Z"), published=said.get("published", "2024-05-01"),
    )  # fmt: skip


def _seen(source: str, said: dict[str, str]) -> SourceSignals:
    notice = (
        Notice(kind="retraction", basis="title", quote=said["notice"], date="2025-02-03") if "notice" in said else None
    )
    return SourceSignals(
        source=source, kind=Kind(kind="scholarly", told_by="host"), is_https=True, author=said.get("seen_author", ""),
        published="", age_days=None, references=0, copied_share=None, notice=notice, doi=said.get("doi", ""),
        journal=said.get("journal", ""),
    )  # fmt: skip


def _contradiction(source: str, said: dict[str, str]) -> Contradiction:
    def side(value: str) -> Side:
        return Side(
            quote=said.get("quote", "q"), source=source, title=said.get("title", "t"), published="2024", page_hash="h",
            start=0, end=1, value=f"{value}{said.get('value', '')}", as_of="2024-01-02",
        )  # fmt: skip

    return Contradiction(kind="date", older=side("1854"), newer=side("1855"), is_change=False, explanation="two days")


def _answer(
    *sources: str, asked: str = "When was it built?", text: str = "It was built in 1854.", **said: str
) -> Answer:
    checked = [
        Checked(
            sentence=Sentence(text=text, quotes=()),
            claims=(
                Claim(
                    text=text,
                    verdict=Verdict(label="supported", score=0.9, verifier="v"),
                    citations=(_citation(source, said),),
                    contradictions=(_contradiction(source, said),) if "value" in said else (),
                ),
            ),
            asserted=True,
        )
        for source in sources
    ]
    unsaid = said.get("withheld", "")
    withheld = Checked(sentence=Sentence(text=unsaid, quotes=()), claims=(), asserted=False, withheld=unsaid)
    return Answer(
        status="answered" if sources else "abstained",
        question=asked,
        run="r",
        sentences=(*checked, withheld) if unsaid else tuple(checked),
        reasons=() if sources else (said.get("reason", "nothing was found to answer from"),),
        ledger=Ledger(
            searched=(Searched(provider="index", query="q", hits=3, error=said.get("error", "")),),
            read=("https://read.test/",),
            skipped=(Skipped(source="https://skipped.test/", reason="robots", detail=said.get("detail", "")),),
        ),
        notes=(said["note"],) if "note" in said else (),
        seen=tuple(_seen(source, said) for source in sources)
        if {"notice", "seen_author", "doi", "journal"} & said.keys()
        else (),
    )


@pytest.fixture(scope="session")
def answer_of() -> AnswerOf:
    """`answer_of(*sources, asked=…, text=…, title=…, author=…, site=…, quote=…, notice=…, …)`."""
    return _answer


@pytest.fixture(scope="session")
def hostile() -> Sequence[str]:
    """What a page may say of itself to be more than text in a file that quotes it."""
    return (
        "\x1b]8;;https://evil.test\x07link\x1b]8;;\x07", "\x1b[2J\x1b]52;c;ZXZpbA==\x07", "\x9b31mred", "\x90q\x9c",
        "\u202etxt.exe\u2066x\u2069", "a\u200bb\u00adc\ufeffd", "\U000e0041\U000e0042", "\x00\x08\x7f\r\n\x85\u2028x",
        "</title></style><script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "&lt;b&gt; &amp;#60;",
        "](javascript:alert(1)) [x](https://evil.test)", "![](https://evil.test/p.png)", "<https://evil.test>",
        "www.evil.test https://evil.test", "[^1]: other", "# Heading", "1. one", "- item", "+ item", "> said",
        "| a | b |",
        "```sh", "    code", "---", "===", "~~gone~~ **b** __b__ `c`", "$x^2$ \\(y\\)", ": term", "% title", "@doe2020",
        "}\n@misc{evil, title={x}", "{unbalanced", "unbalanced}", "\\input{/etc/passwd}\\write18{x}", "50% & more_#1~^",
        "@comment{x}", "\nER  - \nTY  - ELEC\nTI  - evil", "TY  - JOUR", '", "id": "evil', "{{ 7 * 7 }}", "{% raw %}",
        "…“”’—é漢字🎈", "=cmd|'/c calc'!A1", "a" * 2_000,
    )  # fmt: skip
