"""The provider's payouts to our own bank, and their returns."""

from __future__ import annotations

from msgspec.structs import replace

from chalicelib.kernel import clock
from chalicelib.kernel.money import Money
from chalicelib.payments.queries.journal import find_cash_entry
from chalicelib.payments.rules.gateway import Movement, ProviderPayout
from chalicelib.payments.rules.journal import BANK, FEES, PROVIDER
from tests.api import new_key
from tests.orders.cashier import Cashier
from tests.orders.conftest import cashier, provider

__all__ = ["cashier", "provider"]


def tell(cashier: Cashier, payout_id: str, kind: str) -> None:
    about = {"id": payout_id, "metadata": {}, "told": new_key()}
    event = {"id": f"evt_{new_key()}", "type": kind, "created": 1, "data": {"object": about}}
    assert cashier.webhook(event).status == 200
    cashier.act_on(f"WHK#{payout_id}")


def test_a_payout_moves_money_to_our_bank_once_and_back_on_a_refusal(
    cashier: Cashier,
) -> None:
    payout_id, at_ms = f"po_{new_key()}", clock.to_ms(clock.now())
    out = Movement(f"txn_{new_key()}", "payout", -5000, 20, "CNY", payout_id, at_ms)
    told = ProviderPayout(payout_id, "", Money(5000, "CNY"), "paid", (out,))
    cashier.provider.payouts[payout_id] = told
    for _ in range(2):
        tell(cashier, payout_id, "payout.paid")
    entry = find_cash_entry(f"payout:{payout_id}")
    assert entry is not None
    assert (entry.on(PROVIDER), entry.on(FEES), entry.on(BANK)) == (-5020, 20, 5000)
    assert (entry.transaction, entry.source) == (out.id, "provider")
    back = Movement(f"txn_{new_key()}", "payout_failure", 5000, 0, "CNY", payout_id, at_ms)
    cashier.provider.payouts[payout_id] = replace(told, status="failed", movements=(out, back))
    for _ in range(2):
        tell(cashier, payout_id, "payout.failed")
    failed = find_cash_entry(f"payout:{payout_id}:failed")
    assert failed is not None
    assert (failed.on(PROVIDER), failed.on(BANK)) == (5000, -5000)


def test_an_unknown_payout_is_ignored(cashier: Cashier) -> None:
    payout_id = f"po_{new_key()}"
    tell(cashier, payout_id, "payout.created")
    assert find_cash_entry(f"payout:{payout_id}") is None
