"""A second SearXNG instance, as a provider of the benchmark's own: named in settings as `module:Class`."""

from typing import ClassVar

from fontes.tools.search.searxng import Searxng


class Second(Searxng):
    """SearXNG at `url`, under another name."""

    name = "second"
    url: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__(self.url)
