"""Refusals of earning."""

from chalicelib.kernel.errors import Conflict, NotFound, Unauthenticated, Words


class SignatureInvalid(Unauthenticated):
    """The partner is unknown, or no live secret of theirs made the signature."""

    code = "signature_invalid"
    title = Words("签名无效", "The signature is not valid")


class SignatureExpired(Unauthenticated):
    """Signed more than 300 seconds before or after our machine's time."""

    code = "signature_expired"
    title = Words("签名时间超出允许范围", "The signature's time is more than 300 seconds off")


class EventIdReused(Conflict):
    """An event with this id was sent before with other content; `errors` names the id."""

    code = "event_id_reused"
    title = Words("事件 id 已用于不同的内容", "This event id was used with other content")


class EventExists(Conflict):
    """The event was recorded since our read: the caller reads it and answers from it."""

    code = "event_exists"
    title = Words("该事件已记录", "This event was recorded before")


class RefundExceedsPayment(Conflict):
    """The refund is more than is left of the payment; `refundable` is the amount left."""

    code = "refund_exceeds_payment"
    title = Words("退款超过剩余实付金额", "The refund is more than is left of the payment")
    hint = Words("最多可退 {refundable}", "{refundable} at most can be taken back")
    money = frozenset({"refundable"})


class MemberNotFound(NotFound):
    """No member has this id, phone or e-mail; `errors` names the field."""

    code = "member_not_found"
    title = Words("未找到该会员", "There is no such member")


class BudgetSpent(Conflict):
    """More points than the new budget of a rule were given already."""

    code = "budget_spent"
    title = Words("已发放的积分超过新的预算", "More than the new budget has been given already")


class TooManyRules(Conflict):
    """There are as many rules in force as one event may be held against; `most` is the number."""

    code = "too_many_rules"
    title = Words("生效中的规则过多", "Too many rules are in force")
    hint = Words("最多 {most} 条，请先停用一条", "{most} at most: retire one first")


class AlreadyCheckedIn(Conflict):
    """There is a check-in of this day; `streak_days` are in a row now."""

    code = "already_checked_in"
    title = Words("这一天已经签到", "This day is checked in already")
    hint = Words("已连续签到 {streak_days} 天", "You have {streak_days} days in a row")


class CheckInsClosed(Conflict):
    """No check-in is offered now."""

    code = "check_ins_closed"
    title = Words("签到活动暂未开放", "Check-ins are not offered at present")


class MakeUpNotOffered(Conflict):
    """Days cannot be made up."""

    code = "make_up_not_offered"
    title = Words("暂不支持补签", "Missed days cannot be made up")


class CheckInNotMissed(Conflict):
    """The day cannot be made up: it is not over, too long ago, or before the member registered.

    `earliest` is the first day that can be.
    """

    code = "check_in_not_missed"
    title = Words("这一天不能补签", "This day cannot be made up")
    hint = Words(
        "可补签 {earliest} 起、今天之前的日期", "Days from {earliest} until yesterday can be"
    )


class NoMakeUpLeft(Conflict):
    """So many days of this month were made up already: `a_month`."""

    code = "no_make_up_left"
    title = Words("本月补签次数已用完", "No make-up is left in this month")
    hint = Words("每月最多补签 {a_month} 天", "{a_month} days of a month at most can be made up")


class TaskClosed(Conflict):
    """The task is not open: not published, not begun, or over."""

    code = "task_closed"
    title = Words("任务未开放", "The task is not open")


class TaskAlreadyClaimed(Conflict):
    """The task's points were claimed before."""

    code = "task_already_claimed"
    title = Words("积分已领取", "The points of this task were claimed before")


class TaskLimitReached(Conflict):
    """The task pays no more for now; `limit` is `total`, `day` or `month`."""

    code = "task_limit_reached"
    title = Words("已达任务上限", "The limit of this task is reached")


class NothingToClaim(Conflict):
    """The task is not done, or needs no claim; `detail` says what is missing."""

    code = "nothing_to_claim"
    title = Words("暂时没有可领取的积分", "There is nothing to claim yet")


class NotYourShare(NotFound):
    """The link's code names nobody, or its task is no sharing."""

    code = "share_not_found"
    title = Words("分享链接无效", "This shared link is not valid")
