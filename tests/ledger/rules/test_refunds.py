"""Partial refunds return points to their lots, latest to lapse first."""

from __future__ import annotations

import pytest

from chalicelib.ledger import rules
from chalicelib.ledger.rules.accounts import Effect
from tests.ledger.rules.making import account_with, cause, change

pytestmark = pytest.mark.pure


def test_partial_refunds_return_the_latest_points_first_to_their_lots() -> None:
    spent, redemption = rules.redeem(account_with({100: 5, 200: 5}), 8, cause("order:1"), 0)
    lots = {100: 5, 200: 3}
    assert redemption.lots == {100: -5, 200: -3}
    first, entry = rules.refund(spent, lots, 4, 0, cause("order:1:refund:1"), 50_000)
    assert entry.effect == Effect({200: 3, 100: 1}, contra="redeemed")
    assert (entry.type, entry.reference, entry.points) == ("reversal", "order:1:refund:1", 4)
    assert (entry.source, entry.recorded_at_ms) == ("test", 50_000)
    assert (first.lots, first.redeemed) == ({100: 1, 200: 5}, 4)
    rest, entry = rules.refund(first, lots, 4, 4, cause("order:1:refund:2"), 50_000)
    assert entry.effect == Effect({100: 4}, contra="redeemed")
    assert (rest.lots, rest.redeemed) == ({100: 5, 200: 5}, 0)


def test_a_partial_refund_of_lapsed_points_is_returned_lapsed() -> None:
    spent, _ = rules.redeem(account_with({100: 5, 200: 5}), 8, cause(), 0)
    after, entry = rules.refund(spent, {100: 5, 200: 3}, 6, 0, cause("part"), 150_000)
    assert (entry.points, after.available(150_000)) == (3, 5)
    assert after.lots == {100: 3, 200: 5}
    gone, expiry = rules.expire(after, 150_000)
    assert expiry is not None
    assert (gone.lots, gone.expired, gone.redeemed) == ({200: 5}, 3, 2)


def test_a_returned_part_pays_the_debt_first() -> None:
    spent, _ = rules.redeem(account_with({50: 9}), 9, cause(), 0)
    owing = change(spent, debt=4, adjusted=-4)
    after, entry = rules.refund(owing, {50: 9}, 6, 0, cause("part"), 0)
    assert entry.effect == Effect({50: 2}, debt=-4, contra="redeemed")
    assert (after.debt, after.redeemed, entry.points) == (0, 3, 2)
