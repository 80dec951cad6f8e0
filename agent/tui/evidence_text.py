"""What the evidence pane says, as styled text: a verdict, a citation, its paragraph, its signals, a contradiction."""

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from textual.content import Content

from ...crawler import Page
from ..answer import Answer, shown_text
from ..cli.screen import counted, shown
from ..reading import is_address
from ..source_signals import SourceSignals
from ..state import Checked, Citation, Claim, Contradiction, Side
from .pages import Excerpt
from .plain_text import one_line, safe
from .verdict_signs import SIGNS

SPAN = "bold underline $accent on $chosen"
"""A cited stretch; underlined too, for terminals without colours."""

_QUIET = "$quiet"
_WARNING = "$text-warning"


def site(source: str) -> str:
    """The host of an address, or the name of a file as a person would say it."""
    try:
        host = urlsplit(source).netloc
    except ValueError:
        host = ""
    return one_line(host or shown(source))


def title_of(citation: Citation | Side) -> str:
    """A source's title, else its address, or a file's own name."""
    source = citation.source
    return one_line(citation.title) or one_line(source if is_address(source) else Path(source).name)


def lines(*parts: Content) -> Content:
    """The parts one below the other, empty ones left out."""
    return Content("\n").join(part for part in parts if part.plain)


def sentence_part(checked: Checked) -> Content:
    """The sentence, and why it is not asserted if it is not."""
    text = Content.styled(one_line(shown_text(checked)), "bold")
    if checked.asserted:
        return text
    withheld = one_line(checked.withheld) or "it was not borne out"
    return lines(text, Content.styled(f"✗ not asserted: {withheld}", _WARNING))


def claim_part(claim: Claim, *, is_alone: bool) -> Content:
    """A claim's verdict with score and verifier, its reason, its sources, and what is to be minded about it."""
    sign, style = SIGNS[claim.verdict.label]
    verdict = claim.verdict
    head = Content.assemble(
        (f"{sign} {verdict.label}", f"bold {style}"),
        (f"  {verdict.score:.2f} by {one_line(verdict.verifier)}", _QUIET),
    )
    said = Content() if is_alone else Content(f"“{one_line(claim.text)}”")
    reason = Content.styled(one_line(verdict.reason), _QUIET)
    return lines(head, said, reason, _counted_part(claim), *_minded(claim))


def _counted_part(claim: Claim) -> Content:
    count = claim.independent_sources
    if not count:
        return Content()
    cited = dict.fromkeys(citation.source for citation in claim.citations)
    said = f"{count} independent sources" if count > 1 else "1 source" if len(cited) < 2 else "1 independent source"
    of = f" of {len(cited)} cited" if len(cited) > count else ""
    when = f" · as of {one_line(claim.as_of[:10])}" if claim.as_of else ""
    merged = [Content.styled(f"counted as one: {one_line(_with_sites(why, cited))}", _QUIET) for why in claim.merged]
    return lines(Content.assemble(f"{said}{of}", (when, _QUIET)), *merged)


def _with_sites(said: str, sources: Iterable[str]) -> str:
    """The same with hosts for addresses, where each address has a host of its own."""
    sites = {source: site(source) for source in sources}
    if len(set(sites.values())) < len(sites):
        return said
    for source in sorted(sites, key=len, reverse=True):
        said = said.replace(source, sites[source])
    return said


def _minded(claim: Claim) -> list[Content]:
    said: list[Content] = []
    if claim.stale:
        said.append(Content.styled(f"⚠ may be out of date: {one_line(claim.stale)}", _WARNING))
    for each in claim.contradictions:
        sides = " / ".join(filter(None, (one_line(each.older.value), one_line(each.newer.value))))
        what, style = ("→ changed over time", _QUIET) if each.is_change else ("≠ sources disagree", _WARNING)
        said.append(Content.styled(f"{what}: {sides}" if sides else f"{what}, see below", style))
    if claim.moved:
        said.append(Content.styled(f"→ {one_line(claim.moved)}", _QUIET))
    return said


def citation_line(answer: Answer | None, citation: Citation, at: int, *, is_chosen: bool) -> Content:
    """A citation on one line: its number in the answer, or its place in the sentence before the answer is there."""
    number = answer.number(citation) if answer else None
    mark = f"[{number}]" if number else f"({at + 1})"
    return Content.assemble(
        ("▸ " if is_chosen else "  ", "bold $accent"),
        (f"{mark} ", "bold $text-accent"),
        (title_of(citation), "bold" if is_chosen else ""),
    )


def where_part(citation: Citation, page: Page | None) -> Content:
    """The site, the dates and the place in the page."""
    seen = next((each for each in page.sightings if each.source == citation.source), None) if page else None
    name = one_line(seen.site) if seen else ""
    host = site(citation.source)
    dates = [
        f"published {one_line(citation.published[:10])}" if citation.published else "no date of publication",
        f"fetched {one_line(citation.fetched[:10])}" if citation.fetched else "",
        f"page {citation.page_number}" if citation.page_number else "",
    ]
    return lines(
        Content(f"{host} ({name})" if name and name.casefold() != host.casefold() else host),
        Content.styled(" · ".join(filter(None, dates)), _QUIET),
    )


def excerpt_part(found: Excerpt) -> Content:
    """The paragraph with its span marked, under the headings it stands under."""
    path = " › ".join(one_line(heading) for heading in found.heading_path)
    text = Content.assemble(
        "… " if found.cut_before else "",
        safe(found.before).lstrip(),
        (safe(found.span), SPAN),
        safe(found.after).rstrip(),
        " …" if found.cut_after else "",
    )
    warning = "" if found.is_verbatim else "⚠ the stored text does not hold this quote at its place"
    return lines(Content.styled(warning, _WARNING), Content.styled(path and f"§ {path}", _QUIET), text)


def gone_part(citation: Citation, why: str) -> Content:
    """The kept quote of a page that cannot be shown."""
    return lines(
        Content.styled(f"⚠ {one_line(why)}", _WARNING), Content.assemble("“", (safe(citation.quote), SPAN), "”")
    )


def signals_part(signals: SourceSignals) -> Content:
    """What is seen of the source, point by point."""
    share = "" if signals.copied_share is None else f"{round(100 * signals.copied_share)} % of its words"
    kind = f"{signals.kind.kind} ({signals.kind.told_by})" if signals.kind.kind != "other" else "none that is known"
    rows = (
        ("kind of site", kind),
        ("author", signals.author or "none named"),
        ("published", f"{signals.published}{_age(signals.age_days)}" if signals.published else "no date given"),
        ("refers to", f"{counted(signals.references, 'work')} or addresses" if signals.references else "nothing"),
        ("shared text", f"{share} stand in the other sources too" if share else ""),
        ("connection", "" if signals.kind.kind == "file" else "https" if signals.is_https else "http, not encrypted"),
    )
    said = [Content.assemble((f"{name:<13}", _QUIET), one_line(value)) for name, value in rows if value]
    notice = signals.notice
    if notice:
        said.insert(0, Content.styled(f"⚠ {notice.kind}: “{one_line(notice.quote)}”", _WARNING))
    return lines(Content.styled("Seen of this source, to judge for yourself", "bold"), *said)


def _age(days: int | None) -> str:
    match days:
        case None:
            return ""
        case 0:
            return ", today"
        case _ if days < 60:
            return f", {counted(days, 'day')} ago"
        case _ if days < 730:
            return f", {days // 30} months ago"
        case _:
            return f", {days // 365} years ago"


def conflict_heading(found: Contradiction) -> Content:
    """What two sources say: at odds, or one after the other."""
    sign, said, style = ("→", "Changed over time", _QUIET) if found.is_change else ("≠", "Sources disagree", _WARNING)
    what = "" if found.kind == "polarity" else f" on a {found.kind}" if not found.is_change else f" ({found.kind})"
    heading = Content.styled(f"{sign} {said}{what}", f"bold {style}")
    return lines(heading, Content.styled(one_line(found.explanation), _QUIET))


def side_part(side: Side, kind: str) -> Content:
    """One side: the value, the quote, who says it, and of which day."""
    value = Content() if kind == "polarity" else Content.styled(one_line(side.value), "bold")
    dates = [
        f"as of {one_line(side.as_of)}" if side.as_of else "of no known day",
        f"published {one_line(side.published[:10])}" if side.published and side.published[:10] != side.as_of else "",
    ]
    return lines(
        value,
        Content(f"“{safe(side.quote)}”"),
        Content.styled(title_of(side), _QUIET),
        Content.styled(site(side.source), _QUIET) if side.title else Content(),
        Content.styled(" · ".join(filter(None, dates)), _QUIET),
    )
