"""Every address of the ledger is found by typing, by state, with its reason in plain words."""

from dataclasses import replace

from fontes.agent.answer import Answer, Ledger
from fontes.agent.tui.ledger_rows import WHY, Entry, entries
from fontes.agent.tui.ledger_screen import LedgerScreen
from fontes.crawler import SKIP_REASONS, Skipped


def test_every_reason_has_plain_words() -> None:
    assert set(WHY) == set(SKIP_REASONS)
    assert all("_" not in words for words in WHY.values())


def test_the_entries_are_all_of_the_ledger(answer: Answer) -> None:
    found = entries(answer.ledger)
    assert [each.source for each in found if each.state == "read"] == list(answer.ledger.read)
    assert [each.source for each in found if each.state == "unused"] == list(answer.ledger.unused)
    assert sum(each.state == "skipped" for each in found) == 4


def test_an_entry_is_found_by_words_of_its_address_reason_detail_and_of_what_they_mean() -> None:
    entry = Entry(source="https://a.example/Paper.pdf", state="skipped", reason="too_large", detail="61 MB")
    for text in ("a.example/paper", "too_large", "61 mb", "limit", "skipped"):
        assert text in entry.searched_text, text


async def test_typing_filters_and_tab_goes_through_the_states(answer: Answer, host, seen) -> None:
    app = host(LedgerScreen(answer))
    async with app.run_test(size=(100, 30)) as pilot:
        assert "▸all 19" in seen(app)
        assert "wikipedia  0 found  “Orvay lighthouse”  ⚠ it timed out" in seen(app)
        await pilot.press("tab", "tab")
        assert "▸skipped 4" in seen(app)
        assert "/1/more-about-orvay" not in seen(app)
        assert "The site asks programs not to read it here (robots.txt). Disallow: /t/" in seen(app)
        await pilot.press(*"pdf")
        assert "▸skipped 1" in seen(app)
        assert "It is larger than the limit. 61 MB, the limit is 30 MB" in seen(app)
        await pilot.press("escape")
        assert "▸skipped 4" in seen(app)
        await pilot.press("shift+tab")
        assert "▸read 3" in seen(app)
        await pilot.press("escape")
        assert len(app.screen_stack) == 1


async def test_arrows_move_while_one_types_and_the_address_is_copied(answer: Answer, host, seen) -> None:
    app = host(LedgerScreen(answer))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("down")
        assert "▸ ✓ read" in seen(app)
        await pilot.press("ctrl+y")
        assert app.clipboard == answer.ledger.read[1]
        await pilot.press(*"zzz")
        assert "nothing matches" in seen(app)
        await pilot.press("enter", "ctrl+y")
        assert app.clipboard == answer.ledger.read[1]


async def test_an_address_within_a_private_network_is_not_opened(answer: Answer, host, seen) -> None:
    skipped = (Skipped(source="http://192.168.1.1/reboot", reason="blocked_address"),)
    app = host(LedgerScreen(replace(answer, ledger=Ledger(skipped=skipped))))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("enter")
        await pilot.pause()
        assert [each.message for each in app._notifications] == ["not opened: it points into a private network"]


async def test_an_empty_ledger_says_so(answer: Answer, host, seen) -> None:
    app = host(LedgerScreen(replace(answer, ledger=Ledger())))
    async with app.run_test(size=(50, 20)):
        assert "nothing was searched or read" in seen(app)


async def test_ten_thousand_addresses_are_filtered_and_the_rest_is_counted(answer: Answer, host, seen) -> None:
    many = Ledger(unused=tuple(f"https://a.example/{n}" for n in range(10_000)))
    app = host(LedgerScreen(replace(answer, ledger=many)))
    async with app.run_test(size=(80, 24)) as pilot:
        assert "▸all 10,000" in seen(app)
        assert "and 9,500 more: type to narrow" in seen(app)
        await pilot.press(*"9999")
        assert "▸all 1" in seen(app)
