"""The facts of payments. Amounts are in minor units of their currency."""

from __future__ import annotations

from typing import ClassVar

from chalicelib.kernel.store.facts import FactData


class PaymentNews(FactData, frozen=True):
    """The payment provider told something by a webhook.

    `type` is the provider's, `about` its id of the object, `intent` its id of the payment, and
    `ours` the id that we gave it.
    """

    TYPE: ClassVar[str] = "payment.news"
    IS_INTERNAL: ClassVar[bool] = True

    type: str
    about: str
    intent: str | None
    ours: str | None


class RefundDue(FactData, frozen=True):
    """The cash of a refund has to be sent to the provider."""

    TYPE: ClassVar[str] = "refund.due"
    IS_INTERNAL: ClassVar[bool] = True

    order_id: str
    refund_id: str


class RefundChanged(FactData, frozen=True):
    """The cash of a refund has come into a state; the payer has it by `expected_by` (RFC 3339)."""

    order_id: str
    refund_id: str
    member_id: str
    amount: int
    currency: str
    expected_by: str | None


class RefundSucceeded(RefundChanged, frozen=True):
    """The provider has sent the cash of a refund."""

    TYPE: ClassVar[str] = "refund.succeeded"


class RefundFailed(RefundChanged, frozen=True):
    """The payer's bank has returned the cash of a refund: it is paid in another way."""

    TYPE: ClassVar[str] = "refund.failed"


class RefundByHand(RefundChanged, frozen=True):
    """Finance has sent the cash of a refund by bank transfer."""

    TYPE: ClassVar[str] = "refund.by_hand"


# Which fact a refund's status is, of those that its payer hears of.
OF_STATUS: dict[str, type[RefundChanged]] = {
    kind.TYPE.removeprefix("refund."): kind
    for kind in (RefundSucceeded, RefundFailed, RefundByHand)
}


class WithdrawalChanged(FactData, frozen=True):
    """A withdrawal of `amount` minor units has come into a state, by its `version`-th change.

    `kind` is `provider` or `bank`, `reason` that of a refusal or a failure.
    """

    member_id: str
    withdrawal_id: str
    amount: int
    currency: str
    kind: str
    reason: str | None
    version: int = 0


class WithdrawalRequested(WithdrawalChanged, frozen=True):
    """A member has asked for money of their rebate balance; it waits for the staff."""

    TYPE: ClassVar[str] = "withdrawal.requested"


class WithdrawalApproved(WithdrawalChanged, frozen=True):
    """The staff has approved a withdrawal: it has to be paid."""

    TYPE: ClassVar[str] = "withdrawal.approved"


class WithdrawalRejected(WithdrawalChanged, frozen=True):
    """The staff has declined a withdrawal: the money is back in the rebate balance."""

    TYPE: ClassVar[str] = "withdrawal.rejected"


class WithdrawalPaying(WithdrawalChanged, frozen=True):
    """The provider has been asked to pay, or a bank file lists the withdrawal."""

    TYPE: ClassVar[str] = "withdrawal.paying"


class WithdrawalPaid(WithdrawalChanged, frozen=True):
    """The money was paid."""

    TYPE: ClassVar[str] = "withdrawal.paid"


class WithdrawalFailed(WithdrawalChanged, frozen=True):
    """The money could not be paid: it is back in the rebate balance."""

    TYPE: ClassVar[str] = "withdrawal.failed"


class WithdrawalReturned(WithdrawalChanged, frozen=True):
    """`amount` of a withdrawal that was paid came back: it is in the rebate balance again."""

    TYPE: ClassVar[str] = "withdrawal.returned"


# Which fact a withdrawal's status is.
OF_WITHDRAWAL: dict[str, type[WithdrawalChanged]] = {
    kind.TYPE.removeprefix("withdrawal."): kind
    for kind in (
        WithdrawalRequested, WithdrawalApproved, WithdrawalRejected, WithdrawalPaying,
        WithdrawalPaid, WithdrawalFailed,
    )
}  # fmt: skip
