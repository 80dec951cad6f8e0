"""`import fontes` is lazy, and gives what it promises."""

import subprocess
import sys

import fontes


def test_every_public_name_can_be_had() -> None:
    for name in fontes.__all__:
        assert getattr(fontes, name) is not None


def test_importing_fontes_imports_nothing_heavy() -> None:
    code = "import sys, fontes; print(sorted(m for m in sys.modules if m.split('.')[0] in "
    code += "{'langgraph', 'chromadb', 'trafilatura', 'onnxruntime', 'tantivy', 'pydantic', 'typer', 'numpy'}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_asking_imports_neither_chroma_nor_llama_index() -> None:
    code = (
        "import sys\nfrom fontes import Assistant, Settings\nAssistant(Settings())\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} & {'chromadb', 'llama_index', 'trafilatura'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_unknown_name_is_an_attribute_error() -> None:
    assert not hasattr(fontes, "nonsense")
