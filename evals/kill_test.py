"""Kill a run at random moments and let it go on: is a result lost, or a case asked twice?

    python -m fontes.evals.kill_test [--rounds 20] [--cases 150] [--seed 0]

Each round starts a run in a folder of its own, kills it with SIGKILL, and starts it again. Killed it is a random while,
up to 50 ms, after a random number of its results is there; that is told from the file, so that a busy machine, on which
the start of the process takes longest, does not move all kills before the first result. Then: every line that was whole
when the process died is still there, byte by byte (else it is lost), every case has exactly one result (else one is
lost, or repeated), and no line follows another of its case (repeated).
"""

import argparse
import json
import os
import random
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep

NAMES = ("Orvay", "Stennick", "Tarrow", "Gannet", "Maddery", "Skerry", "Calder", "Pellan", "Harrow", "Lisle")


@dataclass(frozen=True, slots=True, kw_only=True)
class Killed:
    """One round: when it was killed, how many results there were then, and what was lost or repeated in the end."""

    results: int
    half_written: bool
    lost: int
    repeated: int


def write_cases(file: Path, count: int) -> None:
    """Questions on short documents that all cases share."""
    lines: list[dict[str, object]] = []
    for number in range(count):
        name = f"{NAMES[number % len(NAMES)]} {number}"
        text = f"The {name} lighthouse was built in {1700 + number % 300} by the keepers of {name}."
        lines.append({"document": {"source": name, "text": text}})
    for number in range(count):
        name = f"{NAMES[number % len(NAMES)]} {number}"
        year = str(1700 + number % 300)
        question = f"When was the {name} lighthouse built?"
        lines.append({"id": f"case-{number}", "question": question, "documents": "all", "gold_answers": [year]})
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def command(cases: Path, out: Path) -> list[str]:
    """A run by words alone, which is quick: what is tested is the keeping of results."""
    settings = ["--set", "embedder=none", "--set", "reranker=none", "--metric", "contains"]
    return [sys.executable, "-m", "fontes.evals.cli", "run", str(cases), "--out", str(out), *settings]


def kill_once(cases: Path, out: Path, count: int, draw: random.Random) -> Killed:
    """One round.

    Raises:
        RuntimeError: the run that goes on does not end well.
    """
    process = _start(cases, out)
    file, enough = out / "results.jsonl", draw.randrange(count)
    while process.poll() is None and _lines(file) < enough:
        sleep(0.002)
    sleep(draw.uniform(0, 0.05))
    process.kill()
    process.wait()
    raw = file.read_bytes() if file.exists() else b""
    before = raw[: raw.rfind(b"\n") + 1]
    if (code := _start(cases, out).wait()) != 0:
        said = (out.parent / "said.txt").read_text(encoding="utf-8")
        raise RuntimeError(f"the run that went on in {out} ended with {code}: {said[-2_000:]}")
    after = file.read_bytes()
    seen = Counter(json.loads(line)["case"] for line in after.splitlines())
    return Killed(
        results=before.count(b"\n"),
        half_written=len(before) < len(raw),
        lost=count - len(seen) + (not after.startswith(before)),
        repeated=sum(times - 1 for times in seen.values()),
    )


def _lines(file: Path) -> int:
    return file.read_bytes().count(b"\n") if file.exists() else 0


def _start(cases: Path, out: Path) -> subprocess.Popen[bytes]:
    environment = os.environ | {"FONTES_HOME": str(out.parent / "home"), "FONTES_WEB": "0"}
    with (out.parent / "said.txt").open("wb") as said:
        return subprocess.Popen(command(cases, out), stdout=subprocess.DEVNULL, stderr=said, env=environment)  # noqa: S603


def main() -> int:
    """Print a line a round; 1 when anything was lost or repeated."""
    parser = argparse.ArgumentParser(description="Kill a run at random moments and let it go on.")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--cases", type=int, default=150)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    draw = random.Random(arguments.seed)
    with TemporaryDirectory() as folder:
        cases = Path(folder) / "cases.jsonl"
        write_cases(cases, arguments.cases)
        _start(cases, Path(folder) / "first").wait()  # makes the index, which every round shares
        rounds = [
            kill_once(cases, Path(folder) / f"round-{number}", arguments.cases, draw)
            for number in range(arguments.rounds)
        ]
    for each in rounds:
        cut = ", one half written" if each.half_written else ""
        print(f"killed at {each.results:3} results{cut}: lost {each.lost}, repeated {each.repeated}")
    lost, repeated = sum(each.lost for each in rounds), sum(each.repeated for each in rounds)
    print(f"{len(rounds)} kills: {lost} lost, {repeated} repeated")
    return int(bool(lost or repeated))


if __name__ == "__main__":
    sys.exit(main())
