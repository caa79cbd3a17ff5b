"""Parcels from a CSV file: its rows, and what became of each."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import msgspec

from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.spelling import letters_of, pasted, unspaced_capitals
from chalicelib.kernel.texts import Carrier, SkuCode, TrackingNumber
from chalicelib.orders.rules.orders import Order

SHIPMENTS = "shipments"
MOST_ROWS = 3_000
# A part is shipped within one message.
ROWS_A_PART = 50
# Without progress for so long an import has failed.
STOPPED_AFTER_MS = 3600 * 1000
DONE, ALREADY_DONE, REFUSED = "done", "already_done", "refused"
OUTCOMES = (DONE, ALREADY_DONE, REFUSED)

# The names of the columns, as our own files of orders have them and as people write them.
_COLUMNS = {
    "order_id": ("order_id", "order", "订单号", "订单编号"),
    "carrier": ("carrier", "courier", "快递公司", "物流公司"),
    "tracking_number": ("tracking_number", "tracking number", "运单号", "快递单号", "物流单号"),
    "lines": ("lines", "发货商品", "发货明细"),
}
_LINE = re.compile(r"\s*([^:：*×\s]+)\s*(?:[:：*×]\s*([0-9]{1,2}))?\s*\Z")


class Row(msgspec.Struct, frozen=True, array_like=True):
    """A line of a file. `wrong` tells why it is none: the code and the words in both languages."""

    line: int
    order_id: str
    carrier: str
    tracking_number: str
    quantities: dict[str, int] = msgspec.field(default_factory=dict)
    wrong: tuple[str, str, str] | None = None


class Result(msgspec.Struct, frozen=True, array_like=True):
    """What became of a row; a refused one has its code and its words in both languages."""

    outcome: str
    code: str | None = None
    zh: str | None = None
    en: str | None = None


class ImportLine(NamedTuple):
    """A row, and what became of it; None while it waits."""

    row: Row
    result: Result | None


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """A file that the staff sent: how many rows are through, and what became of them."""

    id: str
    import_kind: str
    made_by: str
    content: bytes
    created_at_ms: int
    moved_at_ms: int
    rows: int
    parts: int
    done: int = 0
    already_done: int = 0
    refused: int = 0

    @property
    def through(self) -> int:
        return self.done + self.already_done + self.refused

    def status(self, now_ms: int) -> str:
        """`running`, `done`, or `failed` after an hour without progress."""
        if self.through >= self.rows:
            return "done"
        return "failed" if now_ms - self.moved_at_ms > STOPPED_AFTER_MS else "running"


def read_rows(text: str) -> list[Row]:
    """The rows of a file with the columns `order_id`, `carrier`, `tracking_number` and, perhaps,
    `lines`, such as `CUP-RED:2;TEE-1`. Others are left out of account, as are blank lines and
    those of orders beside which nobody wrote a parcel.

    Raises Invalid.
    """
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff")))
    try:
        places = _places(next(reader, []))
        filled = (cells for cells in reader if any(map(str.strip, cells)))
        rows = [_row(reader.line_num, cells, places) for cells in filled if _is_told(cells, places)]
    except csv.Error as error:
        raise _unfit("not_csv", Words("不是有效的 CSV 文件", "is not CSV")) from error
    if not rows:
        raise _unfit("empty", Words("没有可发货的行", "has no line to ship"))
    if len(rows) > MOST_ROWS:
        words = Words(f"一次最多 {MOST_ROWS} 行", f"has more than {MOST_ROWS} lines")
        raise _unfit("too_many_lines", words)
    return rows


def has_parcel(order: Order, row: Row) -> bool:
    """Whether an order has just this parcel: a number that is sent twice is no second parcel."""
    number = letters_of(row.tracking_number)
    return any(
        letters_of(parcel.tracking_number) == number
        and parcel.carrier == row.carrier
        and row.quantities in ({}, parcel.quantities)
        for parcel in order.parcels
    )


def _places(header: Sequence[str]) -> dict[str, int]:
    names = [cell.strip().lower() for cell in header]
    found = {
        column: names.index(name)
        for column, spellings in _COLUMNS.items()
        for name in spellings
        if name in names
    }
    missing = [name for name in ("order_id", "carrier", "tracking_number") if name not in found]
    if missing:
        shown = ", ".join(missing)
        zh = "、".join(_COLUMNS[name][-2] for name in missing)
        raise _unfit("missing_columns", Words(f"缺少列：{zh}", f"lacks these columns: {shown}"))
    return found


def _row(line: int, cells: Sequence[str], places: dict[str, int]) -> Row:
    def cell(name: str) -> str:
        place = places.get(name)
        # A file of ours defuses what a spreadsheet would run.
        text = cells[place] if place is not None and place < len(cells) else ""
        return pasted(text).removeprefix("'")[:128]

    order_id, carrier = cell("order_id").lower(), cell("carrier")
    number, lines = unspaced_capitals(cell("tracking_number")), cell("lines")
    quantities = _quantities(lines)
    wrong = next(_faults(order_id, carrier, number, quantities), None)
    return Row(line, order_id, carrier, number, quantities or {}, wrong)


def _is_told(cells: Sequence[str], places: dict[str, int]) -> bool:
    """Whether a row tells more than its order: a file of orders to ship may be filled in part."""
    told = {name for name, at in places.items() if at < len(cells) and cells[at].strip()}
    return "order_id" not in told or len(told) > 1


def _faults(
    order_id: str, carrier: str, number: str, quantities: dict[str, int] | None
) -> Iterator[tuple[str, str, str]]:
    if not order_id:
        yield "missing_order", "没有订单号", "The line has no order id"
    if not _fits(carrier, Carrier):
        yield "invalid_carrier", "快递公司须为 1 至 40 个字符", "The carrier has 1 to 40 characters"
    if not _fits(number, TrackingNumber):
        yield (
            "invalid_tracking_number",
            "运单号须为 1 至 40 个字母或数字",
            "The tracking number has 1 to 40 letters and digits",
        )
    if quantities is None:
        yield "invalid_lines", "发货商品须形如 CUP-RED:2;TEE-1", "Lines are such as CUP-RED:2;TEE-1"


def _quantities(text: str) -> dict[str, int] | None:
    """Quantities by SKU; None for a text that tells none."""
    found: dict[str, int] = {}
    for part in filter(str.strip, re.split(r"[;；]", text)):
        matched = _LINE.match(part)
        sku, quantity = (matched[1], int(matched[2] or 1)) if matched else ("", 0)
        if not quantity or sku in found or not _fits(sku, SkuCode):
            return None
        found[sku] = quantity
    return found


def _fits(text: str, kind: object) -> bool:
    try:
        msgspec.convert(text, kind)
    except msgspec.ValidationError:
        return False
    return True


def _unfit(code: str, words: Words) -> Invalid:
    return Invalid(FieldError("csv", code, words))
