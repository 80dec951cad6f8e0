"""The toy tokenizer, alone and behind /tokenize and /detokenize."""

import pytest
from fontes.agent.models.scripted import ScriptedServer
from fontes.agent.models.scripted.tokens import joined, number, split
from hypothesis import given
from hypothesis import strategies as st

PROSE = "The lighthouse at Orvay was built in 1854; its lamp burned whale oil until 1871, when paraffin came.\n"


@given(text=st.text(st.characters()))
def test_the_tokens_of_a_text_are_the_text(text: str) -> None:
    assert "".join(split(text)) == text


@given(text=st.text(st.characters()))
def test_token_ids_lead_back_to_the_text(text: str) -> None:
    numbers = [number(token) for token in split(text)]
    assert joined(numbers) == text
    assert all(n < 2**63 for n in numbers)


@pytest.mark.parametrize("wrong", [0, 3, 255, 511 + 256, 2**70])
def test_a_number_that_is_no_token_is_told(wrong: int) -> None:
    with pytest.raises(ValueError, match=f"{wrong} is no token"):
        joined([wrong])


def test_english_has_about_as_many_tokens_as_with_a_real_tokenizer() -> None:
    assert 1.2 < len(split(PROSE)) / len(PROSE.split()) < 1.8


async def test_tokenize_and_detokenize_speak_as_vllm_does(session) -> None:
    async with ScriptedServer(context=4_096, claims=9_000) as server:
        root = server.url.removesuffix("/v1")
        async with session.post(f"{root}/tokenize", json={"model": "scripted", "prompt": PROSE}) as response:
            told = await response.json()
        async with session.post(f"{root}/detokenize", json={"tokens": told["tokens"]}) as response:
            back = await response.json()
        async with session.post(f"{root}/detokenize", json={"tokens": [7]}) as response:
            assert response.status == 400
    assert (told["count"], told["max_model_len"]) == (len(split(PROSE)), 9_000)
    assert (told["token_strs"], back) == (None, {"prompt": PROSE})


async def test_tokenize_counts_a_chat_as_the_chat_itself_does(session, asking, openai_of) -> None:
    async with ScriptedServer() as server:
        async with session.post(f"{server.url.removesuffix('/v1')}/tokenize", json=asking()) as response:
            count = (await response.json())["count"]
        reply = await openai_of(server).chat.completions.create(**asking())
    assert reply.usage.prompt_tokens == count
