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
