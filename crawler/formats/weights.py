"""How much text the parts of a page hold, and of what sort: all decisions on its main content weigh these."""

from collections.abc import Iterable
from typing import Any

# The text of one element, with what is inline in it, from this many characters is a paragraph to be read, not a label
_PARAGRAPH_CHARS = 80
_INLINE = frozenset({
    "a", "abbr", "b", "cite", "code", "em", "font", "i", "mark", "q", "small", "span", "strong", "sub", "sup", "u",
})  # fmt: skip


def chars_of(text: str | None) -> int:
    """The number of characters that are no white space."""
    return len("".join(text.split())) if text else 0


class Weights:
    """The weights of all elements below and including `root`, in document order; white space weighs nothing.

    By element: `chars` is the length of its text, `linked` of that in links, `prose` of its paragraphs; `links` is
    the number of links in it.
    """

    def __init__(self, root: Any) -> None:
        from lxml.etree import Element

        self.elements: list[Any] = list(root.iter(Element))
        self.chars = dict.fromkeys(self.elements, 0)
        self.linked = self.chars.copy()
        self.links = self.chars.copy()
        self.prose = self.chars.copy()
        self._sum(root)

    def _sum(self, root: Any) -> None:
        chars, linked, links, prose = self.chars, self.linked, self.links, self.prose
        running = chars.copy()  # the text of an element and of what is inline in it
        for element in reversed(self.elements):
            own = chars_of(element.text)
            chars[element] += own
            running[element] += own
            is_inline = element.tag in _INLINE
            if element.tag == "a":
                linked[element], links[element], prose[element] = chars[element], 1, 0
            elif not is_inline and running[element] >= _PARAGRAPH_CHARS and 2 * linked[element] < chars[element]:
                prose[element] += running[element]
            if element is root:
                break
            above, after = element.getparent(), chars_of(element.tail)
            chars[above] += chars[element] + after
            running[above] += after + (running[element] if is_inline else 0)
            linked[above] += linked[element]
            links[above] += links[element]
            prose[above] += prose[element]

    def unlinked(self) -> dict[Any, int]:
        """The length of the text outside links, by element."""
        return {element: chars - self.linked[element] for element, chars in self.chars.items()}

    def without(self, left_out: Iterable[Any]) -> int:
        """The characters of the root without those of these elements, none of which is in another."""
        return self.chars[self.elements[0]] - sum(map(self.chars.__getitem__, left_out))


def outermost(elements: Iterable[Any]) -> list[Any]:
    """Those elements (given in document order) that stand in no other of them."""
    found: list[Any] = []
    for element in elements:
        if not found or not any(above is found[-1] for above in element.iterancestors()):
            found.append(element)
    return found
