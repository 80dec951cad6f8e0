"""The option about tags that several commands share, and what they do with it."""

from contextlib import suppress

import typer

from ...retrievers import Store, StoreError

TAG = typer.Option(
    "--tag", metavar="NAME", help="Only sources of the index that carry this tag. May be repeated: any of them."
)

_GLANCE_S = 0.5


async def trim(store: Store) -> None:
    """Remove the last traces of tags that were taken away; what cannot be done now is done by the next question."""
    with suppress(StoreError):
        if await store.is_untrimmed():
            await store.trim(wait_s=_GLANCE_S)
