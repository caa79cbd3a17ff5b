"""Imports of the staff, and the lines of each."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.kernel import cursors
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import NotFound
from chalicelib.orders.rules.imports import Import, ImportLine
from chalicelib.orders.tables.imports import (
    IMPORT,
    PART,
    ImportItem,
    ImportPartItem,
    import_key,
    part_key,
)


def find_import(job_id: str) -> Import | None:
    return ImportItem.find_value(import_key(job_id), IMPORT)


def find_part(job_id: str, number: int) -> ImportPartItem | None:
    item: ImportPartItem | None = ImportPartItem.find(import_key(job_id), part_key(number))
    return item


def import_lines(job_id: str, outcome: str | None, page: PageQuery) -> Page[ImportLine]:
    """A page of the lines of an import, in the file's order, those of one outcome if it is given.

    Raises NotFound, InvalidCursor.
    """
    if find_import(job_id) is None:
        raise NotFound()
    scope = f"import|{job_id}|{outcome}"
    part, number = cursors.decode(scope, page.cursor) or (0, 0)
    data: list[ImportLine] = []
    for at, line in _lines(job_id, part, number):
        if outcome is not None and (line.result is None or line.result.outcome != outcome):
            continue
        if len(data) == page.limit:
            return Page(data, cursors.encode(scope, at))
        data.append(line)
    return Page(data, None)


def _lines(job_id: str, part: int, number: int) -> Iterator[tuple[tuple[int, int], ImportLine]]:
    """Lines from a place on, each with its place: the part, and the number in it."""
    keys = ImportPartItem.sk >= part_key(part)
    for item in ImportPartItem.query(import_key(job_id), keys, consistent_read=True):
        this = int(item.sk.removeprefix(PART))
        results = item.results or (None,) * len(item.rows)
        for here, (row, result) in enumerate(zip(item.rows, results, strict=True)):
            if this > part or here >= number:
                yield (this, here), ImportLine(row, result)
