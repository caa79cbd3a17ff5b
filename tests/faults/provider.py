"""The payment provider of the scene: called over the faulty wire, and restored after each run.

Its objects are named after the request's key, so that two schedules with the same acts
leave the same state.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import copy
from typing import Any

from chalicelib.kernel.clock import now, to_ms
from chalicelib.kernel.money import Money
from chalicelib.payments.rules.gateway import (
    Gateway,
    Intent,
    Method,
    Movement,
    ProviderPayout,
    ProviderRefund,
)
from tests.faults.wire import PROVIDER, Key, Request, Send, ask_provider
from tests.payments.fake_gateway import FakeGateway

_PARTS = ("_lock", "_numbers")
State = dict[str, Any]
Image = dict[str, Any]


class Provider(FakeGateway):
    """The provider with a snapshot of its state."""

    def __init__(self) -> None:
        self._about: str | None = None
        self._made = 0
        super().__init__()

    def state(self) -> State:
        """A snapshot of its state."""
        return {name: copy(value) for name, value in vars(self).items() if name not in _PARTS}

    def restore(self, state: State) -> None:
        for name, value in state.items():
            setattr(self, name, copy(value))

    def changes_since(self, state: State) -> dict[Key, Image | None]:
        """Each changed object, as text."""
        before, after = _objects(state), _objects(vars(self))
        return {key: image for key, image in after.items() if before.get(key) != image}

    def answer(self, request: Request, send: Send) -> dict[str, Any]:
        """A tap that answers calls to the provider."""
        if not request.to_provider:
            return send(request)
        return {"told": getattr(self, request.call)(*request.params["args"])}

    def pay_to_bank(self, amount: int) -> str:
        """Pay out to our bank; returns the payout's id."""
        name = self._name("po")
        out = self._book("payout", -amount, 0, "CNY", name)
        self.payouts[name] = ProviderPayout(name, "", Money(amount, "CNY"), "paid", (out,))
        return name

    def _write(self, key: str | None, *rest: Any) -> str:
        self._about = key
        try:
            return super()._write(key, *rest)
        finally:
            self._about = None

    def _name(self, prefix: str) -> str:
        if self._about is not None:
            return _named(prefix, self._about)
        self._made += 1
        return f"{prefix}_{self._made:04d}"

    def _book(self, kind: str, amount: int, fee: int, currency: str, source: str) -> Movement:
        number = sum(line.source == source for line in self.books)
        made = Movement(f"txn_{source}_{number}", kind, amount, fee, currency, source, to_ms(now()))
        self.books.append(made)
        return made


def _named(prefix: str, about: str) -> str:
    return f"{prefix}_{about}"


def _objects(state: State) -> dict[Key, Image]:
    """Payments, payouts and books, without the count of calls."""
    kept: list[Any] = [*state["intents"].values(), *state["payouts"].values(), *state["books"]]
    return {Key(PROVIDER, each.id, type(each).__name__): {"is": {"S": repr(each)}} for each in kept}


class Wire:
    """The Gateway that the application has: every call goes over the wire."""

    def create_payment(self, payment_id: str, order_id: str, due: Money, method: Method) -> Intent:
        about = _named("pi", payment_id)
        return self._tell("create_payment", about, payment_id, order_id, due, method)

    def find_payment(self, intent_id: str) -> Intent:
        return self._ask("find_payment", intent_id)

    def change_method(self, intent_id: str, method: Method) -> Intent:
        return self._tell("change_method", intent_id, intent_id, method)

    def cancel_payment(self, intent_id: str) -> Intent:
        return self._tell("cancel_payment", intent_id, intent_id)

    def refund(self, refund_id: str, intent_id: str, amount: Money) -> ProviderRefund:
        return self._tell("refund", intent_id, refund_id, intent_id, amount)

    def pay_out(self, payout_id: str, destination: str, amount: Money) -> ProviderPayout:
        about = _named("tr", payout_id)
        return self._tell("pay_out", about, payout_id, destination, amount)

    def payout_of(self, payout_id: str) -> ProviderPayout | None:
        found: ProviderPayout | None = self._ask("payout_of", payout_id)
        return found

    def find_payout(self, provider_id: str) -> ProviderPayout:
        return self._ask("find_payout", provider_id)

    def movements(self, since_ms: int, until_ms: int) -> Iterator[Movement]:
        yield from list(THERE.movements(since_ms, until_ms))

    def balance(self, currency: str) -> int:
        return THERE.balance(currency)

    def _tell(self, call: str, about: str, *args: Any) -> Any:
        return ask_provider(call, about, args, changes=True)

    def _ask(self, call: str, about: str) -> Any:
        return ask_provider(call, about, (about,), changes=False)


THERE = Provider()


def gateway() -> Gateway:
    """The provider, as the application finds it."""
    return Wire()
