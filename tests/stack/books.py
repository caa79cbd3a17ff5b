"""The ledger's promises of an account, checked from outside by its answers only."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any

from tests.stack.mall import Mall, Person

NOTHING = "0" * 64


def check_books(mall: Mall, members: Iterable[Person]) -> None:
    for member in members:
        entries = mall.pages("/v1/me/points/entries", member)[::-1]
        check_entries(entries)
        assert mall.balance(member) == sum(entry["points"] for entry in entries)


def check_entries(entries: list[Any]) -> None:
    """Gapless, linked, balanced; oldest first."""
    assert [entry["seq"] for entry in entries] == list(range(1, len(entries) + 1))
    assert len({entry["reference"] for entry in entries}) == len(entries)
    assert [entry["prev_hash"] for entry in entries[:1]] in ([], [NOTHING])
    total = 0
    for entry in entries:
        total += entry["points"]
        assert entry["balance_after"] == total >= 0
        assert sum(posting["points"] for posting in entry["postings"]) == 0
        assert entry["hash"] == _hash(entry)
    for before, after in pairwise(entries):
        assert after["prev_hash"] == before["hash"]
        assert _ms(after["recorded_at"]) >= _ms(before["recorded_at"])


def _hash(entry: Any) -> str:
    """The entry's hash as its documentation says it is made."""
    content = [
        entry["account"],
        entry["seq"],
        entry["type"],
        entry["reference"],
        entry["points"],
        entry["balance_after"],
        [[_ms(lot["at"]) // 1000, lot["points"]] for lot in entry["lots"]],
        [[posting["account"], posting["points"]] for posting in entry["postings"]],
        entry["source"],
        entry["rule"],
        entry["content"],
        _ms(entry["occurred_at"]),
        _ms(entry["recorded_at"]),
    ]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(bytes.fromhex(entry["prev_hash"]) + text.encode()).hexdigest()


def _ms(at: str | None) -> int:
    at = at or "3000-01-01T00:00:00Z"  # as docs/ledger.md says of lots that never lapse
    return round(datetime.fromisoformat(at).timestamp() * 1000)
