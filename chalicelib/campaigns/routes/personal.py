"""What campaigns know of a member, for an export of all that is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from chalicelib.campaigns.queries.people import facts_of


def export_of(member_id: str) -> dict[str, Iterable[Any]]:
    """Tags of the staff, lists and segments, campaigns that were taken, sums by month."""
    facts = facts_of(member_id)
    told = msgspec.to_builtins(facts)
    is_known = any(told[name] for name in ("tags", "lists", "segments", "taken", "bought"))
    for name in ("member_id", "taken_version", "bought_version"):
        del told[name]
    return {"marketing": [told] if is_known else []}
