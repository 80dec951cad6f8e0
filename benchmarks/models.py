"""The river with a model, over a scripted model server: overhead, many at once, tokens, faults, first sentences.

    python benchmarks/models.py --data ../shared/data [--home FOLDER] [--only overhead concurrent tokens faults first]

overhead: what Fontes itself takes of an answer, beyond retrieval and beyond the server, which is a process of its own
and answers at once. concurrent: 1,000 questions in one moment. tokens: what the prompts of an answer cost, counted with
a real tokenizer, and whether the gold passage is in them. faults: everything that can go wrong with a model server, a
thousand times. first: when the first verified sentence is there, at 40 tokens a second. All over the pages of WiCE,
whose claims are the questions; `--home` keeps their index for the next call (embedding them takes a minute or more).
"""

import argparse
import asyncio
import os
import platform
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from modelriver.asking import WORDS_ALONE
from modelriver.concurrent import concurrent
from modelriver.faults import faults
from modelriver.first import first
from modelriver.overhead import overhead
from modelriver.tokens import tokens

PARTS = ("overhead", "concurrent", "tokens", "faults", "first")


async def run(options: argparse.Namespace, home: Path) -> None:
    settings = WORDS_ALONE if options.words else {}
    for part in options.only:
        match part:
            case "overhead":
                limit = options.limit or 200
                await overhead(options.data, home, limit=limit, repeats=options.repeats, settings=settings)
            case "concurrent":
                await concurrent(options.data, home, count=options.limit or 1_000)
            case "tokens":
                await tokens(options.data, home, limit=options.limit or 1_000, tokenizer=options.tokenizer)
            case "faults":
                await faults(options.data, home, runs=options.limit or 1_000, seed=options.seed)
            case "first":
                await first(options.data, home, limit=options.limit or 30)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--home", type=Path, help="keep the index here")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="run these parts")
    parser.add_argument("--limit", type=int, help="ask so many questions")
    parser.add_argument("--repeats", type=int, default=2, help="overhead: passes of which the best one counts")
    parser.add_argument("--words", action="store_true", help="overhead: search by words alone")
    parser.add_argument("--tokenizer", type=Path, help="tokens: a tokenizer.json; default: the packaged embedder's")
    parser.add_argument("--seed", type=int, default=1, help="faults: which mixture")
    options = parser.parse_args()
    print("python", *sys.argv, f"  ({platform.machine()}, {os.cpu_count()} cores, {platform.python_version()})")
    with TemporaryDirectory() as scratch:
        asyncio.run(run(options, options.home or Path(scratch)))


if __name__ == "__main__":
    main()
