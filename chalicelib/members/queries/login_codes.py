"""Reads of how many login codes went out, and how many were refused."""

from __future__ import annotations

from datetime import datetime

import msgspec

from chalicelib.kernel.clock import to_ms
from chalicelib.members.rules import codes
from chalicelib.members.rules.codes import REASONS, Reason
from chalicelib.members.tables.items import CodeHourItem


class CodeHour(msgspec.Struct, frozen=True):
    """An hour that begins at `at` (epoch ms): texts that were sent, refusals by reason."""

    at: int
    texts: int
    refused: dict[Reason, int]


def code_hours(hours: int, now: datetime) -> list[CodeHour]:
    """The last hours, the present one first: a query for each shard."""
    last = codes.window(to_ms(now), codes.HOUR_S)
    first = last - hours + 1
    found: dict[int, list[CodeHourItem]] = {}
    for shard in range(codes.SHARDS):
        oldest, newest = CodeHourItem.key(shard, first), CodeHourItem.key(shard, last)
        rows = CodeHourItem.query(oldest.pk, CodeHourItem.sk.between(oldest.sk, newest.sk))
        for row in rows:
            found.setdefault(int(row.sk), []).append(row)
    return [_hour(number, found.get(number, [])) for number in range(last, first - 1, -1)]


def _hour(number: int, rows: list[CodeHourItem]) -> CodeHour:
    refused = {reason: sum(getattr(row, reason) or 0 for row in rows) for reason in REASONS}
    texts = sum(row.texts or 0 for row in rows)
    return CodeHour(number * codes.HOUR_S * 1000, texts, refused)
