"""The matrix of settings: what is written on the command line and in a file, and every mistake in it."""

from pathlib import Path

import pytest
from fontes.evals.cells import CellError, checked, read_cells, shared_settings, shown, varied
from hypothesis import given
from hypothesis import strategies as st


def test_nothing_varied_is_one_cell() -> None:
    assert varied([]) == {"default": {}}


def test_every_combination_is_a_cell_named_after_it() -> None:
    assert varied(["reranker=default,none", "sentences=2"]) == {
        "reranker=default sentences=2": {"reranker": "default", "sentences": "2"},
        "reranker=none sentences=2": {"reranker": "none", "sentences": "2"},
    }


NAMES = st.text("abc_", min_size=1, max_size=5)
VALUES = st.lists(st.text("xyz", min_size=1, max_size=3), min_size=1, max_size=3, unique=True)


@given(choices=st.dictionaries(NAMES, VALUES, max_size=3))
def test_the_number_of_cells_is_the_product_of_the_choices(choices: dict[str, list[str]]) -> None:
    cells = varied([f"{name}={','.join(values)}" for name, values in choices.items()])
    count = 1
    for values in choices.values():
        count *= len(values)
    assert len(cells) == count
    assert all(cell.keys() == choices.keys() for cell in cells.values())


def test_a_file_has_a_table_a_cell(tmp_path: Path) -> None:
    (tmp_path / "cells.toml").write_text('[plain]\n[small]\nreranker = "none"\nsentences = 1\n')
    assert read_cells(tmp_path / "cells.toml") == {"plain": {}, "small": {"reranker": "none", "sentences": 1}}


@pytest.mark.parametrize(
    ("text", "told"),
    [("[a", "it is not valid TOML"), ("x = 1", "it is no list of cells"), ("", "it is no list of cells")],
)
def test_a_file_that_is_no_list_of_cells_is_told(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "cells.toml").write_text(text)
    with pytest.raises(CellError, match=told):
        read_cells(tmp_path / "cells.toml")
    with pytest.raises(CellError, match="it cannot be read"):
        read_cells(tmp_path / "gone.toml")


@pytest.mark.parametrize("text", ["reranker", "=none", " =none"])
def test_what_is_no_setting_with_a_value_is_told(text: str) -> None:
    with pytest.raises(CellError, match="Write NAME=VALUE"):
        shared_settings([text])


def test_a_setting_varied_twice_is_told() -> None:
    with pytest.raises(CellError, match="it is varied twice"):
        varied(["sentences=1", "sentences=2"])


def test_a_wrong_setting_is_told_with_its_cell() -> None:
    with pytest.raises(CellError, match=r"cell 'small': sentences = 'many' \(argument\)"):
        checked({"small": {"sentences": "many"}}, {})
    with pytest.raises(CellError, match="there is no such setting"):
        checked({"small": {"sentence": "1"}}, {})
    with pytest.raises(CellError, match="it sets `home`"):
        checked({"small": {"home": "/tmp"}}, {})


def test_a_cell_overrides_what_is_shared_and_keys_are_not_kept() -> None:
    found = checked({"a": {"sentences": "2"}, "b": {}}, {"sentences": "1"})
    assert (found["a"].sentences, found["b"].sentences) == (2, 1)
    assert shown({"model_key": "secret", "nli": Path("x"), "rerank": 4}) == {"model_key": "…", "nli": "x", "rerank": 4}
