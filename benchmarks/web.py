"""Questions of the web, end to end, over pages on loopback: time, hits, answers, citations, manners, faults.

    python benchmarks/web.py --data ../shared/data [--limit N] [--only cold warm recorded faults] [--faults 0.3]

cold, warm: the claims of WiCE over LocalWeb with the pages they cite: 20 pages a host, 20 ms latency, the default gap
of 1 s, the extractive writer, 8 passages reranked, an empty index, and the search endpoint of LocalWeb through the
provider `searxng`. recorded: RealTimeQA with the Google results and the page texts of that week. faults: the claims
again while a share of all searches and pages fails. LocalWeb runs in the same process and takes its part of the time.
"""

import argparse
import asyncio
import os
import platform
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from webriver.claims import claims
from webriver.faults import faults
from webriver.recorded import recorded

PARTS = ("cold", "warm", "recorded", "faults")


async def run(options: argparse.Namespace) -> None:
    with TemporaryDirectory() as home:
        for part in options.only:
            match part:
                case "cold" | "warm":
                    await claims(options.data, Path(home), limit=options.limit, is_cold=part == "cold")
                case "recorded":
                    await recorded(options.data, Path(home), limit=options.limit)
                case "faults":
                    await faults(options.data, Path(home), limit=options.limit, rate=options.faults)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--limit", type=int, default=1000, help="ask so many questions of each part")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, help="run these parts")
    parser.add_argument("--faults", type=float, default=0.3, help="share of searches and of pages that fail")
    options = parser.parse_args()
    print("python", *sys.argv, f"  ({platform.machine()}, {os.cpu_count()} cores, {platform.python_version()})")
    asyncio.run(run(options))


if __name__ == "__main__":
    main()
