"""A payment provider in our words: one Protocol, implemented by Stripe.

Every write takes a key that follows from our own id: repeated, it has one effect. Nothing here
imports the provider's client.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, Protocol

import msgspec

from chalicelib.kernel.money import Money

Method = Literal["card", "alipay", "wechat_pay"]
IntentStatus = Literal["open", "processing", "succeeded", "canceled"]
RefundStatus = Literal["pending", "succeeded", "failed", "canceled"]
DisputeStatus = Literal["open", "won", "lost"]
PayoutStatus = Literal["pending", "paid", "failed"]


class Movement(msgspec.Struct, frozen=True):
    """A line of the provider's own books: `net` = `amount` - `fee`, signed from our side.

    `our_id` is the order or withdrawal that its object names, None where the provider was not asked
    or does not say.
    """

    id: str
    type: str
    amount: int
    fee: int
    currency: str
    source: str | None
    created_at_ms: int
    our_id: str | None = None

    @property
    def net(self) -> int:
        return self.amount - self.fee


class ProviderRefund(msgspec.Struct, frozen=True):
    """A refund at the provider.

    `key` is our refund's id, None for an external refund. `movement` is None until the provider has
    booked it. `failure` is the booking that returned the money when it failed.
    """

    id: str
    key: str | None
    amount: int
    status: RefundStatus
    movement: Movement | None
    failure: Movement | None = None

    @property
    def stands(self) -> bool:
        """Whether the money has gone, or is on its way."""
        return self.status in ("pending", "succeeded")


class ProviderDispute(msgspec.Struct, frozen=True):
    """A dispute of the cardholder's bank: `movements` in their order; the last may be the return.

    An inquiry takes nothing unless it becomes a dispute.
    """

    id: str
    amount: int
    status: DisputeStatus
    movements: tuple[Movement, ...]
    is_inquiry: bool = False

    @property
    def steps(self) -> int:
        """The number of steps so far: an answer with fewer steps is older."""
        return 1 + len(self.movements) + (self.status != "open")

    @property
    def has_taken(self) -> bool:
        """Whether the dispute took the money, or is about to."""
        return self.status != "won" and not self.is_inquiry


class ProviderCharge(msgspec.Struct, frozen=True):
    """Money that came; `movement` is its booking."""

    id: str
    amount: Money
    movement: Movement
    refunds: tuple[ProviderRefund, ...] = ()
    disputes: tuple[ProviderDispute, ...] = ()


class Intent(msgspec.Struct, frozen=True):
    """A payment at the provider, as it is now.

    `payment_id` is ours; `declined` is the code of the last refusal, None if there was none.
    """

    id: str
    payment_id: str
    status: IntentStatus
    amount: Money
    client_secret: str
    method: Method
    charge: ProviderCharge | None = None
    declined: str | None = None


class ProviderPayout(msgspec.Struct, frozen=True):
    """Money sent to a member, with its bookings and those of its return, oldest first.

    It is pending until the provider has booked all of it.
    """

    id: str
    key: str
    amount: Money
    status: PayoutStatus
    movements: tuple[Movement, ...]
    failure: str | None = None

    @property
    def out(self) -> Movement | None:
        """The booking of the sent money."""
        return next((line for line in self.movements if line.amount < 0), None)

    @property
    def back(self) -> tuple[Movement, ...]:
        """The bookings of the returned money."""
        return tuple(line for line in self.movements if line.amount > 0)


class Gateway(Protocol):
    """A payment provider. Every call may raise ProviderSilent: its effect is unknown, and the same
    call again is safe.
    """

    def create_payment(self, payment_id: str, order_id: str, due: Money, method: Method) -> Intent:
        """Start a payment under our id."""
        ...

    def find_payment(self, intent_id: str) -> Intent:
        """The payment as it is now, with its charge, refunds and disputes.

        Raises NotAtProvider.
        """
        ...

    def change_method(self, intent_id: str, method: Method) -> Intent:
        """Let an open payment be paid in another way.

        Raises NotAtProvider, PaymentClosed.
        """
        ...

    def cancel_payment(self, intent_id: str) -> Intent:
        """Cancel an open payment; an ended one is returned as it is.

        Raises NotAtProvider.
        """
        ...

    def refund(self, refund_id: str, intent_id: str, amount: Money) -> ProviderRefund:
        """Refund an amount of a payment under our id.

        Raises NotAtProvider, RefundRefused.
        """
        ...

    def pay_out(self, payout_id: str, destination: str, amount: Money) -> ProviderPayout:
        """Send money to a member's account at the provider under our id.

        Raises PayoutRefused.
        """
        ...

    def payout_of(self, payout_id: str) -> ProviderPayout | None:
        """The payout under our id, None if there is none."""
        ...

    def find_payout(self, provider_id: str) -> ProviderPayout:
        """Raises NotAtProvider."""
        ...

    def movements(self, since_ms: int, until_ms: int) -> Iterator[Movement]:
        """The provider's balance transactions from `since_ms` up to `until_ms` (exclusive), oldest
        first.
        """
        ...

    def balance(self, currency: str) -> int:
        """The balance at the provider, available and pending."""
        ...
