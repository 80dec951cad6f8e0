"""Pages that a question kept are new to the index when they are added."""

from pathlib import Path

from fontes import Assistant


async def test_what_was_asked_from_and_is_then_added_is_added_and_not_unchanged(fontes: Assistant, docs: Path) -> None:
    answer = await fontes.ask("Who built the Orvay lighthouse?", sources=[docs])
    assert answer.status == "answered"
    assert await fontes.sources() == ()
    report = await fontes.add([docs])
    assert sorted(Path(source).name for source in report.added) == ["orvay.txt", "stennick.txt"]
    assert (report.changed, report.unchanged) == ((), ())
    again = await fontes.add([docs])
    assert (again.added, again.changed, len(again.unchanged)) == ((), (), 2)


async def test_another_version_that_was_asked_from_changes_what_the_index_holds(fontes: Assistant, docs: Path) -> None:
    await fontes.add([docs])
    changed = docs / "orvay.txt"
    changed.write_text(changed.read_text().replace("James Calder", "Jane Calder"))
    await fontes.ask("Who built the Orvay lighthouse?", sources=[docs])
    report = await fontes.add([docs])
    assert (report.added, report.changed, len(report.unchanged)) == ((), (str(changed),), 1)
