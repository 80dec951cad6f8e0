"""The embedder socket: anything that turns text into vectors of one length."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors32 = NDArray[np.float32]


class Embedder(Protocol):
    """A text embedding model.

    `name` identifies the model and the form of its input; vectors of different names are never compared.
    `dimensions` is the length of one vector. Both methods are coroutines that leave the event loop free, and
    return L2-normalised float32 rows in the order of the input.
    """

    name: str
    dimensions: int

    async def embed_passages(self, texts: Sequence[str]) -> Vectors32:
        """Embed texts to be found: shape (len(texts), dimensions).

        Raises:
            EmbedError: the model could not be run.
        """
        ...

    async def embed_query(self, text: str) -> Vectors32:
        """Embed what is looked for: shape (dimensions,).

        Raises:
            EmbedError: the model could not be run.
        """
        ...


@runtime_checkable
class Learner(Protocol):
    """An embedder that does not know its `dimensions` (0) until it has asked a server."""

    async def learn(self, known: int = 0) -> None:
        """Find out `dimensions`; `known` is the length of the vectors kept under this name, 0 if there are none.

        Raises:
            EmbedError: the server cannot be asked, or its vectors have another length than those kept.
        """
        ...
