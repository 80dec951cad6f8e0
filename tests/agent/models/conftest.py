"""Evidence made by hand."""

from collections.abc import Callable

import pytest
from fontes.crawler import Page, text_hash
from fontes.retrievers import Evidence, Passage


@pytest.fixture(scope="session")
def seen() -> Callable[..., Evidence]:
    """A passage that stands after `before` on its page."""

    def make(text: str, source: str = "a.txt", *, title: str = "", before: str = "", published: str = "") -> Evidence:
        page = Page(text=before + text, hash=text_hash(before + text), title=title)
        passage = Passage.of(page, len(before), len(page.text))
        return Evidence(passage=passage, source=source, title=title, published=published)

    return make
