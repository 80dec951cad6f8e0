"""Names for files and collections made from the names of models."""

import re

from fontes.retrievers.vectors.stamp import slug
from hypothesis import given
from hypothesis import strategies as st


@given(model=st.text())
def test_a_slug_names_a_file_and_a_collection(model: str) -> None:
    assert re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", slug(model))


def test_models_that_differ_in_punctuation_have_different_slugs() -> None:
    assert slug("BAAI/bge-small-en").startswith("baai-bge-small-en-")
    assert len({slug(model) for model in ("bge small", "bge-small", "bge_small", "BGE-small")}) == 4
