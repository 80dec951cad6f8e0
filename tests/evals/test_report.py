"""The report: it stands alone, it escapes what was retrieved, and it shows what a run holds."""

import base64
import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from fontes.evals.case import Case, Label
from fontes.evals.cli_report import app, write_report
from fontes.evals.registry import METRICS
from fontes.evals.report import report_html
from fontes.evals.report.case_view import case_view, quote_view
from fontes.evals.result import Judged, Result
from fontes.evals.run_folder import read
from typer.testing import CliRunner

MakeRun = Callable[..., Path]
ATTACKS = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\" ' & {{ 7*7 }} {n}"


class Page(HTMLParser):
    """What a browser would make of it: tags with their attributes, and the texts of style and script."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.blocks: dict[str, str] = {}
        self._within = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._within = tag

    def handle_data(self, data: str) -> None:
        if self._within in ("script", "style"):
            self.blocks[self._within] = self.blocks.get(self._within, "") + data

    def handle_endtag(self, tag: str) -> None:
        self._within = ""


def html_of(run: Path) -> str:
    return report_html(read(run), tuple(METRICS.values()))


def test_what_was_retrieved_or_asked_is_never_markup(make_run: MakeRun) -> None:
    html = html_of(make_run("a", cases=8, questions=ATTACKS, dataset=ATTACKS, cells=("<b>cell</b>",)))
    page = Page(html)
    assert [tag for tag, _ in page.tags].count("script") == 1
    assert not {"img", "iframe", "link", "object", "base", "b>"} & {tag for tag, _ in page.tags}
    assert not [name for _, attrs in page.tags for name in attrs if name.startswith("on") or name == "style"]
    assert "{{ 7*7 }}" in html
    assert "Orvay &lt;Light&gt;" in html
    assert "&lt;b&gt;a note&lt;/b&gt;" in html


def test_the_page_may_ask_for_nothing_and_runs_its_own_script_alone(make_run: MakeRun) -> None:
    page = Page(html_of(make_run("a", cases=4)))
    (policy,) = [
        attrs["content"] or "" for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for block in ("script", "style"):
        digest = base64.b64encode(hashlib.sha256(page.blocks[block].encode()).digest()).decode()
        assert f"{block}-src 'sha256-{digest}'" in policy
    assert not [attrs["src"] for _, attrs in page.tags if attrs.get("src")]
    links = {attrs["href"] for tag, attrs in page.tags if tag == "a"}
    assert links == {"#cases", "https://lights.test/orvay"}
    assert all(attrs.get("rel") == "noreferrer noopener" for tag, attrs in page.tags if attrs.get("target"))


def test_a_cited_address_that_is_no_page_is_no_link(make_run: MakeRun) -> None:
    citation = {"number": 1, "source": "javascript:alert(1)", "quote": "q", "start": 0, "end": 1, "page_hash": "h"}
    assert quote_view(citation, "", {}).href == ""
    assert quote_view({**citation, "source": "http://[broken"}, "", {}).href == ""
    assert quote_view({**citation, "source": "https://a.test"}, "", {}).href == "https://a.test"


def test_a_quote_stands_between_its_neighbours() -> None:
    page = f"{'before ' * 60}It was lit in 1871. {'after ' * 60}"
    start = page.index("It was")
    citation = {"source": "a", "quote": "It was lit in 1871.", "start": start, "end": start + 19, "page_hash": "h"}
    seen = quote_view(citation, "", {"h": page})
    assert (seen.quote, seen.is_verbatim) == ("It was lit in 1871.", True)
    assert seen.before.startswith("…before ")
    assert seen.after.endswith(" after…")
    moved = quote_view({**citation, "start": start + 1, "end": start + 20}, "", {"h": page})
    assert (moved.before, moved.is_verbatim) == ("", False)
    assert quote_view(citation, "", {}).is_verbatim is None


def test_of_a_long_cited_text_the_part_that_counted_is_shown() -> None:
    text = f"{'x ' * 1000}It was lit in 1871.{' y' * 1000}"
    citation = {"source": "a", "quote": text, "start": 0, "end": len(text), "page_hash": "h"}
    seen = quote_view(citation, "It was lit in 1871.", {"h": text})
    assert (seen.quote, seen.is_verbatim) == ("It was lit in 1871.", True)
    assert len(quote_view(citation, "", {"h": text}).quote) < 800


def test_a_case_names_what_is_to_be_looked_at(make_run: MakeRun) -> None:
    run = read(make_run("a", cases=30, truth=0.4))
    result = next(each for each in run.results if each.judged.support and not each.judged.support[-1].by_all)
    view = case_view(1, run.case_of[result.case], result, {"page": "another text"}, {})
    assert {"not carried", "partial", "wrong quote"} <= set(view.marks)
    unanswerable = replace(run.case_of[result.case], unanswerable=True)
    assert "answered the unanswerable" in case_view(1, unanswerable, result, {}, {}).marks


def test_labelled_claims_show_where_the_verifier_and_people_part() -> None:
    labels = (
        Label(claim="It is <old>.", texts=("t",), supported=True),
        Label(claim="It fell.", texts=("t",), supported=False),
    )
    case = Case(id="l", question="", labels=labels)
    result = Result(cell="c", case="l", judged=Judged(labels=((0.2, False), (0.1, False))))
    view = case_view(1, case, result, {}, {})
    assert (view.status, view.marks) == ("judged", ("not as people say",))
    assert view.labels == (("It is <old>.", True, False, 0.2), ("It fell.", False, False, 0.1))


def test_failed_cases_come_first_and_say_why(make_run: MakeRun) -> None:
    html = html_of(make_run("a", cases=12, broken=(5,)))
    listed = re.findall(r'data-s="(\w+)"', html)
    assert listed[0] == "failed"
    assert "ServerDown: 127.0.0.1:8000 refused the connection" in html


def test_a_run_that_is_not_finished_says_so(make_run: MakeRun) -> None:
    html = html_of(make_run("a", cases=12, done=5))
    assert "<strong>Not finished:</strong> 7 of 12 answers are not there yet." in html


def test_every_plot_is_there_and_says_in_words_what_it_shows(make_run: MakeRun) -> None:
    html = html_of(make_run("a", cells=("small", "large")))
    for name in ("risk-coverage", "reliability", "latency", "cost-quality"):
        assert f'<figure class="plot" id="{name}">' in html
        assert f'<title id="{name}-said">' in html


def test_a_run_without_a_single_answer_has_a_report_too(make_run: MakeRun) -> None:
    html = html_of(make_run("a", cases=3, broken=(0, 1, 2)))
    assert html.count('data-s="failed"') == 3
    assert '<figure class="plot"' not in html


def test_the_command_writes_the_page_and_the_summary(make_run: MakeRun) -> None:
    run = make_run("a", cases=6)
    earlier = make_run("b", cases=6, seed=4)
    outcome = CliRunner().invoke(app, [str(run), "--against", str(earlier)], standalone_mode=False)
    assert (outcome.return_value, outcome.exception) == (0, None)
    assert "beside" in (run / "report.html").read_text()
    assert "| citation" in (run / "summary.md").read_text()
    assert CliRunner().invoke(app, [str(run / "none")], standalone_mode=False).return_value == 2


@pytest.mark.slow
def test_a_thousand_cases_are_a_few_megabytes_and_open_at_once_in_a_browser(make_run: MakeRun, tmp_path: Path) -> None:
    playwright = pytest.importorskip("playwright.sync_api")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("there is no Chromium")
    page = write_report(read(make_run("a", cases=1000, broken=(3,))), tmp_path / "report.html")
    assert page.stat().st_size < 5e6
    with playwright.sync_playwright() as playing:
        browser = playing.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for width in (1280, 390):
            tab = browser.new_page(viewport={"width": width, "height": 844})
            said: list[str] = []
            asked: list[str] = []
            tab.on("console", lambda message, said=said: said.append(message.text))
            tab.on("pageerror", lambda error, said=said: said.append(str(error)))
            tab.on("request", lambda request, asked=asked: asked.append(request.url))
            tab.goto(page.as_uri())
            assert tab.evaluate("performance.timing.loadEventEnd - performance.timing.navigationStart") < 10_000
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
            tab.keyboard.press("/")
            tab.keyboard.type("case-999")
            tab.locator("#count", has_text="1 of 1000").wait_for()
            tab.locator("li:not([hidden]) > details.case > summary").press("Enter")
            assert tab.locator("li:not([hidden]) blockquote q, li:not([hidden]) .chips").first.is_visible()
            tab.select_option("select[name=status]", "failed")
            tab.locator("#count", has_text="0 of 1000").wait_for()
            assert (said, asked) == ([], [page.as_uri()])
        browser.close()
