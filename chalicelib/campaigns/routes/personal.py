"""What campaigns know of a member, for an export of all that is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from chalicelib.campaigns.queries import boards, missions, rewards
from chalicelib.campaigns.queries.lotteries import every_draw_of
from chalicelib.campaigns.queries.people import facts_of
from chalicelib.campaigns.rules.draws import Draw
from chalicelib.campaigns.rules.lotteries import Lottery
from chalicelib.campaigns.rules.progress import Progress
from chalicelib.campaigns.rules.rewards import Promise
from chalicelib.kernel.clock import rfc3339_ms


def export_of(member_id: str) -> dict[str, Iterable[Any]]:
    """Tags of the staff, lists and segments, campaigns that were taken, sums by month; draws;
    progress with missions, rewards, and whether boards may show the member."""
    facts = facts_of(member_id)
    told = msgspec.to_builtins(facts)
    is_known = any(told[name] for name in ("tags", "lists", "segments", "taken", "bought"))
    for name in ("member_id", "taken_version", "bought_version"):
        del told[name]
    draws = (_drawn(*each) for each in every_draw_of(member_id))
    return {
        "marketing": [told] if is_known else [],
        "draws": draws,
        "missions": map(_progress, missions.all_progress(member_id)),
        "rewards": map(_reward, rewards.rewards_of(member_id)),
        "leaderboards": [{"shown": True}] if boards.is_shown(member_id) else [],
    }


def _progress(progress: Progress) -> dict[str, Any]:
    reached = progress.reached_ms
    return {
        "mission_id": progress.mission_id,
        "period": progress.period,
        "value": progress.value,
        "reached_at": None if reached is None else rfc3339_ms(reached),
        "taken": progress.taken_ms is not None,
    }


def _reward(promise: Promise) -> dict[str, Any]:
    return {
        "source": promise.source,
        "kind": promise.reward.kind,
        "amount": promise.amount,
        "paid": promise.paid,
        "status": promise.state,
        "earned_at": rfc3339_ms(promise.at_ms),
    }


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
