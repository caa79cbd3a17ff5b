"""What payments refuse, and what a provider refuses."""

from chalicelib.kernel.errors import Conflict, NotFound, Unauthenticated, Unavailable, Waits, Words


class NotAtProvider(NotFound):
    """The provider knows nothing under this id."""

    code = "not_at_provider"
    title = Words("支付渠道无此记录", "The payment provider has no such record")


class ProviderSilent(Unavailable):
    """The provider gave no answer, or none that says what it did: whoever it was asked about."""

    code = "payment_provider_silent"
    title = Words(
        "支付渠道暂无响应，请稍后重试", "The payment provider does not answer now, try again"
    )


class NotBookedYet(Unavailable, Waits):
    """The provider has the money and has not booked it: asked in a while, it will have.

    `taken_at_ms`: since when it has the money, on its own clock.
    """

    code = "payment_not_booked"
    title = Words("支付渠道尚未入账，请稍后重试", "The provider has not booked it yet, try again")

    def __init__(self, taken_at_ms: int = 0) -> None:
        super().__init__()
        self.taken_at_ms = taken_at_ms


class PaymentClosed(Conflict):
    """The payment has ended: it was paid, or it was cancelled."""

    code = "payment_closed"
    title = Words("支付已结束", "This payment has ended")


class PaymentRefused(Conflict):
    """The provider takes no payment like this; `reason` is its code (`amount_too_small`)."""

    code = "payment_refused"
    title = Words("支付渠道不接受该笔支付", "The payment provider does not take this payment")


class RefundRefused(Conflict):
    """The provider does not give this back; `reason` is its code."""

    code = "refund_refused"
    title = Words("支付渠道拒绝退款", "The payment provider refuses the refund")


class PaymentExhausted(Conflict):
    """More than is left of the payment, in minor units: the payer has had the rest by a refund at
    the provider, by our bank, or by a dispute that is not won, or another refund of ours is about
    to give it."""

    code = "payment_exhausted"
    title = Words("退款超过该笔支付的可退余额", "The refund is more than is left of the payment")
    hint = Words("剩余可退 {left}", "{left} is left")
    money = frozenset({"left"})


class PayoutRefused(Conflict):
    """The provider does not pay this out; `reason` is its code."""

    code = "payout_refused"
    title = Words("支付渠道拒绝付款", "The payment provider refuses the payout")


class WebhookSignatureInvalid(Unauthenticated):
    """Not signed with a live secret of ours."""

    code = "webhook_signature_invalid"
    title = Words("签名无效", "The signature is not valid")


class WebhookSignatureExpired(Unauthenticated):
    """Signed more than 300 seconds before or after our machine's time."""

    code = "webhook_signature_expired"
    title = Words("签名时间超出允许范围", "The signature's time is more than 300 seconds off")


class CashEntryExists(Conflict):
    """This movement of money is in the journal already."""

    code = "cash_entry_exists"
    title = Words("该笔资金流水已入账", "This movement of money was recorded before")


class PayoutAccountRequired(Conflict):
    """The member has not said where withdrawals go."""

    code = "payout_account_required"
    title = Words("请先设置收款账户", "Say first where the money goes")


class PayoutAccountChanged(Conflict):
    """The payout account is not the one that this withdrawal was asked for: it is not paid."""

    code = "payout_account_changed"
    title = Words("申请后收款账户已变更", "The payout account has changed since the request")


class WithdrawalBelowMinimum(Conflict):
    """Less than may be withdrawn at once; `at_least` minor units."""

    code = "withdrawal_below_minimum"
    title = Words("低于最低提现金额", "Below the least that can be withdrawn")
    hint = Words("每次最低提现 {at_least}", "{at_least} at least can be withdrawn at once")
    money = frozenset({"at_least"})


class WithdrawalLimitReached(Conflict):
    """Above the least of all limits: `limit` names it, `at_most` can be withdrawn now. That is 0
    where less than the minimum is left."""

    code = "withdrawal_limit_reached"
    title = Words("超出提现限额", "Above the limit of withdrawals")
    hint = Words("还可提现 {at_most}", "{at_most} more can be withdrawn")
    money = frozenset({"at_most"})


# By the name of the limit: what is left of it, that too little is, and that nothing is.
LIMITS = {
    "a_day": Words("今天还可提现 {at_most}", "{at_most} more can be withdrawn today"),
    "a_month": Words("本月还可提现 {at_most}", "{at_most} more can be withdrawn this month"),
}
TOO_LITTLE = {
    "a_day": Words(
        "今天的剩余额度低于最低提现金额，请明天再试",
        "Less than the minimum is left for today: try tomorrow",
    ),
    "a_month": Words(
        "本月的剩余额度低于最低提现金额，请下月再试",
        "Less than the minimum is left for this month: try next month",
    ),
}
USED_UP = {
    "a_day": Words(
        "今天的提现额度已用完，请明天再试", "Nothing more can be withdrawn today: try tomorrow"
    ),
    "a_month": Words(
        "本月的提现额度已用完，请下月再试",
        "Nothing more can be withdrawn this month: try next month",
    ),
}


class WithdrawalExists(Conflict):
    """An earlier try made this withdrawal: it is the answer."""

    code = "withdrawal_exists"
    title = Words("该提现申请已提交", "This withdrawal was asked for before")


class BankFileExists(Conflict):
    """An earlier try made this bank file: it is the answer."""

    code = "bank_file_exists"
    title = Words("该银行文件已生成", "This bank file was made before")


class NothingToExport(Conflict):
    """No approved withdrawal waits for a bank file."""

    code = "nothing_to_export"
    title = Words("没有待付款的提现", "No approved withdrawal waits for the bank")


class NotCollected(Conflict):
    """No carrier holds cash of this order: not collected yet, brought already, or never paid."""

    code = "not_collected"
    title = Words("该订单没有待交款项", "No carrier holds cash of this order")
    hint = Words("订单 {order_id}", "Order {order_id}")
