"""`fontes eval report DIR`: a run as an HTML page and as Markdown."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer

from ..agent.cli.door import Exit, say
from ..agent.cli.screen import out
from .case_error import CaseError
from .compare import Comparison, compare
from .figures import figures
from .registry import MetricError
from .run_folder import RunFolderError, StoredRun, read
from .sides import CompareError, read_sides
from .stored_metrics import metrics_of
from .summary import run_markdown

app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False)


@app.command(name="report")
def report_run(
    run: Annotated[Path, typer.Argument(metavar="DIR", help="Folder of a run, finished or not.")],
    against: Annotated[str, typer.Option(help="Folder of an earlier run to show beside it.")] = "",
    mixed: Annotated[bool, typer.Option("--mixed", help="Beside a run that was not run alike, too.")] = False,
    to: Annotated[Path | None, typer.Option(help="File to write the page to; by default DIR/report.html.")] = None,
) -> int:
    """Write report.html, one file that needs nothing else, and summary.md, Markdown for GitHub.

    Exit code 2 if there is no run, or the two are not runs of the same.
    """
    try:
        stored = read(run)
        page = write_report(stored, to or run / "report.html", against=_beside(run, against, mixed=mixed))
    except (CaseError, CompareError, MetricError, RunFolderError) as error:
        say(str(error))
        return Exit.BAD_INPUT
    except OSError as error:
        say(f"{error.filename}: it cannot be written: {error.strerror}")
        return Exit.BAD_INPUT
    out().print(f"wrote {page} ({page.stat().st_size / 1e6:.1f} MB)")
    return Exit.DONE


def write_report(run: StoredRun, page: Path, *, against: Mapping[str, Comparison] | None = None) -> Path:
    """Write the page, and the summary beside it; return the page's path.

    Raises:
        MetricError: a metric of the run is not known here.
        OSError: a file cannot be written.
    """
    from .report import report_html  # jinja2: no other command needs it

    metrics = metrics_of(run.manifest)
    page.write_text(report_html(run, metrics, against=against), encoding="utf-8")
    by_cell = [(cell, figures(run, cell, metrics)) for cell in run.manifest.cells]
    page.with_name("summary.md").write_text(run_markdown(run.manifest, by_cell), encoding="utf-8")
    return page


def _beside(run: Path, against: str, *, mixed: bool) -> dict[str, Comparison]:
    if not against:
        return {}
    pairs = read_sides(against, str(run))
    return {after.cell: compare(before, after, metrics_of(after.run.manifest), mixed=mixed) for before, after in pairs}
