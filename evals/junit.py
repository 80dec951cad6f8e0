"""JUnit XML of a comparison, as CI servers show it: a test a rule, and a test a case that failed or did not.

The shape is that of the Jenkins schema (junit-10.xsd of the xUnit plugin), which GitLab, Jenkins and the actions of
GitHub read.
"""

import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from .compare import CaseChange, Comparison
from .gate import Ruling

# What XML 1.0 cannot hold, even escaped (https://www.w3.org/TR/xml/#charsets).
_UNWRITABLE = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(both: Iterable[tuple[Comparison, Sequence[Ruling]]]) -> str:
    """The document: for each comparison the suite `gate` with the rules, and `cases` with every case of B."""
    suites = ET.Element("testsuites", name="fontes eval compare")
    for comparison, rulings in both:
        name = comparison.after.name
        gate = _suite(suites, f"gate: {name}", len(rulings), failures=sum(ruling.broken for ruling in rulings))
        for ruling in rulings:
            _rule(gate, ruling)
        failed = sum(each.after.error is not None for each in comparison.cases)
        cases = _suite(suites, f"cases: {name}", len(comparison.cases), errors=failed)
        for each in comparison.cases:
            _case(cases, each)
    ET.indent(suites)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(suites, encoding="unicode") + "\n"


def _rule(suite: ET.Element, ruling: Ruling) -> None:
    test = ET.SubElement(suite, "testcase", classname="gate", name=_clean(str(ruling.rule)), time="0")
    if ruling.broken:
        ET.SubElement(test, "failure", type="regression", message=_clean(ruling.why))
    else:
        ET.SubElement(test, "system-out").text = _clean(ruling.why)


def _suite(parent: ET.Element, name: str, tests: int, *, failures: int = 0, errors: int = 0) -> ET.Element:
    counts = {"tests": str(tests), "failures": str(failures), "errors": str(errors), "skipped": "0", "time": "0"}
    return ET.SubElement(parent, "testsuite", {"name": _clean(name), **counts})


def _case(suite: ET.Element, change: CaseChange) -> None:
    usage = (change.after.answer or {}).get("usage") or {}
    seconds = f"{usage.get('seconds', 0):.3f}"
    test = ET.SubElement(suite, "testcase", classname="cases", name=_clean(change.case.id), time=seconds)
    if change.after.error:
        error = change.after.error
        told = f"{'new: ' if change.has_broken else ''}{error.kind}: {error.detail}"
        ET.SubElement(test, "error", type=_clean(error.kind), message=_clean(told)).text = _clean(change.case.question)


def _clean(text: str) -> str:
    return _UNWRITABLE.sub("�", text)
