"""A model's reply in JSON gives its sentences as they close, however it comes and whatever else it holds."""

import json
import time
from itertools import pairwise

import pytest
from fontes.agent.models.drafted import Drafted, JsonReply
from hypothesis import given
from hypothesis import strategies as st

LABELS = ("S1", "S2", "S3")
ONE = {"text": "The tower is 68 m high.", "labels": ["S1"], "quote": "68 m high"}
TWO = {"text": "It was built in 1854.", "labels": ["S2", "S3"], "quote": "built in 1854"}
FIRST = Drafted(text="The tower is 68 m high.", labels=("S1",), quote="68 m high")
SECOND = Drafted(text="It was built in 1854.", labels=("S2", "S3"), quote="built in 1854")


def read(text: str, most: int = 6) -> tuple[list[Drafted], JsonReply]:
    reply = JsonReply(LABELS, most)
    return [*reply.feed(text), *reply.close()], reply


def of(*sentences: object) -> str:
    return json.dumps({"sentences": sentences})


@pytest.mark.parametrize(
    "text",
    [
        of(ONE, TWO),
        f"```json\n{of(ONE, TWO)}\n```",
        f"Here's the answer {{as JSON}} you asked for: {of(ONE, TWO)} Anything else? {{",
        of(ONE, TWO)[:-2],
        json.dumps([ONE, TWO]),
        f"{json.dumps(ONE)}\n{json.dumps(TWO)}",
        of({**ONE, "confidence": 0.9, "tool_calls": []}, TWO),
        json.dumps({"note": "}{", "sentences": [ONE, TWO]}),
    ],
    ids=["plain", "fence", "words around", "cut behind the last", "list", "lines", "extra keys", "braces in a string"],
)
def test_the_sentences_are_found(text: str) -> None:
    assert read(text)[0] == [FIRST, SECOND]


def test_a_sentence_leaves_when_its_object_closes() -> None:
    reply = JsonReply(LABELS, 6)
    text = of(ONE, TWO)
    closes = text.index("}") + 1
    assert reply.feed(text[: closes - 1]) == []
    assert reply.feed(text[closes - 1 : closes]) == [FIRST]
    assert reply.feed(text[closes:]) == [SECOND]


def test_a_cut_sentence_is_none() -> None:
    text = of(ONE, TWO)
    assert read(text[: text.rindex("built")])[0] == [FIRST]


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ('{"text": "a", "text": "b", "labels": ["S1"], "quote": "c"}', "a key twice"),
        ('{"text": "a b", "labels": ["S9"], "quote": "c"}', "without a known label"),
        ('{"text": "a b", "labels": [], "quote": "c"}', "without a known label"),
        ('{"text": "a b", "quote": "c"}', "without a known label"),
        ('{"text": "a b", "labels": [1, null, ["S1"]], "quote": "c"}', "without a known label"),
        ('{"text": ["a"], "labels": ["S1"], "quote": "c"}', "without text"),
        ('{"text": " ", "labels": ["S1"], "quote": "c"}', "without text"),
        ('{"labels": ["S1"], "quote": "c"}', "without text"),
        (json.dumps({**ONE, "text": "a" * 701}), "too long"),
        (json.dumps({**ONE, "quote": "a" * 9_000}), "too long"),
        ('{"text": "he said "no" to it", "labels": ["S1"], "quote": ""}', "not JSON"),
        ('{"text": "a b", "labels": ["S1"], "quote": ' + "[" * 5_000 + "}", "not JSON"),
        ('{"text": "a b", "labels": ["S1"], "quote": ' + "1" * 5_000 + "}", "not JSON"),
    ],
)
def test_a_sentence_that_cannot_be_used_is_dropped_counted_and_costs_no_other(sentence: str, why: str) -> None:
    found, reply = read(f'{{"sentences": [{sentence}, {json.dumps(TWO)}]}}')
    assert found == [SECOND]
    assert reply.dropped[why] == 1


def test_an_unknown_label_goes_and_the_known_one_stays() -> None:
    found, reply = read(of({**TWO, "labels": ["S2", "S77", "https://evil.test", "S2", "[S3]"]}))
    assert found == [SECOND]
    assert reply.dropped["label unknown"] >= 2


def test_a_label_in_small_letters_or_brackets_is_known() -> None:
    [sentence] = JsonReply(("S1", "S2"), 5).feed('{"text": "It is so.", "labels": ["s1", "[S2]"], "quote": ""}')
    assert sentence.labels == ("S1", "S2")


def test_a_label_may_stand_alone_and_a_quote_may_be_missing() -> None:
    found, _ = read(of({"text": ONE["text"], "labels": "S1"}, {**ONE, "quote": {"text": 3}}, {**ONE, "quote": None}))
    assert [(d.labels, d.quote) for d in found] == [(("S1",), ""), (("S1",), "")]


def test_no_more_sentences_are_taken_than_were_asked_for() -> None:
    found, reply = read(of(*[ONE] * 5), most=3)
    assert len(found) == 3
    assert reply.is_full
    assert not read(of(*[ONE] * 3), most=3)[1].is_full


def test_an_empty_list_says_that_there_is_no_answer() -> None:
    assert read('{"sentences": []}')[1].is_empty
    assert not read('{"sentences": [')[1].is_empty
    assert not read("{}")[1].is_empty
    assert not read(of(ONE))[1].is_empty


sentences = st.one_of(
    st.builds(
        lambda text, labels, quote: json.dumps({"text": text, "labels": labels, "quote": quote}, ensure_ascii=False),
        st.text(max_size=30),
        st.lists(st.sampled_from((*LABELS, "S9")), max_size=3),
        st.text(max_size=30),
    ),
    st.text(alphabet='{}[]",:\\ aS1é\n', max_size=40),
)
replies = st.lists(sentences, max_size=5).map(lambda parts: '```\n{"sentences": [' + ", ".join(parts) + "]}\n``` bye")


@given(text=replies, cuts=st.lists(st.integers(0, 400), max_size=12))
def test_any_way_of_cutting_a_reply_gives_the_same(text: str, cuts: list[int]) -> None:
    whole, once = read(text)
    pieces = JsonReply(LABELS, 6)
    places = [0, *sorted(min(cut, len(text)) for cut in cuts), len(text)]
    found = [d for a, b in pairwise(places) for d in pieces.feed(text[a:b])]
    assert found == whole
    assert pieces.dropped == once.dropped
    assert pieces.is_empty == once.is_empty


@given(text=st.text(), most=st.integers(1, 4))
def test_whatever_comes_only_known_labels_leave(text: str, most: int) -> None:
    found, _ = read(text + of(ONE) + text, most)
    assert len(found) <= most
    assert all(set(d.labels) <= set(LABELS) and d.labels for d in found)


@given(values=st.lists(st.fixed_dictionaries({"text": st.text(min_size=1), "quote": st.text()}), max_size=6))
def test_what_a_well_formed_reply_says_is_what_is_read(values: list[dict[str, str]]) -> None:
    told = [{**value, "labels": ["S1"]} for value in values]
    found, _ = read(of(*told))
    assert [(d.text, d.quote) for d in found] == [(v["text"], v["quote"]) for v in values if v["text"].strip()]


@pytest.mark.parametrize("filler", ['"', "{", '{"text": "', '\\"', "a", '{"text": "b", "labels": ["S9"]},'])
def test_the_time_is_that_of_the_length_however_small_the_pieces(filler: str) -> None:
    def seconds(count: int) -> float:
        text = '{"sentences": [' + filler * (count // len(filler))
        best = float("inf")
        for _ in range(3):
            reply, began = JsonReply(LABELS, 6), time.process_time()
            for at in range(0, len(text), 4):
                reply.feed(text[at : at + 4])
            best = min(best, time.process_time() - began)
        return best

    assert seconds(160_000) < 40 * seconds(10_000)  # 16 times the length; quadratic would be 256
