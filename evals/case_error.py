"""What can be wrong with a set of cases."""


class CaseError(Exception):
    """Where the set cannot be read (`path`, `line` from 1 or 0 for the whole file, `field`), why, what to do."""

    def __init__(self, path: str, line: int, field: str, why: str, hint: str) -> None:
        super().__init__(path, line, field, why, hint)
        self.path, self.line, self.field, self.why, self.hint = path, line, field, why, hint

    def __str__(self) -> str:
        place = f"{self.path}:{self.line}" if self.line else self.path
        return f"{place}: {f'`{self.field}`: ' if self.field else ''}{self.why}. {self.hint}."
