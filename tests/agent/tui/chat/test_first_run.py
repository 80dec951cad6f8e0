"""What the chat says when there is little to answer from."""

from fontes.agent.tui.first_run import AtHand, can_do, with_servers, would_help, writer_words
from fontes.agent.tui.themes import DARK
from fontes.agent.tui.welcome import Welcome
from textual.app import App


def test_with_nothing_it_says_so_and_gives_the_exact_commands() -> None:
    nothing = AtHand(web=False)
    assert can_do(nothing) == "there is nothing to answer from yet: the index is empty and the web is off"
    assert [each.split()[0] for each in would_help(nothing).split(" · ")] == ["/add", "/model", "/web"]


def test_it_names_who_is_asked_and_a_server_that_runs_here() -> None:
    at_hand = with_servers(AtHand(pages=12, providers=("ddgs",)), ["http://127.0.0.1:8080/v1"])
    assert can_do(at_hand).startswith("questions go to your index (12 pages) and the web (through ddgs)")
    assert would_help(at_hand).startswith("/model http://127.0.0.1:8080/v1 ")


def test_with_all_of_it_nothing_is_wished_for_and_no_password_is_shown() -> None:
    whole = AtHand(pages=1, providers=("ddgs",), model_url="http://me:secret@gpu.example:8000/v1", model="small")
    assert would_help(whole) == ""
    assert writer_words(whole) == "small at gpu.example:8000"


async def test_the_welcome_is_two_lines_of_it() -> None:
    class Shown(App[None]):
        def compose(self):
            yield Welcome()

        def get_theme_variable_defaults(self) -> dict[str, str]:
            return dict(DARK.variables)

    async with Shown().run_test(size=(100, 20)) as pilot:
        welcome = pilot.app.query_one(Welcome)
        welcome.show(AtHand(providers=("ddgs",)))
        await pilot.pause()
        assert [str(each.render().body) for each in welcome.children if each.display][1:] == [
            "questions go to the web (through ddgs); answers are checked quotes",
            "/add FOLDER_OR_URL answers from your own documents\n"
            "/model http://127.0.0.1:8000/v1 lets the model served there write in its own words",
        ]
