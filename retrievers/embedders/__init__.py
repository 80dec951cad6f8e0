"""The embedder socket: anything that turns text into vectors of one length."""

from collections.abc import Sequence
from typing import Protocol

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
