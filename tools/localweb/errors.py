"""What can go wrong before a local web is there; what its visitors do wrong they are told in HTTP."""


class LocalWebError(Exception):
    """Which folder, file, rule or port cannot be used, and why."""

    def __init__(self, what: str, why: str) -> None:
        super().__init__(what, why)
        self.what, self.why = what, why

    def __str__(self) -> str:
        return f"{self.what}: {self.why}"
