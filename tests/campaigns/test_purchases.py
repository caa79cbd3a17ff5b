"""What an order is worth is kept by its latest version, and counted by the difference."""

from __future__ import annotations

from msgspec.structs import replace

from chalicelib.campaigns.actions.purchases import Counter, record_purchase
from chalicelib.campaigns.rules.purchases import PAID, UNDONE, Purchase
from chalicelib.campaigns.tables.purchases import PurchaseItem
from chalicelib.kernel.store.writes import WriteSet
from tests.campaigns.buying import bought

Seen = list[tuple[int | None, int]]


def counter(seen: Seen) -> Counter:
    def count(_: WriteSet, before: Purchase | None, now: Purchase, _member_id: str) -> None:
        seen.append((before.points if before else None, now.points))

    return count


def test_a_purchase_is_counted_once_and_then_by_its_differences(engine: str) -> None:
    seen: Seen = []
    paid = bought()
    refunded = replace(paid, version=5, points=400)
    for told in (paid, paid, refunded, paid):
        record_purchase(told, [counter(seen)])
    assert seen == [(None, 800), (800, 400)]


def test_an_older_change_that_comes_late_counts_nothing(engine: str) -> None:
    seen: Seen = []
    undone = bought(version=7, state=UNDONE, points=0, cash=0)
    record_purchase(undone, [counter(seen)])
    record_purchase(replace(undone, version=2, state=PAID, points=800), [counter(seen)])
    assert seen == [(None, 0)]
    kept = PurchaseItem.of_order(undone.order_id)
    assert kept is not None
    assert kept.purchase.state == UNDONE
