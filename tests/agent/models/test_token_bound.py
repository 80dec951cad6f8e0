"""The bound of tokens is one: above what tokenizers count, and not absurdly so."""

import gzip
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from statistics import median

import pytest
from fontes.agent.models.tokens import most_prompt_tokens, most_tokens
from fontes.retrievers.model_files import find_model
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

SALT = "Salt in the ocean comes from two sources: runoff from the land and openings in the seafloor."


@cache
def tokenizer(name: str) -> Tokenizer:
    found = Tokenizer.from_file(str(find_model(name).tokenizer))
    found.no_truncation()
    found.no_padding()
    return found


def counted(name: str, text: str) -> int:
    return len(tokenizer(name).encode(text, add_special_tokens=False).ids)


names = pytest.mark.parametrize("name", ["bge_small_en", "reranker_en"])
prose = st.lists(
    st.sampled_from(
        ["the", "of", "and", "that", "Nguyen", "NASA", "deoxyribonucleic", "42", "–", "café", "鯨", "\n", "x"]
    ),
    max_size=60,
).map(" ".join)


# Without these letters there are no function words, so nothing is taken for English.
no_english = st.text(st.characters(exclude_characters="aeio", exclude_categories=["Cs"]), max_size=300)
strings = st.text(alphabet="bcdfghjklmnpqrstuvwxyzAEIO09 .-", max_size=300)


@names
@given(text=st.one_of(no_english, strings, prose))
def test_no_text_has_more_tokens_than_the_bound(name: str, text: str) -> None:
    assert counted(name, text) <= most_tokens(text)


@given(text=st.text(max_size=300))
def test_the_bound_is_between_nothing_and_a_few_tokens_a_byte(text: str) -> None:
    bytes_ = len(text.encode("utf-8", "surrogatepass"))
    assert (0 if not text else 1) <= most_tokens(text) <= 1 + 12 * bytes_


@given(text=st.text(max_size=1_000))
def test_a_conversation_costs_more_than_its_texts(text: str) -> None:
    assert most_prompt_tokens([text, text]) > 2 * most_tokens(text)


def test_english_costs_less_than_its_letters() -> None:
    assert counted("bge_small_en", SALT) <= most_tokens(SALT) <= len(SALT) / 2


@pytest.mark.parametrize(
    "text",
    [
        "zqxjkvbp",
        "6 4 2025 1,234",
        "https://a.example/x?y=1&z=%20",
        "Ελληνικά",
        "鯨の歌",
        "👩‍👩‍👧",
        "\u0344\ufdfa",
        "\ud800",
    ],
)
def test_what_is_no_english_prose_counts_a_token_a_byte(text: str) -> None:
    assert most_tokens(text) >= len(text.replace(" ", "").encode("utf-8", "surrogatepass"))


def windows(shared_data: Path) -> Iterator[str]:
    for page in sorted((shared_data / "claims/wice/files").iterdir())[:60]:
        text = page.read_text(encoding="utf-8")
        yield from (text[start : start + 500] for start in range(0, min(len(text), 5_000), 500))
    with gzip.open(shared_data / "extraction/wcxb/gold.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in rows:
            text = json.loads(row).get("main_content") or ""
            yield from (text[start : start + 500] for start in range(0, min(len(text), 2_000), 500))


@pytest.mark.slow
@names
def test_on_real_pages_the_bound_holds_and_is_not_far_above_the_count(name: str, shared_data: Path) -> None:
    ratios = [most_tokens(text) / max(1, counted(name, text)) for text in windows(shared_data)]
    assert len(ratios) > 800
    assert min(ratios) >= 1
    assert median(ratios) < 2.2
