"""The terminal's driver, which here outlives bytes that are no UTF-8: a paste of a binary file sends such."""

from codecs import IncrementalDecoder, getincrementaldecoder
from functools import partial

from textual.drivers import linux_driver


class ForgivingDriver(linux_driver.LinuxDriver):
    """Reads what cannot be decoded as U+FFFD; the toolkit's own ends the program at the first such byte."""

    def run_input_thread(self) -> None:
        """Decode with replacement; the toolkit looks its decoder up once, when the thread begins."""
        linux_driver.getincrementaldecoder = _replacing  # type: ignore[attr-defined,assignment]
        try:
            super().run_input_thread()
        finally:
            linux_driver.getincrementaldecoder = getincrementaldecoder  # type: ignore[attr-defined]


def _replacing(encoding: str) -> partial[IncrementalDecoder]:
    return partial(getincrementaldecoder(encoding), errors="replace")
