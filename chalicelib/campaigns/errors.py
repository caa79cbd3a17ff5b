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


class LotteryNotStarted(Conflict):
    """The lottery begins at `starts_at`."""

    code = "lottery_not_started"
    title = Words("抽奖尚未开始", "The lottery has not begun")


class LotteryOver(Conflict):
    """The lottery takes no more draws."""

    code = "lottery_over"
    title = Words("抽奖已结束", "The lottery is over")


class LotteryNotOver(Conflict):
    """The proof comes once nobody can draw any more: before that it would tell every draw to come.

    `ends_at` is when that is at the latest.
    """

    code = "lottery_not_over"
    title = Words("抽奖结束后方可查验", "The proof comes once the lottery is over")


class NoDrawsLeft(Conflict):
    """The member has drawn as often as they may; `limit` is `day` or `total`."""

    code = "no_draws_left"
    title = Words("抽奖次数已用完", "You have no draws left")


class DrawPriceChanged(Conflict):
    """The next draw does not cost what the member saw; `points` is what it costs."""

    code = "draw_price_changed"
    title = Words("本次抽奖所需积分已变化", "The draw costs other points than you saw")
    hint = Words("本次抽奖需 {points} 积分", "This draw costs {points} points")


class TooManyMissions(Conflict):
    """As many missions count as can; another one has to end first."""

    code = "too_many_missions"
    title = Words("进行中的挑战过多", "Too many missions are live")
    hint = Words("最多 {most} 个，请先结束其他挑战", "At most {most}: end another one first")


class MissionNotReached(Conflict):
    """The goal of the mission is not reached; `left` is what is missing."""

    code = "mission_not_reached"
    title = Words("尚未完成该挑战", "The mission is not completed yet")
    hint = Words("还差 {left}", "{left} to go")


class MissionAlreadyClaimed(Conflict):
    """The member has this reward already, or it comes."""

    code = "mission_already_claimed"
    title = Words("奖励已领取", "This reward was claimed already")


class MissionRewardsGone(Conflict):
    """Every reward of the mission was taken by others."""

    code = "mission_rewards_gone"
    title = Words("奖励已被领完", "All rewards of this mission are taken")


class MissionClosed(Conflict):
    """The mission is over, and the time to claim its reward, too."""

    code = "mission_closed"
    title = Words("该挑战已结束", "This mission is over")


class RewardNotRefused(Conflict):
    """Only a reward that could not be paid is tried again; `status` is what it is."""

    code = "reward_not_refused"
    title = Words("该奖励无需重新发放", "This reward needs no other try")


class TooManyPlaces(Conflict):
    """There are as many places as pages may ask for; `at_most` is the number."""

    code = "too_many_places"
    title = Words("展位过多", "There are too many places")
    hint = Words("最多 {at_most} 个，请先停用一个", "{at_most} at most: retire one first")


class TooManyBoards(Conflict):
    """As many leaderboards count as can; another one has to end first."""

    code = "too_many_leaderboards"
    title = Words("进行中的排行榜过多", "Too many leaderboards are live")
    hint = Words("最多 {most} 个，请先结束其他排行榜", "At most {most}: end another one first")


class TooManyTriggers(Conflict):
    """As many triggers are live as can; another one has to end first."""

    code = "too_many_triggers"
    title = Words("进行中的触发器过多", "Too many triggers are live")
    hint = Words("最多 {most} 个，请先结束其他触发器", "At most {most}: end another one first")
