"""What campaigns know of a member, for an export of all that is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from chalicelib.campaigns.queries.lotteries import every_draw_of
from chalicelib.campaigns.queries.people import facts_of
from chalicelib.campaigns.rules.draws import Draw
from chalicelib.campaigns.rules.lotteries import Lottery
from chalicelib.kernel.clock import rfc3339_ms


def export_of(member_id: str) -> dict[str, Iterable[Any]]:
    """Tags of the staff, lists and segments, campaigns that were taken, sums by month; draws."""
    facts = facts_of(member_id)
    told = msgspec.to_builtins(facts)
    is_known = any(told[name] for name in ("tags", "lists", "segments", "taken", "bought"))
    for name in ("member_id", "taken_version", "bought_version"):
        del told[name]
    draws = (_drawn(*each) for each in every_draw_of(member_id))
    return {"marketing": [told] if is_known else [], "draws": draws}


def _drawn(lottery: Lottery, draw: Draw) -> dict[str, Any]:
    """A draw, and the pseudonym under which it is published."""
    return {
        "lottery": lottery.title.zh,
        "number": draw.number,
        "pseudonym": draw.pseudonym,
        "prize": lottery.by_id[draw.result].title.zh,
        "points": draw.points,
        "created_at": rfc3339_ms(draw.at_ms),
    }
