"""Refusals of tiers."""

from __future__ import annotations

from chalicelib.kernel.errors import Conflict, Words


class TierNotHigher(Conflict):
    """The member has earned this tier or a higher one: `tier` is theirs."""

    code = "tier_not_higher"
    title = Words("会员已达到该等级", "The member has earned this tier already")
    hint = Words("请选择更高的等级", "Choose a higher tier")


class ActivityExists(Conflict):
    """The activity was counted since our read: the caller counts again."""

    code = "activity_exists"
    title = Words("该记录已计入等级", "This was counted before")
