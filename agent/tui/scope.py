"""Which sources a question may use, as a person switches them."""

from dataclasses import dataclass, replace

from ..state import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What the next questions may be answered from.

    `web`: True asks it always, False never, None leaves it to the settings and the question. `docs` are paths and
    addresses: where there are any, a question is restricted to these (and the web, if that is True). `uses_index` is
    False when the own index is left out; it says nothing where `docs` are named, for they stand in its place.
    """

    web: bool | None = None
    docs: tuple[str, ...] = ()
    uses_index: bool = True

    @property
    def has_none(self) -> bool:
        """Whether there is nothing left to ask."""
        return self.web is False and not self.docs and not self.uses_index

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

    def narrowed(self, plan: Plan) -> Plan:
        """The plan without the own index, if that is left out: `Assistant.plan` gives it, `ask(plan=…)` takes it."""
        if self.uses_index or self.docs:
            return plan
        return replace(plan, routes=tuple(route for route in plan.routes if route != "index"))

    def words(self) -> str:
        """What is switched on, for the line above the input: `web · your index`."""
        web = {True: "web", None: "web if needed", False: ""}[self.web]
        if self.docs:
            count = len(self.docs)
            own = "1 source named" if count == 1 else f"{count:,} sources named"
            web = "web" if self.web else ""
        else:
            own = "your index" if self.uses_index else ""
        return " · ".join(filter(None, (own, web))) or "nothing: no source is switched on"
