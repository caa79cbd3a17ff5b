"""A payment of an order, and what goes back of it, as we record them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from chalicelib.kernel.money import Money
from chalicelib.payments.errors import PaymentExhausted
from chalicelib.payments.rules.gateway import (
    Movement,
    ProviderCharge,
    ProviderDispute,
    ProviderPayout,
    ProviderRefund,
)
from chalicelib.payments.rules.journal import (
    BANK,
    DISPUTE,
    DISPUTE_LOST,
    DISPUTE_WON,
    DISPUTED,
    LOSSES,
    PAYOUT,
    PAYOUT_FAILED,
    REFUND,
    REFUND_FAILED,
    UNAPPLIED,
    CashEntry,
    CashPosting,
    through_provider,
)

DUE, SENT, SUCCEEDED, FAILED, BY_HAND = "due", "sent", "succeeded", "failed", "by_hand"
# Where a refund has no reason of ours: it was made at the provider, or a bank took the cash.
AT_PROVIDER, BY_BANK = "at_provider", "dispute"
# What was made there, and did not come to pass.
CANCELED = "canceled"
# Not owed any more: sent again as another refund, nobody had paid what it gives back, or whoever
# had paid it has it otherwise.
CLOSED, RETRIED, WAIVED = "closed", "retried:", "waived"
# What a refund that failed says where no provider can give it back: our bank will.
TO_PAY_BY_HAND = "by_hand"
# Asked about again after that, should no webhook come.
ASKED_AGAIN_AFTER_S = 3600

# How long a payer's bank may take, at the most. Source: Stripe, "Customer refund processing time":
# 5 to 10 business days, which are two weeks.
BANK_TAKES_MS = 14 * 24 * 3600 * 1000

RefundState = Literal["pending", "succeeded", "failed", "not_due"]


class CashState(NamedTuple):
    """How a refund's cash stands for whoever gets it, and when they should have it at the latest
    (epoch milliseconds), None where nobody knows."""

    state: RefundState
    expected_by_ms: int | None = None


@dataclass(frozen=True)
class Payment:
    """An order's one payment at the provider. `key` and `content` are digests of the call that
    made it; `by_hand` is what our bank has given back of it, and `failed_there` what was given back
    at the provider itself, has failed, and was seen to: in minor units. `version` rises with
    whatever changes who is to give back what."""

    order_id: str
    intent_id: str
    amount: Money
    key: bytes
    content: bytes
    created_at_ms: int
    by_hand: int = 0
    failed_there: int = 0
    version: int = 0

    @property
    def id(self) -> str:
        return payment_id_of(self.order_id)


@dataclass(frozen=True)
class CashRefund:
    """Cash that we owe of an order. `contra` is the account that bears it; `provider_id` is the
    refund at the provider once it is known; `failure` is why it failed; `due_at_s` is when a sweep
    looks at it (epoch seconds), None once it has ended. Those of earlier releases name no
    `member_id`."""

    id: str
    order_id: str
    amount: Money
    contra: str
    reason: str
    status: str
    created_at_ms: int
    provider_id: str | None = None
    failure: str | None = None
    due_at_s: int | None = None
    version: int = 1
    member_id: str | None = None

    @property
    def is_ours(self) -> bool:
        """Whether we give it back: what went back without us has the provider's id, and for its
        `version` how far it has come."""
        return self.id.startswith("rfd_")

    @property
    def is_open(self) -> bool:
        return self.is_ours and self.status in (DUE, SENT)

    @property
    def retried_as(self) -> str | None:
        """The refund by which a failed one was sent again."""
        failure = self.failure or ""
        return failure.removeprefix(RETRIED) if failure.startswith(RETRIED) else None

    @property
    def expected_by_ms(self) -> int | None:
        """When the payer should have the cash at the latest; None while nobody knows how it gets
        there, and once it is not owed."""
        is_going = self.status in (DUE, SENT, SUCCEEDED) and self.reason != BY_BANK
        return back_by(self.created_at_ms) if is_going else None

    @property
    def told(self) -> CashState:
        """How it stands for whoever gets the cash."""
        return CashState(self._state, self.expected_by_ms)

    @property
    def _state(self) -> RefundState:
        if self.status in (SUCCEEDED, BY_HAND) or self.failure == WAIVED:
            return "succeeded"
        if self.status == CLOSED:
            return "not_due"
        has_failed = self.status == FAILED and self.failure != TO_PAY_BY_HAND
        return "failed" if has_failed else "pending"


def back_by(at_ms: int) -> int:
    """When cash that goes back at a moment is in the payer's hands at the latest."""
    return at_ms + BANK_TAKES_MS


def left_of(
    payment: Payment, charge: ProviderCharge | None, ours: Iterable[CashRefund] = ()
) -> int:
    """What of a payment has not gone back, in minor units: at the provider, by our bank, or by a
    dispute that is not won; nor is about to, by refunds of `ours` that the charge does not show."""
    if charge is None:
        return 0
    shown = {each.key for each in charge.refunds}
    refunds = sum(each.amount for each in charge.refunds if each.stands)
    disputes = sum(each.amount for each in charge.disputes if each.has_taken)
    sent = sum(
        each.amount.amount
        for each in ours
        if each.status in (DUE, SENT, SUCCEEDED) and each.id not in shown
    )
    return max(0, charge.amount.amount - refunds - disputes - payment.by_hand - sent)


def failed_of(external: Iterable[ProviderRefund]) -> int:
    """What has failed of refunds that were made at the provider itself, in minor units."""
    return sum(each.amount for each in external if not each.stands)


def unowed_of(
    payment: Payment, charge: ProviderCharge, ours: Sequence[CashRefund], failed: int
) -> int:
    """What of money that no order takes nobody owes, as refunds that were made at the provider
    stood for it and have failed, `failed` in all, in minor units. Each is seen to once: what
    finance closes after that is owed no more."""
    owed = sum(each.amount.amount for each in ours if each.status == FAILED)
    return max(0, min(failed - payment.failed_there, left_of(payment, charge, ours) - owed))


def payable_of(refund: CashRefund, left: int, charge: ProviderCharge | None) -> int:
    """What of a refund is still to be given back where so much is left of its payment: the payer
    has had the rest otherwise, unless a bank may yet give it back.

    Raises PaymentExhausted.
    """
    if left >= refund.amount.amount:
        return refund.amount.amount
    if not left or charge is None or may_return(charge):
        raise PaymentExhausted(left=left)
    return left


def may_return(charge: ProviderCharge) -> bool:
    """Whether a bank holds some of it, and may yet give it back."""
    return any(each.has_taken and each.status == "open" for each in charge.disputes)


def given_back(refunds: Iterable[CashRefund]) -> dict[str, int]:
    """What each refund of an order gives or gave back, in minor units: less than was asked for
    where the payer has had it otherwise; what was sent again gives what that does."""
    by_id = {refund.id: refund for refund in refunds}
    return {refund_id: _given(refund, by_id) for refund_id, refund in by_id.items()}


def _given(refund: CashRefund, by_id: Mapping[str, CashRefund]) -> int:
    last = refund
    while last.retried_as and last.retried_as in by_id:
        last = by_id[last.retried_as]
    return last.amount.amount if last.status != CLOSED or last.retried_as else 0


def payment_id_of(order_id: str) -> str:
    """`pay_…` of `ord_…`: an order has one payment, for good."""
    return "pay_" + order_id.removeprefix("ord_")


def order_id_of(payment_id: str) -> str:
    return "ord_" + payment_id.removeprefix("pay_")


def refund_entries(
    order_id: str, refund: ProviderRefund, contra: str, now_ms: int
) -> list[CashEntry]:
    """What the provider has booked of a refund: the money that left, and what came back of it."""
    booked = []
    if refund.movement:
        booked.append((f"refund:{refund.id}", REFUND, refund.movement))
    if refund.failure:
        booked.append((f"refund:{refund.id}:failed", REFUND_FAILED, refund.failure))
    return [
        _entry(reference, kind, order_id, movement, contra, now_ms)
        for reference, kind, movement in booked
    ]


def dispute_entries(
    order_id: str, dispute: ProviderDispute, unapplied: int, now_ms: int
) -> list[CashEntry]:
    """What a dispute took, what came back of it, and what is lost for good: first that which no
    order took and nobody has sent back, so much (minor units) is there; it was the payer's."""
    entries = [
        _entry(
            f"dispute:{dispute.id}:{movement.id}", DISPUTE if movement.amount < 0 else DISPUTE_WON,
            order_id, movement, DISPUTED, now_ms,
        )
        for movement in dispute.movements
    ]  # fmt: skip
    held = -sum(movement.amount for movement in dispute.movements)
    if dispute.status == "lost" and held:
        payers = min(held, unapplied)
        borne = (CashPosting(UNAPPLIED, payers), CashPosting(LOSSES, held - payers))
        legs = (*(leg for leg in borne if leg.amount), CashPosting(DISPUTED, -held))
        reference, currency = f"dispute:{dispute.id}:lost", dispute.movements[0].currency
        source = f"order:{order_id}"
        entries.append(CashEntry(reference, DISPUTE_LOST, currency, legs, source, now_ms, now_ms))
    return entries


def charge_entry(
    order_id: str, charge_id: str, movement: Movement, contra: str, now_ms: int
) -> CashEntry:
    """Money that came for an order, to its sale or to what no order takes."""
    return _entry(f"charge:{charge_id}", "charge", order_id, movement, contra, now_ms)


def payout_entries(payout: ProviderPayout, now_ms: int) -> list[CashEntry]:
    """Money sent to our own bank, and what came back because the bank did not take it."""
    entries = []
    for movement in payout.movements:
        failed = movement.amount > 0
        reference = f"payout:{payout.id}:failed" if failed else f"payout:{payout.id}"
        entries.append(
            CashEntry(
                reference, PAYOUT_FAILED if failed else PAYOUT, movement.currency,
                through_provider(movement.amount, movement.fee, BANK), "provider",
                movement.created_at_ms, now_ms, movement.id,
            )
        )  # fmt: skip
    return entries


def _entry(
    reference: str, kind: str, order_id: str, movement: Movement, contra: str, now_ms: int
) -> CashEntry:
    return CashEntry(
        reference, kind, movement.currency,
        through_provider(movement.amount, movement.fee, contra), f"order:{order_id}",
        movement.created_at_ms, now_ms, movement.id,
    )  # fmt: skip
