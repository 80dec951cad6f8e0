"""The writer that uses a model: what it asks, what it makes of the reply, and what it does when there is none."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import aclosing
from itertools import accumulate

import pytest
from fontes.agent.account import Account, paying
from fontes.agent.budget import Allowance, Budget
from fontes.agent.errors import BudgetExceeded
from fontes.agent.models import fence, prompts
from fontes.agent.models.chat import Capabilities, ChatRequest
from fontes.agent.models.extractive import Extractive
from fontes.agent.models.model_writer import ModelWriter
from fontes.agent.state import Query, Sentence
from fontes.crawler import Page, text_hash
from fontes.retrievers import BadReply, Evidence, Passage, PromptTooLong, ReplyCut, ServerDown
from hypothesis import given
from hypothesis import strategies as st

Seen = Callable[..., Evidence]
Turn = str | Sequence[str | Exception] | Exception

ORVAY = "The Orvay lighthouse was built in 1854 by James Calder. Its lamp burned whale oil until 1871."
STENNICK = "The Stennick lighthouse was built in 1902 by Mary Hale. Its fog horn fell silent in 1988."
DOWN = ServerDown("http://127.0.0.1:9/v1", "connection refused")
FALLBACK = "http://127.0.0.1:9/v1: connection refused: written without a model: quotes only"


class Played:
    """A chat that plays turns in order, counts a token a word, and keeps to a context if it has one."""

    name = "played"

    def __init__(
        self, *turns: Turn, obeys_schema: bool = True, context: int | None = None, admits: int = 10**9
    ) -> None:
        self.asked: list[ChatRequest] = []
        self.closed = 0
        self._turns = list(turns)
        self._capabilities = Capabilities(model=self.name, obeys_schema=obeys_schema, context=context)
        self.admits = admits

    async def stream(self, request: ChatRequest) -> AsyncIterator[str]:
        self.asked.append(request)
        if words(request) + request.max_tokens > self.admits:
            raise PromptTooLong("played", "the prompt is too long", self.admits)
        turn = self._turns.pop(0)
        try:
            for piece in [turn] if isinstance(turn, str | Exception) else turn:
                if isinstance(piece, Exception):
                    raise piece
                yield piece
        finally:
            self.closed += 1

    async def capabilities(self) -> Capabilities:
        return self._capabilities

    async def count(self, text: str) -> int:
        return len(text.split())


def words(request: ChatRequest) -> int:
    return sum(len(message.content.split()) for message in request.messages)


def of(*sentences: tuple[str, str, str]) -> str:
    return json.dumps({"sentences": [{"text": t, "labels": [label], "quote": q} for t, label, q in sentences]})


def label_of(evidence: Sequence[Evidence], wanted: str) -> str:
    told = fence.labelled(fence.fenced(sorted(evidence, key=lambda e: e.passage.page_hash)))
    return next(label for label, text in told.items() if wanted in text)


@pytest.fixture
def two(seen: Seen) -> list[Evidence]:
    return [seen(ORVAY, "orvay.txt", title="Orvay", before="Preface.\n"), seen(STENNICK, "stennick.txt")]


@pytest.fixture
def account() -> Iterator[Account]:
    made = Account(budget=Budget(Allowance()), tell=lambda _: None)
    with paying(made):
        yield made


async def written(
    chat: Played, evidence: Sequence[Evidence], text: str = "Who built Orvay?", **rest: object
) -> list[Sentence]:
    query = Query(text=text, original=text, language="en", **rest)  # type: ignore[arg-type]
    return [sentence async for sentence in ModelWriter(chat, Extractive()).write(query, evidence)]


async def test_each_sentence_stands_on_the_stored_words(two: list[Evidence], account: Account) -> None:
    label = label_of(two, "Orvay")
    chat = Played(of(("James Calder built it.", label, "built in 1854 by James Calder")))
    [sentence] = await written(chat, two)
    assert sentence.text == "James Calder built it."
    assert [q.text for q in sentence.quotes] == ["The Orvay lighthouse was built in 1854 by James Calder."]
    assert sentence.quotes[0].start == len("Preface.\n")
    assert sentence.relevance is None
    assert [(r.step, r.by, r.detail) for r in account.ran] == [("draft", "model played", "")]
    assert not account.notices


async def test_the_prompt_is_rules_passages_task_and_the_question_last(two: list[Evidence]) -> None:
    chat = Played(of(), of())
    await written(chat, two)
    await written(chat, two[::-1], "When was Orvay built?")
    first, second = chat.asked
    system, user = first.messages
    assert system.content == prompts.RULES
    assert user.content.startswith("<passage ")
    assert user.content.endswith("<question>Who built Orvay?</question>")
    assert set(fence.labelled(user.content).values()) == {ORVAY, STENNICK}
    until = user.content.index("<question>")
    assert second.messages[1].content[:until] == user.content[:until], "the ranking does not change the prompt"


async def test_the_schema_admits_the_labels_of_the_prompt_and_no_others(two: list[Evidence]) -> None:
    chat = Played(of())
    await written(chat, two)
    schema = json.dumps(chat.asked[0].schema)
    assert '"enum": ["S1", "S2"]' in schema
    assert "S3" not in schema
    assert chat.asked[0].max_tokens == 700


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        ({"intent": "fact"}, "Begin with the answer"),
        ({"intent": "list"}, "every item"),
        ({"intent": "how_to"}, "steps in their order"),
        ({"intent": "comparison"}, "each difference"),
        ({"intent": "claim", "contrary": "x"}, "against it"),
        ({"is_whole": True}, "Sum up"),
    ],
)
async def test_the_task_is_that_of_the_kind_of_question(
    two: list[Evidence], rest: dict[str, object], told: str
) -> None:
    chat = Played(of())
    await written(chat, two, **rest)
    assert told in chat.asked[0].messages[1].content


async def test_an_empty_list_is_no_answer_and_no_reason_for_the_fallback(two: list[Evidence], account: Account) -> None:
    assert await written(Played(of()), two) == []
    assert account.ran[0].detail == "the model found no answer"
    assert not account.notices


async def test_a_sentence_is_out_before_the_next_is_written(two: list[Evidence]) -> None:
    gate = asyncio.Event()

    class Waiting(Played):
        async def stream(self, request: ChatRequest) -> AsyncIterator[str]:
            yield of(("Orvay was built in 1854.", "S1", ""))[:-2]
            await gate.wait()
            yield "]}"

    query = Query(text="Who?", original="Who?")
    async with aclosing(ModelWriter(Waiting(), Extractive()).write(query, two)) as sentences:  # type: ignore[type-var]
        assert (await anext(sentences)).text == "Orvay was built in 1854."
        gate.set()
        assert [s async for s in sentences] == []


async def test_the_stream_is_closed_with_the_reader(two: list[Evidence]) -> None:
    chat = Played([of(("Orvay was built in 1854.", "S1", ""))[:-2], "never read"])
    sentences = ModelWriter(chat, Extractive()).write(Query(text="Who?", original="Who?"), two)
    async with aclosing(sentences):  # type: ignore[type-var]
        await anext(sentences)
        assert chat.closed == 0
    assert chat.closed == 1


async def test_a_model_that_goes_round_in_circles_says_a_thing_once(two: list[Evidence], account: Account) -> None:
    label = label_of(two, "Orvay")
    chat = Played(
        of(*[(said, label, "") for said in ("Calder built Orvay.", "Orvay burned oil.", "calder built Orvay.")])
    )
    assert [s.text for s in await written(chat, two)] == ["Calder built Orvay.", "Orvay burned oil."]
    assert account.ran[0].detail == "dropped: 1 × said before"


async def test_what_cannot_be_read_is_shown_to_the_model_once(two: list[Evidence], account: Account) -> None:
    label = label_of(two, "Orvay")
    chat = Played("Surely! <|im_end|> It was Calder.", of(("Calder built it.", label, "by James Calder")))
    assert len(await written(chat, two)) == 1
    first, second = chat.asked
    assert second.messages[:2] == first.messages
    assert second.messages[2].role == "assistant"
    assert second.messages[2].content == "Surely! ‹|im_end|> It was Calder."
    assert "no sentence in it" in second.messages[3].content
    assert account.ran[0].detail == "after a second try"


async def test_after_a_second_bad_reply_plain_text_is_asked_for(two: list[Evidence], account: Account) -> None:
    label = label_of(two, "Orvay")
    chat = Played("No.", '{"sentences": [{"text": "a b", "labels": ["S9"]}]}', f"- James Calder built it. [{label}]")
    [sentence] = await written(chat, two)
    assert sentence.text == "James Calder built it."
    assert sentence.quotes
    assert chat.asked[2].schema is None
    assert len(chat.asked[2].messages) == 2
    assert account.ran[0].detail == "in plain text"


async def test_after_three_bad_replies_the_fallback_writes_and_says_so(two: list[Evidence], account: Account) -> None:
    sentences = await written(Played("No.", "No.", "No."), two)
    assert sentences[0].text == "The Orvay lighthouse was built in 1854 by James Calder."
    assert account.notices == [
        "played: its reply could not be used (no sentence in it, without a known label): "
        "written without a model: quotes only"
    ]
    assert account.ran[0].by == "extractive"


async def test_a_server_that_obeys_no_schema_is_asked_for_plain_text_at_once(two: list[Evidence]) -> None:
    label = label_of(two, "Stennick")
    chat = Played(f"Mary Hale built Stennick. [{label}]", obeys_schema=False)
    [sentence] = await written(chat, two)
    assert sentence.quotes[0].text == "The Stennick lighthouse was built in 1902 by Mary Hale."
    assert prompts.NO_ANSWER in chat.asked[0].messages[1].content


async def test_the_plain_way_can_say_that_there_is_no_answer(two: list[Evidence], account: Account) -> None:
    assert await written(Played("NO ANSWER", obeys_schema=False), two) == []
    assert "found no answer" in account.ran[0].detail


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (DOWN, FALLBACK),
        (
            BudgetExceeded("the budget of tokens", "3000 asked, 10 left"),
            "the budget of tokens: 3000 asked, 10 left: written without a model: quotes only",
        ),
    ],
)
async def test_a_failure_before_the_first_sentence_leaves_it_to_the_fallback(
    two: list[Evidence], account: Account, error: Exception, why: str
) -> None:
    sentences = await written(Played([of(("a", "S1", ""))[:20], error]), two)
    assert sentences[0].text == "The Orvay lighthouse was built in 1854 by James Calder."
    assert account.notices == [why]
    assert (account.ran[0].by, account.ran[0].step) == ("extractive", "draft")


async def test_a_server_that_cannot_even_be_asked_leaves_it_to_the_fallback(
    two: list[Evidence], account: Account
) -> None:
    class Down(Played):
        async def capabilities(self) -> Capabilities:
            raise DOWN

    assert await written(Down(), two)
    assert account.notices == [FALLBACK]


async def test_a_failure_after_a_sentence_keeps_it(two: list[Evidence], account: Account) -> None:
    chat = Played([of(("James Calder built it.", label_of(two, "Orvay"), "built in 1854"))[:-2], DOWN])
    assert [s.text for s in await written(chat, two)] == ["James Calder built it."]
    assert account.notices == [
        "http://127.0.0.1:9/v1: connection refused: the model's reply was cut, and what it had written stands"
    ]
    assert account.ran[0].by == "model played"


async def test_a_reply_cut_at_its_limit_keeps_its_whole_sentences(two: list[Evidence], account: Account) -> None:
    cut = ReplyCut("played", "the model reached its limit of tokens")
    chat = Played([of(("James Calder built it.", "S1", "built in 1854"))[:-2], ', {"text": "and', cut])
    assert len(await written(chat, two)) == 1
    assert account.notices == ["played: the model reached its limit of tokens; its whole sentences stand"]


async def test_a_reply_that_runs_on_without_a_sentence_is_asked_for_in_plain_text(two: list[Evidence]) -> None:
    chat = Played([" " * 500, ReplyCut("played", "cut")], f"Calder built it. [{label_of(two, 'Orvay')}]")
    assert len(await written(chat, two)) == 1
    assert chat.asked[1].schema is None


async def test_an_empty_reply_is_asked_for_in_plain_text(two: list[Evidence]) -> None:
    chat = Played(BadReply("played", "the reply is empty"), f"Calder built it. [{label_of(two, 'Orvay')}]")
    assert len(await written(chat, two)) == 1
    assert len(chat.asked) == 2


async def test_no_more_is_read_than_was_asked_for(two: list[Evidence]) -> None:
    chat = Played([of(*[(f"Orvay was built in {i}.", "S1", "") for i in range(9)]), "more"])
    assert len(await written(chat, two)) == 6
    assert chat.closed == 1


def many(count: int) -> list[Evidence]:
    """So many passages of 15 words, of one page, in its order."""
    lines = [f"Part {i} tells of thing{i} and of nothing else that was named before it." for i in range(count)]
    text = "\n".join(lines)
    page = Page(text=text, hash=text_hash(text))
    starts = accumulate((len(line) + 1 for line in lines), initial=0)
    passages = [Passage.of(page, start, start + len(line)) for start, line in zip(starts, lines, strict=False)]
    return [Evidence(passage=passage, source="a.txt") for passage in passages]


async def test_what_a_small_context_leaves_out_is_told(account: Account) -> None:
    chat = Played(of(("Part 1 tells of thing1.", "S1", "")), context=1_000)
    await written(chat, many(60))
    assert words(chat.asked[0]) + chat.asked[0].max_tokens <= 1_000
    [told] = account.notices
    assert told.startswith("the context of played left no room for ")


async def test_what_the_usual_budget_leaves_out_is_not_told(account: Account) -> None:
    chat = Played(of(("Part 1 tells of thing1.", "S1", "")), context=100_000)
    await written(chat, many(300))
    assert words(chat.asked[0]) <= 2_300
    assert not account.notices


@pytest.mark.parametrize("said", [900, None])
async def test_a_prompt_found_too_long_is_made_shorter_and_that_is_told(account: Account, said: int | None) -> None:
    class Vague(Played):
        async def stream(self, request: ChatRequest) -> AsyncIterator[str]:
            try:
                async for piece in super().stream(request):
                    yield piece
            except PromptTooLong as error:
                raise PromptTooLong(error.what, error.why, said) from None

    chat = Vague(of(("Part 1 tells of thing1.", "S1", "")), context=4_000, admits=1_500)
    await written(chat, many(100))
    assert 2 <= len(chat.asked) <= 4
    assert words(chat.asked[-1]) + chat.asked[-1].max_tokens <= 1_500
    assert len(account.notices) == 1


async def test_after_four_prompts_found_too_long_the_fallback_writes(two: list[Evidence], account: Account) -> None:
    chat = Played(admits=1)
    assert await written(chat, two)
    assert len(chat.asked) <= 4
    assert account.ran[0].by == "extractive"


async def test_a_context_without_room_for_a_passage_sends_nothing(two: list[Evidence], account: Account) -> None:
    chat = Played(context=100)
    assert await written(chat, two)
    assert not chat.asked
    assert account.notices == ["played: its context has no room for a passage: written without a model: quotes only"]


@given(context=st.integers(1, 5_000), count=st.integers(1, 40))
async def test_no_request_is_longer_than_the_context(context: int, count: int) -> None:
    chat = Played("No.", "No. " * 200, "No.", context=context)
    assert await written(chat, many(count))
    assert all(words(request) + request.max_tokens <= context for request in chat.asked)
    assert all(words(request) <= 2_300 + 400 for request in chat.asked)


async def test_a_long_source_is_read_in_parts_in_its_order(account: Account) -> None:
    evidence = many(300)
    chat = Played(*[of((f"It tells of part {i}.", "S1", "")) for i in range(20)], context=2_000)
    sentences = await written(chat, evidence[::-1], "Summarise it.", is_whole=True)
    assert len(sentences) == len(chat.asked) <= 12
    starts = [sentence.quotes[0].start for sentence in sentences]
    assert starts == sorted(starts)
    assert all("in at most 2 sentences" in request.messages[1].content for request in chat.asked)
    assert f"in {len(chat.asked)} parts" in account.ran[0].detail


async def test_of_too_many_parts_some_are_read_evenly_and_that_is_told(account: Account) -> None:
    account.budget.allowance = Allowance(tokens=10_000)  # type: ignore[misc]
    chat = Played(*[of((f"It tells of part {i}.", "S1", "")) for i in range(20)], context=2_000)
    sentences = await written(chat, many(300), is_whole=True)
    assert len(sentences) == 3
    read = [fence.labelled(request.messages[1].content) for request in chat.asked]
    assert "Part 0 tells" in read[0]["S1"]
    assert any("Part 299 tells" in text for text in read[-1].values())
    assert [notice for notice in account.notices if "3 were read, evenly chosen" in notice]


async def test_a_source_is_read_no_further_when_the_time_is_up() -> None:
    told: list[str] = []
    chat = Played(*[of((f"It tells of part {i}.", "S1", "")) for i in range(20)], context=2_000)

    class Late(Account):
        lefts = iter([100.0, 100.0, 100.0, 50.0, 10.0])

        def seconds_left(self) -> float:
            return next(self.lefts)

    with paying(Late(budget=Budget(Allowance()), tell=told.append, ends=0.0)):
        sentences = await written(chat, many(300), is_whole=True)
    assert len(sentences) == 2
    assert told[0].startswith("the time was up after 2 of ")


async def test_a_part_that_cannot_be_used_costs_no_other(account: Account) -> None:
    evidence = many(60)
    chat = Played("No.", "No.", "No.", *[of(("It tells of parts.", "S1", ""))] * 20, context=1_200)
    sentences = await written(chat, evidence, is_whole=True)
    assert sentences
    assert account.ran[0].by == "model played"


async def test_a_part_found_too_long_ends_the_summary_and_repeats_none_of_it(account: Account) -> None:
    too_long = PromptTooLong("played", "the prompt is too long", 900)
    chat = Played(of(("It tells of part 0.", "S1", "")), too_long, context=2_000)
    assert [s.text for s in await written(chat, many(300), is_whole=True)] == ["It tells of part 0."]
    assert account.notices == [
        "played: the prompt is too long: the model's reply was cut, and what it had written stands"
    ]
