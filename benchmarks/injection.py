"""Documents that attack: instructions, addresses in disguise, poisoned facts; and harmless ones that look like it.

    python benchmarks/injection.py --data ../shared/data [--only bipia spelt poisoned benign]

bipia: every attack of BIPIA in documents of its kind, at start, middle and end, and a model that does whatever the
evidence says. spelt: addresses and markup in every spelling, in sentences that a model repeats to the letter. Of both
it counts what must never be: an invented source, an address or markup in an asserted sentence, a sentence or a part of
one asserted without a quote that holds it, a connection to anywhere. poisoned: how often the wrong answer of
PoisonedRAG is asserted, and what the count of sources shows. benign: how often something harmless of NotInject is
withheld.

Exit code 1 where something came through that must not.
"""

import argparse
import asyncio
import os
import platform
import sys
from pathlib import Path

from modelriver.benign import benign
from modelriver.bipia import bipia
from modelriver.poisoned import poisoned
from modelriver.spelt import spelt

PARTS = ("bipia", "spelt", "poisoned", "benign")


async def run(options: argparse.Namespace) -> int:
    successes = 0
    for part in options.only:
        match part:
            case "bipia":
                successes += await bipia(options.data, contexts=options.contexts, seed=options.seed)
            case "spelt":
                successes += await spelt()
            case "poisoned":
                await poisoned(options.data, limit=options.limit)
            case "benign":
                await benign(options.data, limit=options.limit)
    return successes


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="run these parts")
    parser.add_argument("--contexts", type=int, default=3, help="bipia: documents for each attack")
    parser.add_argument("--limit", type=int, default=1_000, help="poisoned, benign: so many questions")
    parser.add_argument("--seed", type=int, default=1, help="bipia: which documents")
    options = parser.parse_args()
    print("python", *sys.argv, f"  ({platform.machine()}, {os.cpu_count()} cores, {platform.python_version()})")
    sys.exit(1 if asyncio.run(run(options)) else 0)


if __name__ == "__main__":
    main()
