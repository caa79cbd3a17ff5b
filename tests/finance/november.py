"""Three days of November with every kind of movement that finance settles."""

from __future__ import annotations

from datetime import timedelta

from chalicelib import ledger
from chalicelib.kernel import ids
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import Cause
from chalicelib.ledger.actions.movements import adjust
from chalicelib.payments.rules import journal
from tests.finance.books import Mall, at
from tests.ledger.books import give

# The figures of the second day, computed by hand: (section, figure) of its summary.
SECOND = {
    ("orders", "points_spent"): 1_300, ("orders", "points_back"): 500,
    ("orders", "cash_paid"): 1_980 + 5_000 + 3_000 + 400,
    ("orders", "cash_back"): 1_000 + 400,
    ("orders", "cost_of_goods"): 4_100 + 2_000 - 400,
    ("orders", "cost_borne_by_points"): 4_100 - 1_980,
    ("orders", "points_with_known_cost"): 800,
    ("orders", "cost_per_point_in_millionths"): 2_650_000,
    ("payments", "charges"): 1_980 + 5_000 + 700,
    ("payments", "collected_on_delivery"): 3_000 + 400,
    ("payments", "uncollected_on_delivery"): -400,
    ("refunds", "refunds"): -1_000 - 700 - 100, ("refunds", "refunds_failed"): 100,
    ("disputes", "disputes"): -1_980, ("disputes", "disputes_won"): 0,
    ("fees", "fees"): 60 + 150 + 21 + 1_500 + 30,
    ("payouts", "payouts"): 2_000, ("payouts", "remitted_by_carriers"): 3_000,
    ("withdrawals", "withdrawals"): -1_200,
    ("assets:bank", "closing"): 5_000, ("assets:carriers", "closing"): 0,
    ("clearing:disputed", "closing"): 1_980, ("clearing:unapplied", "closing"): 0,
    ("ledger:points", "opening"): 2_000, ("ledger:points", "accrued"): 300,
    ("ledger:points", "redeemed"): 800, ("ledger:points", "adjusted"): -5,
    ("ledger:points", "transferred"): -13, ("ledger:points", "closing"): 1_482,
    ("ledger:points", "in_escrow"): 13, ("ledger:growth", "accrued"): 7,
    ("ledger:rebate_cash", "accrued"): 1_200, ("ledger:rebate_cash", "redeemed"): 0,
}  # fmt: skip


def play(mall: Mall) -> str:
    """The first day gives points, on the second all is spent, paid and disputed, on the third
    a dispute is lost and points lapse; the id of the disputed order."""
    one = mall.account(1_000, at(1), "first")
    two = mall.account(1_000, at(1, 13), "second")
    mixed, unknown = mall.order(800, 1_980, 4_100), mall.order(500, 0, None)
    cash = mall.order(0, 5_000, 2_000)
    mall.redeem(one, mixed, at(2, 0))
    mall.charge("ch_mixed", mixed, 1_980, 60, at(2, 0, 1))
    mall.redeem(two, unknown, at(2, 9))
    mall.undo(two, unknown, at(2, 10))
    mall.charge("ch_cash", cash, 5_000, 150, at(2, 11))
    mall.refund("re_cash", cash, 1_000, at(2, 11, 30))
    on_delivery(mall)
    uncollected(mall)
    dead = mall.order(0, 700, 100)
    mall.charge("ch_dead", dead, 700, 21, at(2, 13), journal.UNAPPLIED)
    mall.refund("re_dead", dead, 700, at(2, 13, 5), journal.UNAPPLIED)
    failing(mall, dead)
    mall.cash(
        "dispute:dp_1:txn_dp",
        journal.DISPUTE,
        journal.through_provider(-1_980, 1_500, journal.DISPUTED),
        f"order:{mixed}",
        at(2, 15),
        transaction="txn_dp",
    )
    paid_out(mall)
    withdrawn(mall)
    points(mall, two)
    mall.cash(
        "dispute:dp_1:lost",
        journal.DISPUTE_LOST,
        journal.moved(1_980, journal.LOSSES, journal.DISPUTED),
        f"order:{mixed}",
        at(3, 12),
    )
    return mixed


def on_delivery(mall: Mall) -> None:
    delivered = mall.order(0, 3_000, None)
    mall.cash(
        f"cod:{delivered}",
        journal.COD_COLLECTED,
        journal.moved(3_000, journal.CARRIERS, journal.SALES),
        f"order:{delivered}",
        at(2, 12),
    )
    mall.cash(
        f"cod:{delivered}:remitted",
        journal.COD_REMITTED,
        journal.moved(3_000, journal.BANK, journal.CARRIERS),
        f"order:{delivered}",
        at(2, 12, 30),
    )


def paid_out(mall: Mall) -> None:
    mall.cash(
        "payout:po_1",
        journal.PAYOUT,
        journal.moved(2_000, journal.BANK, journal.PROVIDER),
        "provider",
        at(2, 16),
        transaction="txn_po",
    )


def uncollected(mall: Mall) -> None:
    """A parcel that was counted as paid by time, and was returned."""
    parcel = mall.order(0, 400, None)
    mall.cash(
        f"cod:{parcel}",
        journal.COD_COLLECTED,
        journal.moved(400, journal.CARRIERS, journal.SALES),
        f"order:{parcel}",
        at(2, 12, 40),
    )
    mall.cash(
        f"cod:{parcel}:uncollected",
        journal.COD_UNCOLLECTED,
        journal.moved(400, journal.SALES, journal.CARRIERS),
        f"order:{parcel}",
        at(2, 12, 50),
    )


def failing(mall: Mall, order_id: str) -> None:
    mall.refund("re_2", order_id, 100, at(2, 14), journal.UNAPPLIED)
    mall.cash(
        "refund:re_2:failed",
        journal.REFUND_FAILED,
        journal.through_provider(100, 0, journal.UNAPPLIED),
        f"order:{order_id}",
        at(2, 14, 30),
        transaction="txn_re_2_back",
    )


def withdrawn(mall: Mall) -> None:
    """A withdrawal of rebate cash, without its ledger entry."""
    rebate = ledger.account_of(ids.new_id("mbr"), "rebate_cash")
    lapses = int((at(2) + timedelta(days=9_000)).timestamp())
    give(rebate, 1_200, "rebate", expires_at=lapses, now=at(2, 16))
    mall.cash(
        "withdrawal:wdr_1",
        journal.WITHDRAWAL,
        journal.through_provider(-1_200, 30, journal.REBATES),
        "withdrawal:wdr_1",
        at(2, 17),
        transaction="txn_wdr",
    )


def points(mall: Mall, account_id: str) -> None:
    """Points of all kinds on the second day, and a lot that lapses on the third."""
    member = ids.new_id("mbr")
    soon = int(at(3).timestamp())
    give(ledger.points_account(member), 300, "late", expires_at=soon, now=at(2, 23, 59, 59))
    growth = ledger.account_of(member, "growth")
    give(growth, 7, "growth", expires_at=soon, now=at(2, 18))
    transfer = ids.new_id("trf")
    why = Cause(ledger.transfer_reference(transfer), "test", 0)
    ledger.transfer_to_escrow(account_id, transfer, b"sealed", 13, why, at(2, 19))
    writes = WriteSet()
    seen = ledger.find_account(account_id)
    reason = Cause("adjustment:1", "test", 0)
    adjust(writes, seen, -5, soon, reason, at(2, 20))
    writes.commit()
    ledger.expire(ledger.points_account(member), at(3, 13))
    ledger.expire(growth, at(3, 13))
