"""The table of docs/evaluation.md: the assistant as it comes, without a model, over the public sets.

    python -m fontes.evals.baseline ../shared/data [--out build/baseline] [--sample 100] [--set NAME=VALUE]…

Each set is a run of its own below `--out`, made by `fontes eval run`; what is finished there is not run again.
"""

import argparse
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ..agent.cli.door import Exit, closing
from .cells import ALONE
from .cli_run import run
from .figures import figure, shown
from .registry import METRICS
from .run_folder import StoredRun, read

QUESTIONS = ("clapnq", "mtrag", "chroma_spans", "realtimeqa", "wice")
CLAIMS = ("attributionbench", "fm2", "summedits")
OF_QUESTIONS = (
    "right", "hit@1", "ndcg@10", "evidence_recall", "token_f1", "contains", "citation_recall", "citation_precision",
    "quote_validity", "abstention_recall", "false_abstention", "aurc", "seconds_p50", "failed",
)  # fmt: skip
OF_CLAIMS = ("verdict_balanced_accuracy", "verdict_auroc", "verdict_ece")


def rows(runs: Sequence[StoredRun], metrics: Sequence[str]) -> list[str]:
    """A Markdown table: a row a metric, a column a set, each figure with its interval."""
    names = [run.manifest.dataset for run in runs]
    lines = [
        f"| | {' | '.join(names)} |",
        f"|---{'|---' * len(names)}|",
        f"| cases | {' | '.join(str(run.manifest.cases) for run in runs)} |",
    ]
    for name in metrics:
        cells = [_figure(run, name) for run in runs]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def _figure(run: StoredRun, name: str) -> str:
    metric = METRICS[name]
    found = figure(metric, [(run.case_of[result.case], result) for result in run.of(ALONE)])
    if found.value is None or found.low is None:
        return shown(found.value, metric.unit)
    return f"{shown(found.value, metric.unit)} [{shown(found.low, metric.unit)}, {shown(found.high, metric.unit)}]"


def main() -> int:
    """Run what is missing, then print both tables."""
    parser = argparse.ArgumentParser(description="The baseline over the public sets.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, default=Path("build/baseline"))
    parser.add_argument("--sample", type=int, default=100, help="questions of a set at most; claims are all judged")
    parser.add_argument("--set", dest="shared", action="append", default=[])
    parser.add_argument("--concurrency", type=int, default=4)
    arguments = parser.parse_args()
    for name in (*CLAIMS, *QUESTIONS):
        print(f"— {name}", file=sys.stderr)
        asked = partial(
            run,
            name,
            arguments.out / name,
            data=arguments.data,
            shared=arguments.shared,
            sample=None if name in CLAIMS else arguments.sample,
            concurrency=arguments.concurrency,
        )
        code = closing(asked)
        if code not in (Exit.DONE, Exit.PARTIAL):
            return code
    for names, metrics in ((QUESTIONS, OF_QUESTIONS), (CLAIMS, OF_CLAIMS)):
        print("", *rows([read(arguments.out / name) for name in names], metrics), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
