"""A stream of events is taken apart into the data of its events."""

from itertools import pairwise

import pytest
from fontes.agent.models.events import EventData
from hypothesis import given
from hypothesis import strategies as st


def data_of(*pieces: bytes) -> list[bytes]:
    events = EventData()
    found = [data for piece in pieces for data in events.feed(piece)]
    return found + events.close()


@pytest.mark.parametrize(
    ("stream", "data"),
    [
        (b"data: a\n\ndata: b\n\n", [b"a", b"b"]),
        (b"data:a\r\n\r\ndata: b\r\r", [b"a", b"b"]),
        (b": waiting\n\ndata: a\n\n", [b"a"]),
        (b"event: message\nid: 1\ndata: a\ndata: b\n\n", [b"a\nb"]),
        (b"data\n\n", [b""]),
        (b"data: a", [b"a"]),
        (b"data: a\n", [b"a"]),
        ("data: line\u2028end\n\n".encode(), ["line\u2028end".encode()]),
        (b"no field\n\n", []),
        (b"", []),
    ],
)
def test_events_are_read_as_the_standard_says(stream: bytes, data: list[bytes]) -> None:
    assert data_of(stream) == data


@given(
    stream=st.lists(st.sampled_from([b"data: a", b"data:", b"\n", b"\r", b"\r\n", b": x", b"b"]), max_size=20).map(
        b"".join
    ),
    cuts=st.lists(st.integers(0, 60), max_size=10),
)
def test_the_outcome_does_not_depend_on_where_the_stream_is_cut(stream: bytes, cuts: list[int]) -> None:
    at = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    assert data_of(*(stream[a:b] for a, b in pairwise(at))) == data_of(stream)


@given(stream=st.binary(max_size=200))
def test_any_bytes_are_taken(stream: bytes) -> None:
    assert data_of(*(stream[i : i + 1] for i in range(len(stream)))) == data_of(stream)
