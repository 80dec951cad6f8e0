"""Which sources a question may use, as a person switches them."""

from dataclasses import dataclass, replace

from ..state import Plan

_TAGS_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the next questions may be answered from.

    `web`: True asks it always, False never, None leaves it to the settings and the question. `docs` are paths and
    addresses, `tags` stand for the sources of the own index that carry any of them: where there are any of either, a
    question is restricted to these (and the web, if that is True). `uses_index` is False when the own index is left
    out; it says nothing where `docs` or `tags` are named, for they stand in its place.
    """

    web: bool | None = None
    docs: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    uses_index: bool = True

    @property
    def has_none(self) -> bool:
        """Whether there is nothing left to ask."""
        return self.web is False and self.leaves_index_out

    @property
    def is_restricted(self) -> bool:
        """Whether only some sources are asked."""
        return bool(self.docs or self.tags)

    @property
    def leaves_index_out(self) -> bool:
        """Whether a plan must be changed: nothing else keeps it from the own index."""
        return not self.uses_index and not self.is_restricted

    @property
    def sources(self) -> tuple[str, ...] | None:
        """What to give as `sources` with a question: None asks the whole index, or the web, or both."""
        return self.docs or None

    def with_doc(self, source: str) -> "Scope":
        """The same with one more source; one that is named already is not named twice."""
        return self if source in self.docs else replace(self, docs=(*self.docs, source))

    def without_doc(self, source: str) -> "Scope":
        """The same without that source."""
        return replace(self, docs=tuple(each for each in self.docs if each != source))

    def with_tag(self, tag: str) -> "Scope":
        """The same with one more tag, or without it if it is named already."""
        others = tuple(each for each in self.tags if each != tag)
        return replace(self, tags=others if tag in self.tags else (*self.tags, tag))

    def narrowed(self, plan: Plan) -> Plan:
        """The plan without the own index, if that is left out: `Assistant.plan` gives it, `ask(plan=…)` takes it."""
        if not self.leaves_index_out:
            return plan
        return replace(plan, routes=tuple(route for route in plan.routes if route != "index"))

    def words(self) -> str:
        """What is switched on, for the line above the input: `web · your index`."""
        web = {True: "web", None: "web if needed", False: ""}[self.web]
        if self.is_restricted:
            count = len(self.docs)
            docs = "" if not count else "1 source named" if count == 1 else f"{count:,} sources named"
            own = " + ".join(filter(None, (docs, _listed(self.tags))))
            web = "web" if self.web else ""
        else:
            own = "your index" if self.uses_index else ""
        return " · ".join(filter(None, (own, web))) or "nothing: no source is switched on"


def _listed(tags: tuple[str, ...]) -> str:
    """`#law #tax`; of many, the first few."""
    more = f" and {len(tags) - _TAGS_SHOWN} more" if len(tags) > _TAGS_SHOWN else ""
    return " ".join(f"#{tag}" for tag in tags[:_TAGS_SHOWN]) + more
