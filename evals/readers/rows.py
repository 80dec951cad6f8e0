"""The rows of the public sets as they lie in files."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..case_error import CaseError


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a (gzipped) JSON lines file.

    Raises:
        CaseError: it cannot be read, or a line is not JSON.
    """
    try:
        raw = path.read_bytes()
        text = gzip.decompress(raw) if path.suffix == ".gz" else raw
    except (OSError, EOFError) as error:
        raise CaseError(
            str(path), 0, "", f"it cannot be read: {error}", "Name the folder that holds the sets with --data"
        ) from error
    for number, line in enumerate(text.splitlines(), 1):
        try:
            yield json.loads(line)
        except ValueError as error:
            raise CaseError(str(path), number, "", f"it is not JSON: {error}", "Fetch the file again") from error
