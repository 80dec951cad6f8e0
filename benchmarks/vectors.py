"""The vector plugs side by side: adding, opening in a new process, the first query, the median one, recall, memory.

    python benchmarks/vectors.py --counts 20000 100000 --plugs exact chroma llamaindex

Random vectors of length one in 384 dimensions: the hardest case for an approximate index, so its recall on text is
higher than here. Each line is two processes, one that adds and one that opens and asks. `exact` writes its file;
`chroma` adds in large batches, as a rebuild does (`--stall-s 0.05` for those of a process that serves);
`llamaindex` is LlamaIndex's own Chroma store over a directory. RSS is what adding took / the whole process that asks,
mapped file included; the disk cache is warm.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil

DIMENSIONS = 384
QUERIES = 200
LIMIT = 50
SLAB = 4096  # as the index reads them from its store


def main() -> None:
    """Run each plug at each size in processes of its own and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", type=int, nargs="+", default=[20_000, 100_000])
    parser.add_argument("--plugs", nargs="+", default=["exact", "chroma", "llamaindex"])
    parser.add_argument("--stall-s", type=float, default=2.0, help="how long Chroma may keep the event loop waiting")
    parser.add_argument("--child", nargs=2, metavar=("PHASE", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        phase, folder = options.child
        work = add if phase == "add" else ask
        print(json.dumps(asyncio.run(work(options.plugs[0], options.counts[0], Path(folder), options.stall_s))))
        return
    print(f"$ python {' '.join(sys.argv)}")
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f}")
    print(f"Python {platform.python_version()}, {platform.system()}; {LIMIT} nearest, {QUERIES} queries")
    print(
        "plug         count  add/s  stall ms  disk MB  import ms  open ms  first ms  p50 ms  p95 ms  recall@10  RSS MB"
    )
    for count in options.counts:
        for plug in options.plugs:
            with tempfile.TemporaryDirectory() as folder:
                added, asked = (_child(phase, folder, plug, count, options.stall_s) for phase in ("add", "ask"))
            print(
                f"{plug:<11}{count:>7}{added['rate']:>7.0f}{added['stall_ms']:>10.0f}{added['disk_mb']:>9.0f}"
                f"{asked['import_ms']:>11.0f}{asked['open_ms']:>9.1f}{asked['first_ms']:>10.1f}{asked['p50_ms']:>8.2f}{asked['p95_ms']:>8.2f}"
                f"{asked['recall']:>11.3f}{added['rss_mb']:>5.0f}/{asked['rss_mb']:.0f}",
                flush=True,
            )


def _child(phase: str, folder: str, plug: str, count: int, stall_s: float) -> dict[str, float]:
    options = ["--plugs", plug, "--counts", str(count), "--stall-s", str(stall_s), "--child", phase, folder]
    done = subprocess.run([sys.executable, __file__, *options], check=True, stdout=subprocess.PIPE)
    result: dict[str, float] = json.loads(done.stdout)
    return result


def unit_vectors(count: int, seed: int) -> Any:
    """Random float32 rows of length one, shape (count, DIMENSIONS)."""
    rows = np.random.default_rng(seed).standard_normal((count, DIMENSIONS), dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


async def add(plug: str, count: int, folder: Path, stall_s: float) -> dict[str, float]:
    """Fill an index; the rate, the longest time the event loop stood still meanwhile, disk and memory."""
    rows = unit_vectors(count, seed=0)
    before_mb = _rss_mb()
    index = None if plug == "exact" else _open(plug, folder, stall_s)
    if index is not None:
        await index.count()  # importing and opening are measured when asking
    done = asyncio.Event()
    watching = asyncio.create_task(_longest_gap_s(done))
    await asyncio.sleep(0)
    began = time.perf_counter()
    slabs = [(range(start, min(start + SLAB, count)), rows[start : start + SLAB]) for start in range(0, count, SLAB)]
    if index is None:
        from fontes.retrievers.vectors.exact import Exact
        from fontes.retrievers.vectors.stamp import Stamp

        await asyncio.to_thread(Exact.write, folder / "vectors.bin", slabs, stamp=Stamp(store="bench", row=count))
    else:
        for ids, vectors in slabs:
            await index.add(ids, vectors)
        await index.close()
    took_s = time.perf_counter() - began
    done.set()
    stall_ms = 1000 * await watching
    disk_mb = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file()) / 1e6
    return {"rate": count / took_s, "stall_ms": stall_ms, "disk_mb": disk_mb, "rss_mb": _rss_mb() - before_mb}


async def ask(plug: str, count: int, folder: Path, stall_s: float) -> dict[str, float]:
    """Open the index in this new process and query it: milliseconds, recall against numpy, memory in all."""
    queries = unit_vectors(QUERIES, seed=1)
    began = time.perf_counter()
    _import(plug)
    import_ms = 1000 * (time.perf_counter() - began)
    began = time.perf_counter()
    index = _open(plug, folder, stall_s)
    await index.count()
    open_ms = 1000 * (time.perf_counter() - began)
    times_ms, answers = [], []
    for query in queries:
        began = time.perf_counter()
        answers.append(await index.query(query, limit=LIMIT))
        times_ms.append(1000 * (time.perf_counter() - began))
    rss_mb = _rss_mb()
    await index.close()
    exact = np.argpartition(-(queries @ unit_vectors(count, seed=0).T), 10, axis=1)[:, :10]
    hits = sum(
        len({number for number, _ in found[:10]} & set(best))
        for found, best in zip(answers, exact.tolist(), strict=True)
    )
    return {
        "import_ms": import_ms,
        "open_ms": open_ms,
        "first_ms": times_ms[0],
        "p50_ms": statistics.median(times_ms[1:]),
        "p95_ms": statistics.quantiles(times_ms[1:], n=20)[-1],
        "recall": hits / (10 * QUERIES),
        "rss_mb": rss_mb,
    }


def _import(plug: str) -> None:
    """What the plug needs beyond numpy; our own two import it at first use."""
    if plug == "exact":
        import fontes.retrievers.vectors.exact  # noqa: F401
    else:
        import chromadb  # noqa: F401
    if plug == "llamaindex":
        import llama_index.core.vector_stores.types
        import llama_index.vector_stores.chroma  # noqa: F401


def _open(plug: str, folder: Path, stall_s: float) -> Any:
    match plug:
        case "exact":
            from fontes.retrievers.vectors.exact import Exact

            return Exact.open(folder / "vectors.bin")
        case "chroma":
            from fontes.retrievers.vectors.chroma import Chroma

            return Chroma(folder / "chroma", stall_s=stall_s)
        case "llamaindex":
            import chromadb
            from fontes.retrievers.vectors.llamaindex import LlamaIndex
            from llama_index.vector_stores.chroma import ChromaVectorStore

            collection = chromadb.PersistentClient(folder / "chroma").get_or_create_collection(
                "bench", embedding_function=None, configuration={"hnsw": {"space": "cosine", "ef_search": 200}}
            )
            return LlamaIndex(ChromaVectorStore.from_collection(collection))
        case _:
            sys.exit(f"no such plug: {plug}; there are exact, chroma and llamaindex")


async def _longest_gap_s(done: asyncio.Event) -> float:
    longest_s, last = 0.0, time.perf_counter()
    while not done.is_set():
        await asyncio.sleep(0.001)
        now = time.perf_counter()
        longest_s, last = max(longest_s, now - last - 0.001), now
    return longest_s


def _rss_mb() -> float:
    memory = psutil.Process().memory_info()  # type: ignore[no-untyped-call]
    return float(memory.rss) / 1e6


if __name__ == "__main__":
    main()
