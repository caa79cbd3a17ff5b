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
