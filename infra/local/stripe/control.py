"""`/_wire/…`: calls of a person, a test or the stack that Stripe does not offer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import msgspec

from infra.local.stripe import deliveries, disputes, intents, paying, payouts, refunds
from infra.local.stripe.deliveries import Deliveries
from infra.local.stripe.errors import WireError, missing
from infra.local.stripe.modes import Modes
from infra.local.stripe.provider import Provider
from infra.local.stripe.store import Object

Body = dict[str, Any]
_RETURN_URL = "https://mall.example/paid"
_CARDS = {"pay": "pm_card_visa", "decline": "pm_card_visa_chargeDeclined"}


class Control:
    """Answers them; bodies and answers are JSON."""

    def __init__(self, provider: Provider, sender: Deliveries) -> None:
        """Take the account and what sends its webhooks."""
        self._provider, self._sender = provider, sender
        self._calls: list[tuple[re.Pattern[str], Callable[..., Any]]] = [
            (re.compile(pattern), call)
            for pattern, call in (
                ("GET modes", self._modes),
                ("POST modes", self._set_modes),
                ("POST clock", self._advance),
                ("GET endpoint", self._endpoint),
                ("POST endpoint", self._set_endpoint),
                ("POST webhook_secret/roll", self._roll),
                ("GET waiting", self._waiting),
                ("GET deliveries", self._deliveries),
                ("POST deliveries/release", self._release),
                ("POST events/([a-z0-9_]+)/resend", self._resend),
                ("GET orders/([A-Za-z0-9_-]+)/payments", self._payments),
                ("POST payment_intents/([a-z0-9_]+)/(pay|decline|dispute)", self._person),
                ("POST refunds/([a-z0-9_]+)/(succeed|fail)", self._refund),
                ("POST disputes/([a-z0-9_]+)/(win|lose)", self._dispute),
                ("POST payouts/([a-z0-9_]+)/(pay|fail)", self._payout),
            )
        ]

    def answer(self, method: str, name: str, raw: bytes) -> Any:
        """Raises WireError."""
        for pattern, call in self._calls:
            found = pattern.fullmatch(f"{method} {name}")
            if found:
                body = _object(raw)
                with self._provider.store.transaction():
                    self._provider.request = {"id": None, "idempotency_key": None}
                    return call(body, *found.groups())
        raise WireError(f"/_wire/{name} is no call of the wire server", status=404)

    def _modes(self, _body: Body) -> Any:
        return msgspec.to_builtins(self._provider.modes())

    def _set_modes(self, body: Body) -> Any:
        """Set all modes: those that are not named get their default."""
        try:
            self._provider.set_modes(msgspec.convert(body, Modes))
        except msgspec.ValidationError as error:
            raise WireError(str(error)) from error
        return self._modes({})

    def _advance(self, body: Body) -> Any:
        seconds = body.get("advance_seconds")
        if not isinstance(seconds, int) or seconds < 0:
            raise WireError('the body is {"advance_seconds": <whole seconds>}')
        before: int = self._provider.store.setting("clock_offset_ms", 0)
        self._provider.store.set("clock_offset_ms", before + seconds * 1000)
        return {"now_ms": self._provider.now_ms()}

    def _endpoint(self, _body: Body) -> Any:
        return {
            "url": self._provider.store.setting("endpoint", None),
            "secrets": self._provider.secrets(),
        }

    def _set_endpoint(self, body: Body) -> Any:
        """Where webhooks go, None for nowhere, and what signs them."""
        self._provider.store.set("endpoint", body.get("url"))
        if "secrets" in body:
            self._provider.store.set("webhook_secrets", body["secrets"])
        return self._endpoint({})

    def _roll(self, _body: Body) -> Any:
        new = self._provider.roll_secret()
        return {"secret": new, "live": self._provider.secrets()}

    def _waiting(self, _body: Body) -> Any:
        return {"due": self._sender.due()}

    def _deliveries(self, _body: Body) -> Any:
        return {"data": deliveries.shown(self._provider)}

    def _release(self, _body: Body) -> Any:
        return {"released": self._sender.release()}

    def _resend(self, _body: Body, event: str) -> Any:
        if self._provider.store.get("event", event) is None:
            raise missing("event", event)
        self._sender.resend(event)
        return {"event": event}

    def _payments(self, _body: Body, order: str) -> Any:
        """An order's payments with their refunds and disputes, the newest first."""
        store = self._provider.store
        return {
            "data": [
                {
                    "payment": intent,
                    "refunds": _all_of(store.find, "refund", intent),
                    "disputes": _all_of(store.find, "dispute", intent),
                }
                for intent in intents.of_order(self._provider, order)
            ]
        }

    def _person(self, body: Body, name: str, does: str) -> Any:
        """The person pays, refuses or is refused, or disputes what they paid (paying it first).

        A card is Stripe's test card that `payment_method` names, else one that does as asked.
        """
        intent = self._provider.find("payment_intent", name)
        if does == "dispute" and intent["status"] == "succeeded":
            return disputes.open_for(self._provider, intent["latest_charge"])
        if intent["status"] not in intents.OPEN:
            raise WireError(f"{name} is {intent['status']}", "payment_intent_unexpected_state")
        if intent["status"] != "requires_action":
            intent = self._begin(intent, body, does)
        if intent["status"] == "requires_action":
            intent = paying.finish(self._provider, intent, paid=does != "decline")
        if does == "dispute":
            return disputes.open_for(self._provider, intent["latest_charge"])
        return intent

    def _begin(self, intent: Object, body: Body, does: str) -> Object:
        kind, params = intent["payment_method_types"][0], {"return_url": _RETURN_URL}
        card = body.get("payment_method", _CARDS.get(does, _CARDS["pay"]))
        way: Body = {"payment_method": card}
        if kind != "card":
            way = {"payment_method_data": {"type": kind}}
        paying.attach(self._provider, intent, way)
        try:
            return paying.confirm(self._provider, intent, params)
        except WireError as error:
            if error.status != 402:
                raise
            return intent

    def _refund(self, _body: Body, name: str, does: str) -> Any:
        refund = self._provider.find("refund", name)
        return (refunds.succeed if does == "succeed" else refunds.fail)(self._provider, refund)

    def _dispute(self, _body: Body, name: str, does: str) -> Any:
        found = self._provider.find("dispute", name)
        return disputes.end(self._provider, found, won=does == "win")

    def _payout(self, _body: Body, name: str, does: str) -> Any:
        payout = self._provider.find("payout", name)
        return (payouts.pay if does == "pay" else payouts.fail)(self._provider, payout)


def _all_of(find: Callable[..., list[Object]], kind: str, intent: Object) -> list[Object]:
    return find(kind, {"payment_intent": intent["id"]}, conditions=[], limit=100)


def _object(raw: bytes) -> Body:
    """Raises WireError."""
    try:
        return msgspec.json.decode(raw or b"{}", type=dict[str, Any])
    except msgspec.DecodeError as error:
        raise WireError("the body is no JSON object") from error
