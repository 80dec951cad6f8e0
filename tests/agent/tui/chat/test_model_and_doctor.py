"""`/model` and `/doctor`: what is chosen writes the next answer, and what is wrong is said at once."""

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fontes.agent.models.scripted import ScriptedServer
from fontes.agent.settings import Settings
from fontes.agent.tui.plain_chat import PlainChat
from fontes.agent.tui.service import Service

ORVAY = "Who built the Orvay lighthouse?"


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    async with ScriptedServer(model=("small", "large")) as served:
        yield served


def nobody() -> str:
    """An address of this machine at which nothing listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/v1"


def drafts(server: ScriptedServer) -> list[str]:
    """The models that were asked about the lighthouse."""
    return [asked.body["model"] for asked in server.requests if "Orvay" in str(asked.body)]


def told(chat) -> str:
    """What was said in the corner, and has not gone yet."""
    return "\n".join(each.message for each in chat.app._notifications)


async def writer(chat) -> str:
    """Who writes, as the line below the input says, with nothing before it."""
    chat.app.clear_notifications()
    await chat.pilot.pause()
    return chat.shown().splitlines()[-2].strip()


async def command(chat, text: str) -> None:
    chat.app.write_area.write(text)
    await chat.press("enter")


async def test_a_model_that_is_chosen_writes_the_next_answer_and_is_shown(chat, server: ScriptedServer) -> None:
    assert "quotes, no model" in chat.shown()
    await command(chat, f"/model {server.url} large")
    await chat.until(lambda: f"large at {server.url} writes from now on" in told(chat))
    assert "large at 127.0.0.1" in await writer(chat)
    await chat.ask(ORVAY)
    assert set(drafts(server)) == {"large"}
    assert chat.app.turns[0].answer.usage.completion_tokens
    await command(chat, "/model -")
    await chat.until(lambda: "without a model" in told(chat))
    assert "quotes, no model" in await writer(chat)
    asked = len(server.requests)
    await chat.ask(ORVAY)
    assert len(server.requests) == asked


async def test_without_a_name_the_first_model_served_writes_and_is_named(chat, server: ScriptedServer) -> None:
    await command(chat, f"/model {server.url}")
    await chat.until(lambda: "small at http" in told(chat))


@pytest.mark.parametrize(
    ("given", "said"),
    [("NOBODY", "cannot be reached"), ("SERVER huge", "it serves small, large"), ("localhost:8000", "model_url")],
)
async def test_a_wrong_address_or_name_is_said_at_once_and_the_former_goes_on(
    chat, server: ScriptedServer, given: str, said: str
) -> None:
    await command(chat, f"/model {server.url}")
    await chat.until(lambda: "small at http" in told(chat))
    assert "small at 127.0.0.1" in await writer(chat)
    await command(chat, f"/model {given.replace('NOBODY', nobody()).replace('SERVER', server.url)}")
    await chat.until(lambda: said in told(chat), within_s=10)
    assert "small at 127.0.0.1" in await writer(chat)
    await chat.ask(ORVAY)
    assert set(drafts(server)) == {"small"}


async def test_what_is_no_model_server_is_said(chat, server: ScriptedServer) -> None:
    await command(chat, f"/model {server.url.removesuffix('v1')}nothing/here")
    await chat.until(lambda: "404" in told(chat))
    assert "quotes, no model" in await writer(chat)


async def test_keys_are_not_held_up_by_a_model_that_is_slow_to_its_first_word(chat) -> None:
    async with ScriptedServer(first_token_s=60) as slow:
        await command(chat, f"/model {slow.url}")
        await slow.arrival()
        await chat.write("Who built it")
        assert chat.app.write_area.text == "Who built it"
        assert "quotes, no model" in await writer(chat)


async def test_a_key_goes_to_the_server_that_it_was_set_for_and_to_no_other(
    chats, docs: Path, server: ScriptedServer
) -> None:
    async with (
        ScriptedServer(key="secret") as own,
        chats(docs=(str(docs),), settings={"model_url": own.url, "model_key": "secret", "router": "rules"}) as chat,
    ):
        await chat.until(lambda: chat.app.session.service.is_open and chat.app.session.at_hand.named)
        await command(chat, f"/model {server.url}")
        await chat.until(lambda: "small at http" in told(chat))
        await chat.ask(ORVAY)
        assert server.requests
        assert not any("secret" in str(asked.headers) for asked in server.requests)
        await command(chat, f"/model {own.url}")
        await chat.until(lambda: "scripted at http" in told(chat))
        await chat.ask(ORVAY)
        assert chat.app.turns[-1].answer.usage.completion_tokens


async def test_the_model_is_not_changed_while_sources_are_added(chat, server: ScriptedServer, tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    for number in range(200):
        (many / f"{number}.txt").write_text(f"Light {number} was built in {1700 + number}.")
    await command(chat, f"/add {many}")
    await command(chat, f"/model {server.url}")
    await chat.until(lambda: "sources are being added" in told(chat) or "small at http" in told(chat))
    await chat.until(lambda: chat.app.session.at_hand.pages == 200)


@pytest.mark.slow
async def test_the_doctor_tries_the_model_that_this_chat_has(chat, server: ScriptedServer) -> None:
    await command(chat, f"/model {server.url} large")
    await chat.until(lambda: "large at http" in told(chat))
    asked = len(server.requests)
    await command(chat, "/doctor")
    await chat.until(lambda: "asking all parts" in chat.shown())
    await chat.until(lambda: "large: reads 8,192 tokens" in chat.shown(), within_s=90)
    assert len(server.requests) > asked
    await chat.press("escape")
    assert len(chat.app.screen_stack) == 1


@pytest.mark.slow
async def test_the_doctor_knows_that_this_chat_has_no_model_whatever_is_set_elsewhere(
    chats, docs: Path, server: ScriptedServer, bare_environment: pytest.MonkeyPatch
) -> None:
    async with chats(docs=(str(docs),)) as chat:
        bare_environment.setenv("FONTES_MODEL_URL", server.url)
        await chat.until(lambda: chat.app.session.service.is_open)
        await command(chat, "/model -")
        await chat.until(lambda: "without a model" in told(chat))
        await command(chat, "/doctor")
        await chat.until(lambda: "writer" in chat.shown() and "store" in chat.shown(), within_s=90)
        assert server.requests == []


@pytest.mark.slow
async def test_a_doctor_that_fails_is_said(chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fontes.agent.tui.examination._RUN", "import sys; sys.exit('no \\x1b[31mdoctor')")
    await command(chat, "/doctor")
    await chat.until(lambda: "fontes doctor: no doctor" in chat.shown(), within_s=60)


async def test_the_doctor_can_be_left_before_it_is_done(chat) -> None:
    await command(chat, "/doctor")
    await chat.until(lambda: "asking all parts" in chat.shown())
    await chat.press("escape")
    await chat.ask(ORVAY)
    assert chat.app.turns[0].answer.status == "answered"


@pytest.mark.slow
async def test_the_chat_in_lines_changes_and_tries_its_model_too(
    settings: Settings, docs: Path, server: ScriptedServer
) -> None:
    said: list[str] = []
    service = Service(home=settings.home, embedder="none", reranker="none", workers=1, web=False)
    chat = PlainChat(service, said.append, docs=(str(docs),))
    await chat.open()
    await chat.take(f"/model {nobody()}")
    assert said[-1].startswith("Attention: http://127.0.0.1")
    await chat.take(f"/model {server.url} large")
    assert said[-1] == f"large at {server.url} writes from now on"
    await chat.take(ORVAY)
    assert set(drafts(server)) == {"large"}
    await chat.take("/doctor")
    assert any(line.startswith("ok: writer, large: reads 8,192 tokens") for line in said)
    await chat.take("/model -")
    assert said[-1] == "answers quote from now on, without a model"
    await chat.close()
