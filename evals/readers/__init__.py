"""Public sets as cases, one a file; each reads the folder of development data, whose README tells their origins."""

from collections.abc import Callable, Mapping
from pathlib import Path

from ..case import Case
from . import (
    attributionbench,
    chroma_spans,
    clapnq,
    fm2,
    frames,
    mtrag,
    realtimeqa,
    scifact,
    simpleqa,
    summedits,
    wice,
)

Reader = Callable[[Path], tuple[Case, ...]]

READERS: Mapping[str, Reader] = {
    "clapnq": clapnq.read,
    "mtrag": mtrag.read,
    "wice": wice.read,
    "realtimeqa": realtimeqa.read,
    "chroma_spans": chroma_spans.read,
    "scifact": scifact.read,
    "attributionbench": attributionbench.read,
    "fm2": fm2.read,
    "summedits": summedits.read,
    "simpleqa": simpleqa.read,
    "frames": frames.read,
}
