"""Stripe's client behind our Gateway. A withdrawal is a Transfer to the member's connected account:
a Payout can only reach our own bank.

Stripe forgets idempotency keys after a day, and repeats its stored answers, failures too. So a
refund and a transfer are looked up under our id before they are made. A repeated call has one
effect, also after a day, and returns the current state.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeVar

from chalicelib.kernel.errors import IdempotencyKeyReused
from chalicelib.kernel.money import Money
from chalicelib.payments.actions.stripe_gateway import reading
from chalicelib.payments.actions.stripe_gateway.failures import in_our_errors
from chalicelib.payments.errors import (
    NotAtProvider,
    PaymentClosed,
    PaymentRefused,
    PayoutRefused,
    RefundRefused,
)
from chalicelib.payments.rules.gateway import (
    Intent,
    Method,
    Movement,
    ProviderPayout,
    ProviderRefund,
)

if TYPE_CHECKING:
    from stripe import BalanceTransaction, StripeClient
    from stripe.params import (
        BalanceTransactionListParams,
        PaymentIntentCreateParams,
        PaymentIntentUpdateParams,
    )

# All tries of a call end before API Gateway gives up, after 29 s.
CONNECT_TIMEOUT_S, READ_TIMEOUT_S, RETRIES = 2, 6, 2
PAGE = 100


def _below(path: str, expanded: list[str]) -> list[str]:
    return [f"{path}.{each}" for each in expanded]


Answer = TypeVar("Answer")

_MOVEMENTS = ["balance_transaction", "failure_balance_transaction"]
# One request is nearly always enough: a charge shows its last ten refunds and a transfer its
# reversals.
_PAID = ["latest_charge.balance_transaction", *_below("latest_charge.refunds.data", _MOVEMENTS)]
_REVERSALS = ["balance_transaction", "reversals.data.balance_transaction"]


class StripeGateway:
    """The Gateway of Stripe."""

    def __init__(self, api_key: str, api_base: str) -> None:
        """Take the secret key and the base address of the API."""
        import stripe

        # Telemetry writes a machine id into the home folder and sends it to Stripe.
        stripe.enable_telemetry = False
        self._client: StripeClient = stripe.StripeClient(
            api_key,
            base_addresses={"api": api_base},
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=(CONNECT_TIMEOUT_S, READ_TIMEOUT_S)),
        )
        self._api = self._client.v1

    def create_payment(self, payment_id: str, order_id: str, due: Money, method: Method) -> Intent:
        """Start a payment under our id.

        Raises PaymentRefused, such as for less than Stripe's least amount, IdempotencyKeyReused.
        """
        asked: PaymentIntentCreateParams = {
            "amount": due.amount,
            "currency": due.currency.lower(),
            "capture_method": "automatic",
            "allowed_payment_method_types": [method],
            "metadata": {reading.PAYMENT: payment_id, reading.ORDER: order_id},
        }
        if method == "wechat_pay":
            asked["payment_method_options"] = {"wechat_pay": {"client": "web"}}
        with in_our_errors(PaymentRefused):
            made = self._api.payment_intents.create(asked, {"idempotency_key": payment_id})
        return reading.intent(made.to_dict())

    def find_payment(self, intent_id: str) -> Intent:
        """The payment as it is now, with its charge, refunds and disputes.

        Raises NotAtProvider.
        """
        with in_our_errors(NotAtProvider):
            found = self._api.payment_intents.retrieve(intent_id, {"expand": _PAID}).to_dict()
            charge = found["latest_charge"]
            if found["status"] != "succeeded" or not charge:
                return reading.intent(found)
            first = charge["refunds"]
            refunds = self._refunds_of(intent_id) if first["has_more"] else first["data"]
            disputes = self._disputes_of(intent_id) if charge["disputed"] else ()
            return reading.intent(found, [*refunds][::-1], [*disputes][::-1])

    def _refunds_of(self, intent_id: str) -> Iterator[reading.Found]:
        page = self._api.refunds.list(
            {"payment_intent": intent_id, "limit": PAGE, "expand": _below("data", _MOVEMENTS)}
        )
        return (each.to_dict() for each in page.auto_paging_iter())

    def _disputes_of(self, intent_id: str) -> Iterator[reading.Found]:
        page = self._api.disputes.list({"payment_intent": intent_id, "limit": PAGE})
        return (each.to_dict() for each in page.auto_paging_iter())

    def change_method(self, intent_id: str, method: Method) -> Intent:
        """Change the method of an open payment; an attempt with the old method is dropped.

        Raises NotAtProvider, PaymentClosed.
        """
        asked: PaymentIntentUpdateParams = {
            "payment_method": "",
            "allowed_payment_method_types": [method],
        }
        if method == "wechat_pay":
            asked["payment_method_options"] = {"wechat_pay": {"client": "web"}}
        with in_our_errors(PaymentClosed):
            return reading.intent(self._api.payment_intents.update(intent_id, asked).to_dict())

    def cancel_payment(self, intent_id: str) -> Intent:
        """Cancel an open payment; an ended or processing one is returned as it is.

        Raises NotAtProvider.
        """
        try:
            with in_our_errors(PaymentClosed):
                return reading.intent(self._api.payment_intents.cancel(intent_id).to_dict())
        except PaymentClosed:
            return self.find_payment(intent_id)

    def refund(self, refund_id: str, intent_id: str, amount: Money) -> ProviderRefund:
        """Refund an amount of a payment under our id.

        Raises NotAtProvider, RefundRefused, IdempotencyKeyReused.
        """
        with in_our_errors(RefundRefused):
            for each in self._refunds_of(intent_id):
                known = reading.refund(each)
                if known.key == refund_id:
                    return _same(known, known.amount == amount.amount)
            made = self._api.refunds.create(
                {
                    "payment_intent": intent_id,
                    "amount": amount.amount,
                    "metadata": {reading.REFUND: refund_id},
                    "expand": _MOVEMENTS,
                },
                {"idempotency_key": refund_id},
            )
        return reading.refund(made.to_dict())

    def pay_out(self, payout_id: str, destination: str, amount: Money) -> ProviderPayout:
        """Move money to a member's connected account (`acct_…`) under our id.

        Raises PayoutRefused, IdempotencyKeyReused.
        """
        with in_our_errors(PayoutRefused):
            for each in self._transfers_of(payout_id):
                known = self._with_reversals(each)
                return _same(known, (known.amount, each["destination"]) == (amount, destination))
            made = self._api.transfers.create(
                {
                    "amount": amount.amount,
                    "currency": amount.currency.lower(),
                    "destination": destination,
                    "transfer_group": payout_id,
                    "metadata": {reading.PAYOUT: payout_id},
                    "expand": _REVERSALS,
                },
                {"idempotency_key": payout_id},
            )
            return self._with_reversals(made.to_dict())

    def payout_of(self, payout_id: str) -> ProviderPayout | None:
        """The payout under our id, None if there is none."""
        with in_our_errors(NotAtProvider):
            found = self._transfers_of(payout_id)
            return self._with_reversals(found[0]) if found else None

    def _transfers_of(self, payout_id: str) -> list[reading.Found]:
        page = self._api.transfers.list(
            {"transfer_group": payout_id, "limit": 1, "expand": _below("data", _REVERSALS)}
        )
        return [each.to_dict() for each in page.data]

    def _with_reversals(self, found: reading.Found) -> ProviderPayout:
        first = found["reversals"]
        reversals = self._reversals_of(found["id"]) if first["has_more"] else first["data"]
        return reading.transfer(found, [*reversals][::-1])

    def _reversals_of(self, transfer_id: str) -> Iterator[reading.Found]:
        page = self._api.transfers.reversals.list(
            transfer_id, {"limit": PAGE, "expand": ["data.balance_transaction"]}
        )
        return (each.to_dict() for each in page.auto_paging_iter())

    def find_payout(self, provider_id: str) -> ProviderPayout:
        """A Transfer (`tr_…`), or a Payout to our own bank (`po_…`), which has no key of ours.

        Raises NotAtProvider.
        """
        with in_our_errors(NotAtProvider):
            if provider_id.startswith("po_"):
                to_bank = self._api.payouts.retrieve(provider_id, {"expand": _MOVEMENTS})
                return reading.payout(to_bank.to_dict())
            moved = self._api.transfers.retrieve(provider_id, {"expand": _REVERSALS})
            return self._with_reversals(moved.to_dict())

    def movements(self, since_ms: int, until_ms: int) -> Iterator[Movement]:
        """The provider's balance transactions from `since_ms` up to `until_ms` (exclusive), oldest
        first.

        Stripe lists the newest first. From the last line before the window its pages can be read
        upwards, one in memory at a time. Without such a line all pages are collected.
        """
        first_s, end_s = -(-since_ms // 1000), -(-until_ms // 1000)
        lines = self._api.balance_transactions
        window: BalanceTransactionListParams = {
            "created": {"gte": first_s, "lt": end_s},
            "limit": PAGE,
            "expand": ["data.source"],
        }
        with in_our_errors(NotAtProvider):
            before = lines.list({"created": {"lt": first_s}, "limit": 1}).data
            if before:
                window["ending_before"] = before[0].id
            found: Iterable[BalanceTransaction] = lines.list(window).auto_paging_iter()
            for each in found if before else reversed(list(found)):
                yield reading.movement(each.to_dict())

    def balance(self, currency: str) -> int:
        """The balance at the provider, available and pending."""
        with in_our_errors(NotAtProvider):
            found = self._api.balance.retrieve().to_dict()
        return reading.balance(found, currency)


def _same(known: Answer, same: bool) -> Answer:
    """Raises IdempotencyKeyReused."""
    if not same:
        raise IdempotencyKeyReused()
    return known
