"""A payment provider in memory: `Gateway` with books, fees, and switches for what goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import count
from secrets import token_hex

from msgspec.structs import replace

from chalicelib.kernel import clock
from chalicelib.kernel.money import Money
from chalicelib.payments.errors import NotAtProvider, PaymentClosed, PayoutRefused, RefundRefused
from chalicelib.payments.errors import ProviderSilent as Silent
from chalicelib.payments.rules.gateway import (
    Intent,
    Method,
    Movement,
    PayoutStatus,
    ProviderCharge,
    ProviderDispute,
    ProviderPayout,
    ProviderRefund,
)

DISPUTE_FEE = 1500
PAYOUT_FEE = 25
_KEYS_KEPT_FOR = timedelta(hours=24)
_HAS_ENDED = ("succeeded", "canceled")


def charge_fee(amount: int) -> int:
    return amount * 29 // 1000 + 30


class FakeGateway:
    """What the provider would answer; a test pays, declines, disputes by the methods below.

    It knows a key for good, and with it what the key was used for. `forgets_keys`: a payment's for
    a day only, as Stripe does; refunds and payouts are looked for by our ids, which it keeps.

    `down`: no call arrives. `answers_lost`: so many of the next calls that change something have
    their effect, and their answer never comes. `refuse_refunds`, `refuse_payouts`: the code that
    new ones are refused with. `refunds_pend`, `payouts_pend`: new ones wait.
    """

    def __init__(self) -> None:
        self.reset()
        self.books: list[Movement] = []
        self.intents: dict[str, Intent] = {}
        self.payouts: dict[str, ProviderPayout] = {}
        self._answers: dict[str, tuple[tuple[object, ...], str, datetime]] = {}
        self._run, self._numbers = token_hex(4), count(1)
        self._lock = threading.RLock()

    def reset(self) -> None:
        """Turn all switches off, and keep the books."""
        self.down = False
        self.forgets_keys = False
        self.answers_lost = 0
        self.refuse_refunds: str | None = None
        self.refuse_payouts: str | None = None
        self.refunds_pend = False
        self.payouts_pend = False
        self.calls: list[str] = []

    # Our calls.

    def create_payment(self, payment_id: str, order_id: str, due: Money, method: Method) -> Intent:
        def create() -> str:
            name = self._name("pi")
            self.intents[name] = Intent(name, payment_id, "open", due, f"{name}_secret", method)
            return name

        asked = ("payment", order_id, due, method)
        return self.intents[self._write(payment_id, asked, create)]

    def find_payment(self, intent_id: str) -> Intent:
        self._arrive("find_payment")
        return self._intent(intent_id)

    def change_method(self, intent_id: str, method: Method) -> Intent:
        def change() -> str:
            intent = self._intent(intent_id)
            if intent.status in _HAS_ENDED:
                raise PaymentClosed()
            self.intents[intent_id] = replace(intent, method=method)
            return intent_id

        return self.intents[self._write(None, ("change_method",), change)]

    def cancel_payment(self, intent_id: str) -> Intent:
        def cancel() -> str:
            intent = self._intent(intent_id)
            if intent.status not in _HAS_ENDED:
                self.intents[intent_id] = replace(intent, status="canceled")
            return intent_id

        return self.intents[self._write(None, ("cancel_payment",), cancel)]

    def refund(self, refund_id: str, intent_id: str, amount: Money) -> ProviderRefund:
        def make() -> str:
            if self.refuse_refunds:
                raise RefundRefused(reason=self.refuse_refunds)
            return self._refund(refund_id, intent_id, amount.amount)

        made = self._write(refund_id, ("refund", intent_id, amount), make)
        return self._refund_of(intent_id, made)

    def pay_out(self, payout_id: str, destination: str, amount: Money) -> ProviderPayout:
        def make() -> str:
            if self.refuse_payouts:
                raise PayoutRefused(reason=self.refuse_payouts)
            name = self._name("tr")
            status: PayoutStatus = "pending" if self.payouts_pend else "paid"
            out = self._book("transfer", -amount.amount, PAYOUT_FEE, amount.currency, name)
            self.payouts[name] = ProviderPayout(name, payout_id, amount, status, (out,))
            return name

        return self.payouts[self._write(payout_id, ("pay_out", destination, amount), make)]

    def payout_of(self, payout_id: str) -> ProviderPayout | None:
        self._arrive("payout_of")
        return next((each for each in self.payouts.values() if each.key == payout_id), None)

    def find_payout(self, provider_id: str) -> ProviderPayout:
        self._arrive("find_payout")
        if provider_id not in self.payouts:
            raise NotAtProvider()
        return self.payouts[provider_id]

    def movements(self, since_ms: int, until_ms: int) -> Iterator[Movement]:
        self._arrive("movements")
        yield from [each for each in self.books if since_ms <= each.created_at_ms < until_ms]

    def balance(self, currency: str) -> int:
        self._arrive("balance")
        return sum(each.net for each in self.books if each.currency == currency)

    # Events at the provider.

    def pay(self, intent_id: str) -> ProviderCharge:
        """The buyer pays an open payment."""
        intent = self._intent(intent_id)
        assert intent.status not in _HAS_ENDED, "only an open payment is paid"
        name, due = self._name("ch"), intent.amount
        line = self._book("charge", due.amount, charge_fee(due.amount), due.currency, name)
        charge = ProviderCharge(name, due, line)
        self.intents[intent_id] = replace(intent, status="succeeded", charge=charge, declined=None)
        return charge

    def decline(self, intent_id: str, code: str = "card_declined") -> None:
        self.intents[intent_id] = replace(self._intent(intent_id), declined=code)

    def process(self, intent_id: str) -> None:
        """The payment is under way: it can succeed, or be declined, later."""
        self.intents[intent_id] = replace(self._intent(intent_id), status="processing")

    def refund_by_hand(self, intent_id: str, amount: int) -> ProviderRefund:
        """Make an external refund, without our key."""
        made = self._refund(None, intent_id, amount)
        return self._refund_of(intent_id, made)

    def finish_refund(self, intent_id: str, refund_id: str) -> None:
        """Book a pending refund."""
        refund = self._refund_of(intent_id, refund_id)
        line = self._book("refund", -refund.amount, 0, self._currency(intent_id), refund.id)
        self._put_refund(intent_id, replace(refund, status="succeeded", movement=line))

    def fail_refund(self, intent_id: str, refund_id: str) -> None:
        """Return a refund; an unbooked one just fails."""
        refund, back = self._refund_of(intent_id, refund_id), None
        if refund.movement is not None:
            currency = self._currency(intent_id)
            back = self._book("refund_failure", refund.amount, 0, currency, refund.id)
        self._put_refund(intent_id, replace(refund, status="failed", failure=back))

    def dispute(self, intent_id: str, part: int | None = None) -> ProviderDispute:
        """The cardholder's bank takes back a charge, or a part of it."""
        charge, name = self._charge(intent_id), self._name("dp")
        amount, currency = part or charge.amount.amount, charge.amount.currency
        line = self._book("adjustment", -amount, DISPUTE_FEE, currency, name)
        made = ProviderDispute(name, amount, "open", (line,))
        self._put_dispute(intent_id, made)
        return made

    def win(self, intent_id: str, dispute_id: str) -> None:
        """The disputed money comes back; the fee does not."""
        dispute = self._dispute_of(intent_id, dispute_id)
        back = self._book("adjustment", dispute.amount, 0, self._currency(intent_id), dispute.id)
        movements = (*dispute.movements, back)
        self._put_dispute(intent_id, replace(dispute, status="won", movements=movements))

    def lose(self, intent_id: str, dispute_id: str) -> None:
        dispute = self._dispute_of(intent_id, dispute_id)
        self._put_dispute(intent_id, replace(dispute, status="lost"))

    def finish_payout(self, provider_id: str) -> None:
        self.payouts[provider_id] = replace(self.payouts[provider_id], status="paid")

    def fail_payout(self, provider_id: str, failure: str = "account_closed") -> None:
        """Return a payout without its fee."""
        left = -sum(line.amount for line in self.payouts[provider_id].movements)
        back = self.return_part(provider_id, left)
        self.payouts[provider_id] = replace(back, status="failed", failure=failure)

    def return_part(self, provider_id: str, amount: int) -> ProviderPayout:
        """Return a part of a payout."""
        payout = self.payouts[provider_id]
        back = self._book("transfer_refund", amount, 0, payout.amount.currency, provider_id)
        made = self.payouts[provider_id] = replace(payout, movements=(*payout.movements, back))
        return made

    # How it does so.

    def _write(self, key: str | None, asked: tuple[object, ...], make: Callable[[], str]) -> str:
        """The id that `make` returned, now or earlier under the same key."""
        with self._lock:
            self._arrive(str(asked[0]))
            if key is not None and self._knows(key):
                before, name, _ = self._answers[key]
                assert before == asked, "one key was used for two different requests"
            else:
                name = make()
                if key is not None:
                    self._answers[key] = (asked, name, clock.now())
            if self.answers_lost > 0:
                self.answers_lost -= 1
                raise Silent()
            return name

    def _knows(self, key: str) -> bool:
        if key not in self._answers:
            return False
        asked, _, at = self._answers[key]
        forgotten = asked[0] == "payment" and clock.now() - at > _KEYS_KEPT_FOR
        return not (self.forgets_keys and forgotten)

    def _arrive(self, call: str) -> None:
        self.calls.append(call)
        if self.down:
            raise Silent()

    def _name(self, prefix: str) -> str:
        return f"{prefix}_{self._run}{next(self._numbers):016d}"

    def _book(self, kind: str, amount: int, fee: int, currency: str, source: str) -> Movement:
        at_ms = clock.to_ms(clock.now())
        made = Movement(self._name("txn"), kind, amount, fee, currency, source, at_ms)
        self.books.append(made)
        return made

    def _intent(self, intent_id: str) -> Intent:
        if intent_id not in self.intents:
            raise NotAtProvider()
        return self.intents[intent_id]

    def _charge(self, intent_id: str) -> ProviderCharge:
        charge = self._intent(intent_id).charge
        assert charge is not None, "the payment was paid"
        return charge

    def _currency(self, intent_id: str) -> str:
        return self._charge(intent_id).amount.currency

    def _put_charge(self, intent_id: str, charge: ProviderCharge) -> None:
        self.intents[intent_id] = replace(self._intent(intent_id), charge=charge)

    def _refund(self, key: str | None, intent_id: str, amount: int) -> str:
        if self._intent(intent_id).charge is None:
            raise RefundRefused(reason="not_paid")
        charge = self._charge(intent_id)
        given = sum(each.amount for each in charge.refunds if each.status != "failed")
        if given + amount > charge.amount.amount:
            raise RefundRefused(reason="amount_too_large")
        made = ProviderRefund(self._name("re"), key, amount, "pending", None)
        self._put_refund(intent_id, made)
        if not self.refunds_pend:
            self.finish_refund(intent_id, made.id)
        return made.id

    def _refund_of(self, intent_id: str, refund_id: str) -> ProviderRefund:
        return next(each for each in self._charge(intent_id).refunds if each.id == refund_id)

    def _put_refund(self, intent_id: str, refund: ProviderRefund) -> None:
        charge = self._charge(intent_id)
        by_id = {each.id: each for each in charge.refunds} | {refund.id: refund}
        self._put_charge(intent_id, replace(charge, refunds=tuple(by_id.values())))

    def _dispute_of(self, intent_id: str, dispute_id: str) -> ProviderDispute:
        return next(each for each in self._charge(intent_id).disputes if each.id == dispute_id)

    def _put_dispute(self, intent_id: str, dispute: ProviderDispute) -> None:
        charge = self._charge(intent_id)
        by_id = {each.id: each for each in charge.disputes} | {dispute.id: dispute}
        self._put_charge(intent_id, replace(charge, disputes=tuple(by_id.values())))
