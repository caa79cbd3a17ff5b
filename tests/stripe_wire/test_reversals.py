"""Transfers reversed in many parts, and reversals that Stripe has not booked yet."""

from __future__ import annotations

import pytest
import stripe

from chalicelib.kernel.money import Money
from chalicelib.payments.actions.stripe_gateway import client as stripe_client
from chalicelib.payments.rules.gateway import ProviderPayout
from tests.stripe_wire.conftest import Wire

SENT = 5000


def sent(wire: Wire) -> ProviderPayout:
    due = Money(100_000, "CNY")
    intent = wire.gateway().create_payment("pay_1", "ord_1", due, "card")
    wire.pay(intent.id)
    return wire.gateway().pay_out("wdr_1", "acct_1", Money(SENT, "CNY"))


def take_back(wire: Wire, transfer: str, *parts: int) -> list[str]:
    """The reversals, the oldest first."""
    reversals = wire.client().v1.transfers.reversals
    return [reversals.create(transfer, {"amount": part}).id for part in parts]


def test_a_transfer_shows_its_newest_ten_reversals_and_pages_the_others(wire: Wire) -> None:
    name, transfers = sent(wire).id, wire.client().v1.transfers
    made = take_back(wire, name, *range(1, 11))
    shown = transfers.retrieve(name).reversals
    assert ([each.id for each in shown.data], shown.has_more) == (made[::-1], False)
    made += take_back(wire, name, 11, 12)
    found = transfers.retrieve(name)
    assert ([each.id for each in found.reversals.data], found.reversals.has_more) == (
        made[:1:-1],
        True,
    )
    assert (found.amount_reversed, found.reversed) == (78, False)
    page = transfers.reversals.list(name, {"limit": 5})
    assert ([each.id for each in page.data], page.has_more) == (made[:-6:-1], True)
    assert [each.id for each in page.auto_paging_iter()] == made[::-1]
    asked = {"starting_after": made[1], "expand": ["data.balance_transaction"]}
    last = transfers.reversals.list(name, asked)  # type: ignore[arg-type]
    assert ([each.id for each in last.data], last.has_more) == (made[:1], False)
    (line,) = (each.balance_transaction for each in last.data)
    assert isinstance(line, stripe.BalanceTransaction)
    assert line.amount == 1
    with pytest.raises(stripe.InvalidRequestError) as refused:
        transfers.reversals.list("tr_none")
    assert refused.value.code == "resource_missing"


def test_another_transfers_reversals_are_not_listed(wire: Wire) -> None:
    name = sent(wire).id
    other = wire.gateway().pay_out("wdr_2", "acct_1", Money(SENT, "CNY")).id
    take_back(wire, other, 1, 2)
    assert wire.client().v1.transfers.reversals.list(name).data == []
    assert len(wire.gateway().find_payout(name).movements) == 1


@pytest.mark.parametrize("parts", [9, 10, 11, 25])
def test_all_reversals_of_a_transfer_are_read_oldest_first(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, parts: int
) -> None:
    monkeypatch.setattr(stripe_client, "PAGE", 7)
    gateway, name = wire.gateway(), sent(wire).id
    take_back(wire, name, *range(1, parts + 1))
    told = gateway.find_payout(name)
    assert (told.status, told.failure) == ("paid", None)
    assert [line.net for line in told.movements] == [-SENT, *range(1, parts + 1)]
    take_back(wire, name, SENT - sum(line.net for line in told.back))
    found = gateway.find_payout(name)
    assert (found.status, found.failure) == ("failed", "reversed")
    assert sum(line.net for line in found.movements) == 0
    assert found.movements[: parts + 1] == told.movements
    assert gateway.payout_of("wdr_1") == found
    assert gateway.pay_out("wdr_1", "acct_1", Money(SENT, "CNY")) == found


@pytest.mark.parametrize("parts", [1, 12])
def test_a_transfer_is_pending_until_it_and_all_its_reversals_are_booked(
    wire: Wire, parts: int
) -> None:
    gateway, name = wire.gateway(), sent(wire).id
    take_back(wire, name, *[1] * parts)
    take_back(wire, name, SENT - parts)
    wire.tell("modes", {"unbooked": True})
    for told in (gateway.find_payout(name), gateway.payout_of("wdr_1")):
        assert told
        assert (told.status, told.movements) == ("pending", ())
    wire.tell("modes", {})
    assert gateway.find_payout(name).status == "failed"


def test_a_transfer_that_is_not_booked_when_it_is_made_is_pending(wire: Wire) -> None:
    wire.tell("modes", {"unbooked": True})
    intent = wire.gateway().create_payment("pay_1", "ord_1", Money(100_000, "CNY"), "card")
    wire.pay(intent.id)
    made = wire.gateway().pay_out("wdr_1", "acct_1", Money(SENT, "CNY"))
    assert (made.status, made.out, made.back) == ("pending", None, ())
    wire.tell("modes", {})
    told = wire.gateway().find_payout(made.id)
    assert (told.status, told.out and told.out.amount) == ("paid", -SENT)
