"""Refusals of payments and of the provider."""

from chalicelib.kernel.errors import Conflict, NotFound, Unauthenticated, Unavailable, Waits, Words


class NotAtProvider(NotFound):
    """The provider knows nothing under this id."""

    code = "not_at_provider"
    title = Words("支付平台无此记录", "The payment provider has no such record")


class ProviderSilent(Unavailable):
    """The provider gave no answer, or none that tells the effect of the call."""

    code = "payment_provider_silent"
    title = Words(
        "支付平台暂无响应，请稍后重试", "The payment provider does not answer now, try again"
    )


class NotBookedYet(Unavailable, Waits):
    """The provider has the money and has not booked it yet; a later call finds the booking.

    `taken_at_ms`: when the provider took it, on its own clock.
    """

    code = "payment_not_booked"
    title = Words("支付平台尚未入账，请稍后重试", "The provider has not booked it yet, try again")

    def __init__(self, taken_at_ms: int = 0) -> None:
        super().__init__()
        self.taken_at_ms = taken_at_ms


class PaymentClosed(Conflict):
    """The payment has ended: it was paid or cancelled."""

    code = "payment_closed"
    title = Words("支付已结束", "This payment has ended")


class PaymentRefused(Conflict):
    """The provider refuses this payment; `reason` is its code (`amount_too_small`)."""

    code = "payment_refused"
    title = Words("支付平台不接受该笔支付", "The payment provider does not take this payment")


class RefundRefused(Conflict):
    """The provider refuses this refund; `reason` is its code."""

    code = "refund_refused"
    title = Words("支付平台拒绝退款", "The payment provider refuses the refund")


class PaymentExhausted(Conflict):
    """More than is left of the payment, in minor units.

    The payer has had the rest by an external refund, by our bank or by a dispute, or another refund
    of ours is about to return it.
    """

    code = "payment_exhausted"
    title = Words("退款超过该笔支付的可退余额", "The refund is more than is left of the payment")
    hint = Words("剩余可退 {left}", "{left} is left")
    money = frozenset({"left"})


class PayoutRefused(Conflict):
    """The provider refuses this payout; `reason` is its code."""

    code = "payout_refused"
    title = Words("支付平台拒绝付款", "The payment provider refuses the payout")


class WebhookSignatureInvalid(Unauthenticated):
    """Not signed with a live secret of ours."""

    code = "webhook_signature_invalid"
    title = Words("签名无效", "The signature is not valid")


class WebhookSignatureExpired(Unauthenticated):
    """Signed more than 300 seconds before or after our machine's time."""

    code = "webhook_signature_expired"
    title = Words("签名时间超出允许范围", "The signature's time is more than 300 seconds off")


class CashEntryExists(Conflict):
    """The journal has this cash entry already."""

    code = "cash_entry_exists"
    title = Words("该笔资金流水已入账", "This movement of money was recorded before")


class NotCollected(Conflict):
    """No carrier holds cash of this order: not collected yet, remitted already, or never paid."""

    code = "not_collected"
    title = Words("该订单没有待交款项", "No carrier holds cash of this order")
    hint = Words("订单 {order_id}", "Order {order_id}")
