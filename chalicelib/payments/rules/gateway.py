"""What we ask of a payment provider, in our words: one Protocol, behind which Stripe stands.

Every write takes a key that follows from our own id: asked again, it has one effect. Nothing here
imports the provider's client.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from chalicelib.kernel.money import Money

Method = Literal["card", "alipay", "wechat_pay"]
IntentStatus = Literal["open", "processing", "succeeded", "canceled"]
RefundStatus = Literal["pending", "succeeded", "failed", "canceled"]
DisputeStatus = Literal["open", "won", "lost"]
PayoutStatus = Literal["pending", "paid", "failed"]


@dataclass(frozen=True)
class Movement:
    """A line of the provider's own books: `net` = `amount` - `fee`, signed from our side.

    `our_id` is the order or withdrawal that its object names in our words, None where the provider
    was not asked or does not say.
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


@dataclass(frozen=True)
class ProviderRefund:
    """`key` is our refund's id, None if it was made at the provider; `movement` is None while
    the provider has not booked it, `failure` what it booked back when it failed."""

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


@dataclass(frozen=True)
class ProviderDispute:
    """What the cardholder's bank took back: `movements` in their order, the last one may be what
    came back. An inquiry asks, and takes nothing unless it becomes a dispute."""

    id: str
    amount: int
    status: DisputeStatus
    movements: tuple[Movement, ...]
    is_inquiry: bool = False

    @property
    def steps(self) -> int:
        """How far it has come: an answer with fewer steps is an older one."""
        return 1 + len(self.movements) + (self.status != "open")

    @property
    def has_taken(self) -> bool:
        """Whether the money is away, or is about to be."""
        return self.status != "won" and not self.is_inquiry


@dataclass(frozen=True)
class ProviderCharge:
    """Money that came; `movement` is its booking."""

    id: str
    amount: Money
    movement: Movement
    refunds: tuple[ProviderRefund, ...] = ()
    disputes: tuple[ProviderDispute, ...] = ()


@dataclass(frozen=True)
class Intent:
    """A payment at the provider, as it is now. `payment_id` is ours; `declined` is the code of the
    last refusal, None if there was none."""

    id: str
    payment_id: str
    status: IntentStatus
    amount: Money
    client_secret: str
    method: Method
    charge: ProviderCharge | None = None
    declined: str | None = None


@dataclass(frozen=True)
class ProviderPayout:
    """Money sent to a member; `movements` are its bookings, and those that took it back, the
    oldest first. Until the provider has booked all of it, it is pending."""

    id: str
    key: str
    amount: Money
    status: PayoutStatus
    movements: tuple[Movement, ...]
    failure: str | None = None

    @property
    def out(self) -> Movement | None:
        """The booking of what left."""
        return next((line for line in self.movements if line.amount < 0), None)

    @property
    def back(self) -> tuple[Movement, ...]:
        """The bookings of what came back."""
        return tuple(line for line in self.movements if line.amount > 0)


class Gateway(Protocol):
    """A payment provider. Every call may raise ProviderSilent: whether it had its effect is
    unknown, and the same call again is safe."""

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
        """End a payment that is open; one that has ended is answered as it is.

        Raises NotAtProvider.
        """
        ...

    def refund(self, refund_id: str, intent_id: str, amount: Money) -> ProviderRefund:
        """Give back so much of a payment under our id.

        Raises NotAtProvider, RefundRefused.
        """
        ...

    def pay_out(self, payout_id: str, destination: str, amount: Money) -> ProviderPayout:
        """Send money to a member's account at the provider under our id.

        Raises PayoutRefused.
        """
        ...

    def payout_of(self, payout_id: str) -> ProviderPayout | None:
        """What was sent under our id, None if nothing was."""
        ...

    def find_payout(self, provider_id: str) -> ProviderPayout:
        """Raises NotAtProvider."""
        ...

    def movements(self, since_ms: int, until_ms: int) -> Iterator[Movement]:
        """The provider's books between two instants (the first one belongs to it), oldest first."""
        ...

    def balance(self, currency: str) -> int:
        """What lies at the provider now, available or not yet."""
        ...
