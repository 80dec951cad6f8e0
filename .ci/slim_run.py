"""A run as the repository keeps it to compare others with: its cases, and the scores of each, without the answers.

Left out are the metrics that are made of the answers anew, and the times of this machine.

python .ci/slim_run.py RUN FOLDER
"""

import json
import os
import sys
from dataclasses import asdict, replace
from pathlib import Path

from fontes.evals.case import Document
from fontes.evals.case_rows import lines_of
from fontes.evals.registry import METRICS
from fontes.evals.run_folder import read


def main(run: Path, folder: Path) -> None:
    """Write the slim run; paths of documents become relative to the current folder."""
    stored = read(run)
    folder.mkdir(parents=True, exist_ok=True)
    kept = [name for name in stored.manifest.metrics if METRICS[name].rows is None and METRICS[name].unit != "s"]
    manifest = {**asdict(stored.manifest), "metrics": kept, "settings": {}}
    (folder / "run.json").write_text(json.dumps(manifest, indent=2) + "\n")
    near: dict[int, tuple[Document, ...]] = {}  # cases that share their documents go on sharing them
    for case in stored.cases:
        if id(case.documents) not in near:
            near[id(case.documents)] = tuple(
                replace(each, path=os.path.relpath(each.path)) if each.path else each for each in case.documents
            )
    cases = [replace(case, documents=near[id(case.documents)]) for case in stored.cases]
    (folder / "cases.jsonl").write_text("".join(f"{line}\n" for line in lines_of(cases)))
    rows = [
        {
            "cell": each.cell,
            "case": each.case,
            "answer": each.answer and {"status": each.answer["status"]},
            "scores": {name: each.scores.get(name) for name in kept},
        }
        for each in stored.results
    ]
    rows.sort(key=lambda row: (row["cell"], row["case"]))
    (folder / "results.jsonl").write_text("".join(f"{json.dumps(row)}\n" for row in rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
