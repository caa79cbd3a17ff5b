"""The facts of payments. Amounts are in minor units of their currency."""

from __future__ import annotations

from typing import ClassVar

from chalicelib.kernel.store.facts import FactData


class ProviderNews(FactData, frozen=True):
    """`type` is the provider's type, `about` its id of the object, `intent` its id of the payment,
    and `ours` our id of the object.
    """

    IS_INTERNAL: ClassVar[bool] = True

    type: str
    about: str
    intent: str | None
    ours: str | None


class PaymentNews(ProviderNews, frozen=True):
    """The provider sent a webhook about a payment."""

    TYPE: ClassVar[str] = "payment.news"


class PayoutNews(ProviderNews, frozen=True):
    """The provider sent a webhook about a withdrawal."""

    TYPE: ClassVar[str] = "withdrawal.news"


class RefundDue(FactData, frozen=True):
    """The cash of a refund has to be sent to the provider."""

    TYPE: ClassVar[str] = "refund.due"
    IS_INTERNAL: ClassVar[bool] = True

    order_id: str
    refund_id: str


class RefundChanged(FactData, frozen=True):
    """A refund's cash has changed its state; the payer has it by `expected_by` (RFC 3339)."""

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
    """The payer's bank has returned the cash of a refund: it will be paid in another way."""

    TYPE: ClassVar[str] = "refund.failed"


class RefundByHand(RefundChanged, frozen=True):
    """Finance has sent the cash of a refund by bank transfer."""

    TYPE: ClassVar[str] = "refund.by_hand"


# The fact of each refund status that its payer hears of.
OF_STATUS: dict[str, type[RefundChanged]] = {
    kind.TYPE.removeprefix("refund."): kind
    for kind in (RefundSucceeded, RefundFailed, RefundByHand)
}
