"""Errors of campaigns."""

from __future__ import annotations

from chalicelib.kernel.errors import Conflict, Moved, Words


class TooManyCampaigns(Conflict):
    """More campaigns would be in force than a price is computed with."""

    code = "too_many_campaigns"
    title = Words("进行中的活动过多", "Too many campaigns are live")
    hint = Words("最多 {most} 个，请先结束其他活动", "At most {most}: end another one first")


class CampaignBudgetSpent(Conflict):
    """More than a campaign's new budget is spent already."""

    code = "campaign_budget_spent"
    title = Words("已使用的预算超过新预算", "More than this budget is spent already")


class CampaignGone(Moved):
    """A budget or a member's own limit has nothing left: the price is computed without it."""
