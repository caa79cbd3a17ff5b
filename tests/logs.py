"""Log records for tests: their level, their text, their trace."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from chalicelib.kernel.observe import SERVICE, logger


class _Kept(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def recorded() -> Iterator[list[logging.LogRecord]]:
    """The records logged meanwhile."""
    logger()
    kept, named = _Kept(), logging.getLogger(SERVICE)
    named.addHandler(kept)
    try:
        yield kept.records
    finally:
        named.removeHandler(kept)


def levels(records: list[logging.LogRecord]) -> list[tuple[str, bool]]:
    """Level and whether there is a trace, of each."""
    return [(each.levelname, bool(each.exc_info)) for each in records]
