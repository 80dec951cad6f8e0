"""The writer socket: anything that turns a query and evidence into sentences that rest on quotes."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from ...retrievers import Evidence
from ..state import Query, Sentence


class Writer(Protocol):
    """Drafts the answer. `name` identifies it; `note` is what the reader must know about it, "" for nothing."""

    name: str
    note: str

    def write(self, query: Query, evidence: Sequence[Evidence]) -> AsyncIterator[Sentence]:
        """Yield sentences as they are finished, in reading order; none if the evidence holds no answer.

        `evidence` is best first. Every quote of a sentence is verbatim from one of the passages, with offsets
        into the page (`passage.start + offset in passage.text`).

        Raises:
            WriterError: the writer could not go on: the run fails, and can be resumed.
        """
        ...
