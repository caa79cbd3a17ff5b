"""Refunds of an order's cash: their states, and the amounts left, payable and owed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal, NamedTuple

import msgspec

from chalicelib.kernel.money import Money
from chalicelib.payments.errors import PaymentExhausted
from chalicelib.payments.rules.gateway import ProviderCharge, ProviderRefund
from chalicelib.payments.rules.payments import Payment
from chalicelib.payments.rules.words import not_allowed

DUE, SENT, SUCCEEDED, FAILED, BY_HAND = "due", "sent", "succeeded", "failed", "by_hand"
# Reasons of external refunds: made at the provider, or a bank's dispute.
AT_PROVIDER, BY_BANK = "at_provider", "dispute"
# An external refund that failed, or a dispute that we won.
CANCELED = "canceled"
# Not owed any more: sent again as another refund, never paid by the payer, or returned to the payer
# otherwise.
CLOSED, RETRIED, WAIVED = "closed", "retried:", "waived"
# The failure of a refund that no provider can make: our bank pays it.
TO_PAY_BY_HAND = "by_hand"
# The sweep asks again after that, if no webhook comes.
ASKED_AGAIN_AFTER_S = 3600

# How long a payer's bank may take, at the most. Source: Stripe, "Customer refund processing time":
# 5 to 10 business days, which are two weeks.
BANK_TAKES_MS = 14 * 24 * 3600 * 1000

RefundState = Literal["pending", "succeeded", "failed", "not_due"]


class CashState(NamedTuple):
    """The state of a refund's cash for its payer.

    `expected_by_ms`: when the payer should have it at the latest (epoch milliseconds), None if
    unknown.
    """

    state: RefundState
    expected_by_ms: int | None = None


class CashRefund(msgspec.Struct, frozen=True):
    """A refund of an order's cash.

    `contra` is the account that bears it. `provider_id` is the refund at the provider once known.
    `failure` is why it failed. `due_at_s` is when a sweep looks at it (epoch seconds), None once it
    has ended. Refunds of earlier releases have no `member_id`.
    """

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
        """Whether we made it. An external refund has the provider's id, and its `version` counts
        its steps.
        """
        return self.id.startswith("rfd_")

    @property
    def is_open(self) -> bool:
        return self.is_ours and self.status in (DUE, SENT)

    @property
    def retried_as(self) -> str | None:
        """The refund that replaced this failed one."""
        failure = self.failure or ""
        return failure.removeprefix(RETRIED) if failure.startswith(RETRIED) else None

    @property
    def expected_by_ms(self) -> int | None:
        """When the payer should have the cash at the latest; None if that is unknown or nothing is
        owed.
        """
        is_going = self.status in (DUE, SENT, SUCCEEDED) and self.reason != BY_BANK
        return back_by(self.created_at_ms) if is_going else None

    @property
    def told(self) -> CashState:
        """The state of the cash for its payer."""
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
    """When cash that is refunded at a moment reaches the payer at the latest."""
    return at_ms + BANK_TAKES_MS


def left_of(
    payment: Payment, charge: ProviderCharge | None, ours: Iterable[CashRefund] = ()
) -> int:
    """The amount of a payment that was not refunded, in minor units.

    It excludes refunds at the provider, refunds by our bank, open and lost disputes, and those
    refunds of `ours` that the charge does not show yet.
    """
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
    """The amount of failed external refunds, in minor units."""
    return sum(each.amount for each in external if not each.stands)


def unowed_of(
    payment: Payment, charge: ProviderCharge, ours: Sequence[CashRefund], failed: int
) -> int:
    """The amount of failed external refunds of money without an order that nobody owes yet, in
    minor units.

    `failed` is the amount of all failed ones. Each is handled once: one that finance closed is not
    owed again.
    """
    owed = sum(each.amount.amount for each in ours if each.status == FAILED)
    return max(0, min(failed - payment.failed_there, left_of(payment, charge, ours) - owed))


def payable_of(refund: CashRefund, left: int, charge: ProviderCharge | None) -> int:
    """The amount of a refund that is still payable where `left` of its payment is left.

    The payer has had the rest otherwise, unless a bank may still return it.

    Raises PaymentExhausted.
    """
    if left >= refund.amount.amount:
        return refund.amount.amount
    if not left or charge is None or bank_may_return(charge):
        raise PaymentExhausted(left=left)
    return left


def still_failed(refund: CashRefund) -> CashRefund:
    """The refund, if finance may decide on it.

    Raises NotAllowedInThisState.
    """
    if refund.status != FAILED:
        raise not_allowed(refund.status)
    return refund


def bank_may_return(charge: ProviderCharge) -> bool:
    """Whether a bank holds some of the charge and may still return it."""
    return any(each.has_taken and each.status == "open" for each in charge.disputes)


def given_back(refunds: Iterable[CashRefund]) -> dict[str, int]:
    """The amount that each refund of an order returns or returned, in minor units.

    It is less than asked for where the payer had the rest otherwise. A refund that was sent again
    counts as its successor.
    """
    by_id = {refund.id: refund for refund in refunds}
    return {refund_id: _given(refund, by_id) for refund_id, refund in by_id.items()}


def _given(refund: CashRefund, by_id: Mapping[str, CashRefund]) -> int:
    last = refund
    while last.retried_as and last.retried_as in by_id:
        last = by_id[last.retried_as]
    return last.amount.amount if last.status != CLOSED or last.retried_as else 0
