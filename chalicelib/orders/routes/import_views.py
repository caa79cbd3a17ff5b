"""Imports as the staff sees them."""

from __future__ import annotations

from typing import Any, Literal, cast

import msgspec

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.shapes import shaped
from chalicelib.ledger import Progress
from chalicelib.orders.rules.imports import Import, ImportLine

Outcome = Literal["done", "already_done", "refused"]

FILE_EXAMPLE = "order_id,carrier,tracking_number\r\nord_5c3bqbzkmvnl2hwmbkqk5pnjhm,SF,SF1234567890"
LINE_EXAMPLE: dict[str, Any] = {
    "line": 2,
    "order_id": "ord_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "carrier": "SF",
    "tracking_number": "SF1234567890",
    "lines": {},
    "outcome": "done",
    "code": None,
    "message": None,
}


class ImportResult(msgspec.Struct):
    """Lines by what became of them: `already_done` are those whose parcel the order had."""

    done: int
    already_done: int
    refused: int


class ImportJobView(msgspec.Struct):
    """An import of a file; it has failed after an hour without progress. Progress is in lines."""

    id: str
    type: Literal["import_shipments"]
    status: Literal["running", "done", "failed"]
    progress: Progress
    result: ImportResult
    created_at: str


class ImportLineView(msgspec.Struct):
    """A line of a file. `outcome` is null while it waits; a refused line has a `code`, such as
    `not_allowed_in_this_state`, and its words. `lines` are quantities by SKU, empty for all units.
    """

    line: int
    order_id: str
    carrier: str
    tracking_number: str
    lines: dict[str, int]
    outcome: Outcome | None
    code: str | None
    message: str | None


def import_view(made: Import, now_ms: int) -> ImportJobView:
    return ImportJobView(
        made.id,
        "import_shipments",
        cast(Literal["running", "done", "failed"], made.status(now_ms)),
        Progress(made.through, made.rows),
        ImportResult(made.done, made.already_done, made.refused),
        rfc3339_ms(made.created_at_ms),
    )


def line_view(line: ImportLine, language: str) -> ImportLineView:
    result = line.result
    outcome = cast(Outcome, result.outcome) if result else None
    words = None
    if result is not None:
        words = result.zh if language == "zh-CN" else result.en
    code = result.code if result else None
    return shaped(
        ImportLineView,
        line.row,
        lines=line.row.quantities,
        outcome=outcome,
        code=code,
        message=words,
    )
