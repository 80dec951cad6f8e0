"""Which passages a question may use when it is asked of the sources with some tags alone."""

from collections import OrderedDict
from collections.abc import Sequence

import numpy as np

from .allowed import Ids, only
from .store import Store, normal_tag

_KEPT = 8  # sets of tags, 0.8 MB each where 100,000 passages are allowed


class Tagged:
    """The passages of tags, remembered until a tag stands for others; reading 50,000 of them takes about 40 ms."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: OrderedDict[tuple[str, ...], tuple[int, Ids]] = OrderedDict()

    async def passages(self, tags: Sequence[str]) -> Ids:
        """The ids of the passages whose page a lasting source with any of the tags holds, ascending.

        Raises:
            BadTag: one of them cannot be a tag.
        """
        key = tuple(sorted({normal_tag(tag) for tag in tags}))
        before, ids = self._known.get(key, (-1, np.empty(0, np.int64)))
        stamp, new = await self._store.tagged_passages(key, known=before)
        self._known[key] = (stamp, ids if new is None else new)
        self._known.move_to_end(key)
        if len(self._known) > _KEPT:
            self._known.popitem(last=False)
        return self._known[key][1]

    async def among(self, ids: Sequence[int], tags: Sequence[str]) -> set[int]:
        """Those of `ids` that the tags allow now."""
        return {id_ for id_, _ in only([(id_, 0.0) for id_ in ids], await self.passages(tags))}
