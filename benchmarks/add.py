"""How fast files become searchable, and with how much memory: `add --no-embed` as a whole process.

    python benchmarks/add.py --data ../shared/data

Prints pages a second over the WiCE text files, again over four and sixteen times as many, with the peak RSS of the
process and its workers at each size (flat is the aim), and the rate over HTML beside trafilatura alone on one core.
"""

import argparse
import gzip
import os
import platform
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

MAIN = [sys.executable, "-c", "from fontes.agent.cli import main; main()"]


def add(folder: Path, home: Path) -> tuple[float, float, float]:
    """Seconds, peak RSS of the main process and of all processes together (MB)."""
    environment = os.environ | {"FONTES_HOME": str(home)}
    start = time.perf_counter()
    process = subprocess.Popen([*MAIN, "add", str(folder), "--no-embed", "-q"], env=environment)
    peak = [0, 0]

    def watch() -> None:
        me = psutil.Process(process.pid)
        while process.poll() is None:
            try:
                own = me.memory_info().rss
                total = own + sum(child.memory_info().rss for child in me.children(recursive=True))
            except psutil.Error:
                return
            peak[:] = max(peak[0], own), max(peak[1], total)
            time.sleep(0.02)

    watcher = threading.Thread(target=watch)
    watcher.start()
    code = process.wait()
    seconds = time.perf_counter() - start
    watcher.join()
    if code:
        raise SystemExit(f"fontes add ended with {code}")
    return seconds, peak[0] / 1e6, peak[1] / 1e6


def copies(files: list[Path], times: int, folder: Path) -> Path:
    """The files `times` over, each copy with words of its own, so that no two are one page."""
    folder.mkdir()
    for number in range(times):
        for file in files:
            (folder / f"{number}-{file.name}").write_text(
                f"Copy {number}.\n\n{file.read_text(encoding='utf-8')}", encoding="utf-8"
            )
    return folder


def trafilatura_rate(pages: list[bytes]) -> float:
    """Pages a second of trafilatura alone, with metadata, in this process."""
    import trafilatura

    start = time.process_time()
    for body in pages:
        trafilatura.bare_extraction(body, with_metadata=True, include_comments=False)
    return len(pages) / (time.process_time() - start)


def line(kind: str, count: int, seconds: float, own_mb: float, total_mb: float) -> str:
    """One row of the table."""
    return (
        f"{kind}  {count:6,} pages  {seconds:6.2f} s  {count / seconds:6.1f} pages/s"
        f"   peak RSS {own_mb:4.0f} MB, with workers {total_mb:4.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--times", type=int, nargs="*", default=[1, 4, 16])
    options = parser.parse_args()
    print("python", *sys.argv, f"  ({platform.machine()}, {os.cpu_count()} cores, {platform.python_version()})")
    files = sorted((options.data / "claims/wice/files").glob("*.txt"))
    with tempfile.TemporaryDirectory() as scratch:
        for times in options.times:
            folder = copies(files, times, Path(scratch) / f"wice-{times}")
            print(line("text", len(files) * times, *add(folder, Path(scratch) / f"home-{times}")), flush=True)
        html = Path(scratch) / "html"
        html.mkdir()
        bodies = []
        for file in sorted((options.data / "extraction/wcxb/html").glob("*.html.gz")):
            bodies.append(gzip.decompress(file.read_bytes()))
            (html / file.name.removesuffix(".gz")).write_bytes(bodies[-1])
        seconds, own_mb, total_mb = add(html, Path(scratch) / "home-html")
        print(line("html", len(bodies), seconds, own_mb, total_mb))
        alone = trafilatura_rate(bodies)
        print(f"      trafilatura alone, one core: {alone:.1f} pages/s; ratio {len(bodies) / seconds / alone:.2f}")


if __name__ == "__main__":
    main()
