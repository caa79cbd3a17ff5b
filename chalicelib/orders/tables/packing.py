"""The short form of what an order holds: rows whose last values are left out where they are the
default, codes for words, bytes for ids. Codes and places are never changed, new ones come last.
"""

from __future__ import annotations

from base64 import b32decode, b32encode
from collections.abc import Sequence
from typing import Any

import msgspec

from chalicelib.orders.rules.orders import OrderLine, Parcel, Step

Rows = list[list[Any]]
_STATUSES = (
    "awaiting_payment",
    "awaiting_review",
    "in_review",
    "approved",
    "rejected",
    "shipped",
    "delivered",
    "completed",
    "cancelled",
)
_METHODS = ("card", "alipay", "wechat_pay", "cod")
_BY = ("member", "staff", "system")
_PRODUCT, _MEMBER = "prd_", "mbr_"
_LINE = {each.name: each.default for each in msgspec.structs.fields(OrderLine)}
# How many values a line had in the first layout.
_FIRST_LINE = 10
_ID_BYTES = 16


class Payment(msgspec.Struct, frozen=True, array_like=True):
    """How an order's cash comes: the provider's charge once it has come, or its last refusal."""

    currency: str | None = None
    method: str | None = None
    paid: str | None = None
    declined: str | None = None


def pack_lines(lines: Sequence[OrderLine]) -> Rows:
    rows = [_line_row(line, 0) for line in lines]
    for row in rows:
        row[1] = _short(_PRODUCT, row[1])
    return rows


def trim_lines(lines: Sequence[OrderLine]) -> Rows:
    """Lines as the first layout has them: all values of its time, later ones where they are set."""
    return [_line_row(line, _FIRST_LINE) for line in lines]


def _line_row(line: OrderLine, at_least: int) -> list[Any]:
    """The values of a line without the last ones that are defaults."""
    row = list(msgspec.structs.astuple(line))
    for default in reversed(_LINE.values()):
        if row[-1] != default or len(row) == at_least:
            break
        row.pop()
    return row


def unpack_lines(rows: Rows) -> tuple[OrderLine, ...]:
    return tuple(
        msgspec.convert([row[0], _long(_PRODUCT, row[1]), *row[2 : len(_LINE)]], OrderLine)
        for row in rows
    )


def pack_steps(steps: Sequence[Step]) -> Rows:
    """Each moment is milliseconds since the step before it."""
    rows, before_ms = [], 0
    for step in steps:
        actor = step.actor and _short(_MEMBER, step.actor)
        row = [
            _code(_STATUSES, step.status),
            step.at_ms - before_ms,
            _code(_BY, step.by),
            actor,
            step.key,
            step.content,
            step.note,
        ]
        rows.append(_trimmed(row))
        before_ms = step.at_ms
    return rows


def unpack_steps(rows: Rows) -> tuple[Step, ...]:
    steps, at_ms = [], 0
    for row in rows:
        status, after_ms, by, actor, key, content, note = (*row, None, None, None, None)[:7]
        at_ms += after_ms
        values = {
            "status": _word(_STATUSES, status),
            "at_ms": at_ms,
            "by": _word(_BY, by),
            "note": note,
            "actor": actor and _long(_MEMBER, actor),
            "key": key,
            "content": content,
        }
        steps.append(_converted(values, Step))
    return tuple(steps)


def pack_parcels(parcels: Sequence[Parcel]) -> Rows:
    return [[each.carrier, each.tracking_number, each.quantities] for each in parcels]


def unpack_parcels(rows: Rows) -> tuple[Parcel, ...]:
    names = ("carrier", "tracking_number", "quantities")
    return tuple(
        msgspec.convert(dict(zip(names, row[: len(names)], strict=True)), Parcel) for row in rows
    )


def pack_payment(payment: Payment) -> list[Any]:
    currency, method, *others = msgspec.structs.astuple(payment)
    return _trimmed([currency, method and _code(_METHODS, method), *others])


def unpack_payment(row: list[Any]) -> Payment:
    values = row[: len(Payment.__struct_fields__)]
    if len(values) > 1 and values[1] is not None:
        values[1] = _word(_METHODS, values[1])
    return msgspec.convert(values, Payment)


def _converted(values: dict[str, Any], kind: type[Step]) -> Step:
    return msgspec.convert([values[name] for name in kind.__struct_fields__], kind)


def _trimmed(row: list[Any]) -> list[Any]:
    while row and row[-1] is None:
        row.pop()
    return row


def _code(words: Sequence[str], word: str) -> int | str:
    return words.index(word) if word in words else word


def _word(words: Sequence[str], code: int | str) -> str:
    return code if isinstance(code, str) else words[code]


def _short(prefix: str, name: str) -> bytes | str:
    """The 16 bytes of an id of ours; anything else stays as it is."""
    text = name.removeprefix(prefix)
    try:
        raw = b32decode(f"{text.upper()}======")
    except ValueError:
        return name
    return raw if len(raw) == _ID_BYTES and _long(prefix, raw) == name else name


def _long(prefix: str, kept: bytes | str) -> str:
    if isinstance(kept, str):
        return kept
    return prefix + b32encode(kept).decode().rstrip("=").lower()
