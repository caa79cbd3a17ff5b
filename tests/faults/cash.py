"""Invariants of cash after any failure: the journal ties to the provider's books, each charge
belongs to an order or is owed back, and refunds release stock, codes and limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from chalicelib import catalog, ledger
from chalicelib.catalog.queries.offers import find_offers
from chalicelib.kernel.config import config
from chalicelib.kernel.store.tables import Item
from chalicelib.orders.queries.orders import find_order
from chalicelib.orders.rules import (
    AWAITING_PAYMENT,
    COD,
    COMPLETED,
    SERVICE,
    UNDOES,
    Order,
    OrderLine,
)
from chalicelib.orders.rules.returns import Return, off_sale
from chalicelib.orders.rules.stock import reserved, waiting_for_codes
from chalicelib.orders.tables import ORDER, TAKEN, OrderItem, TakenItem
from chalicelib.orders.tables.returns import RETURN, ReturnItem
from chalicelib.payments.rules.journal import CARRIERS, CHARGE, PROVIDER, SALES, CashEntry
from chalicelib.payments.rules.refunds import CashRefund
from chalicelib.payments.tables.journal import ENTRY, CashEntryItem
from chalicelib.payments.tables.payments import REFUND, RefundItem
from tests.faults.provider import THERE
from tests.faults.savepoint import Changes
from tests.faults.scene import STOCK, Scene

_PAYMENTS, _ORDERS = config().table("payments"), config().table("orders")
Model = TypeVar("Model", bound=Item)


def problems_of_cash(scene: Scene, changes: Changes) -> list[str]:
    """The problems of the scene's cash after all changes since its start."""
    entries: list[CashEntry] = _values(changes, _PAYMENTS, ENTRY, CashEntryItem)
    refunds: list[CashRefund] = _values(changes, _PAYMENTS, REFUND, RefundItem)
    orders: list[Order] = _values(changes, _ORDERS, ORDER, OrderItem)
    returns: list[Return] = _values(changes, _ORDERS, RETURN, ReturnItem)
    unpaid = find_order(scene.unpaid)
    assert unpaid is not None
    orders = [order for order in orders if order.id != unpaid.id] + [unpaid]
    return [
        *_untied(entries),
        *_homeless(entries, orders, refunds),
        *_uncarried(entries, orders),
        *_not_back(scene, orders, returns),
        *_unsound_pool(scene, orders),
        *_uncounted(scene, orders),
    ]


def _kept(order: Order, line: OrderLine) -> int:
    """Units that are off the shelf, as they have left or are kept for the order: of a parcel that
    came back without being paid, none.
    """
    if order.method == COD and order.is_refunded and order.paid is None:
        return 0
    shipped = sum(parcel.quantities.get(line.sku, 0) for parcel in order.parcels)
    return reserved(order).get(line.sku, 0) + shipped + _used(order, line)


def _used(order: Order, line: OrderLine) -> int:
    """Units of a used service; units refunded later were used too."""
    if order.kind != SERVICE or order.status != COMPLETED:
        return 0
    is_last = [step.status for step in order.steps].index(COMPLETED) == len(order.steps) - 1
    return line.left if is_last else line.quantity


def _values(changes: Changes, table: str, sort_key: str, model: type[Model]) -> list[Any]:
    found: list[Any] = [
        model.from_raw_data(image)
        for key, image in changes.items()
        if key.table == table and key.sk.startswith(sort_key) and image is not None
    ]
    return [item.value() for item in found]


def _untied(entries: Sequence[CashEntry]) -> Iterator[str]:
    """Each line of the provider's books has one entry; together they sum to its balance."""
    for entry in entries:
        if sum(leg.amount for leg in entry.postings):
            yield f"{entry.reference}: its postings do not sum to 0"
    ours = Counter({e.transaction: e.on(PROVIDER) for e in entries if e.transaction})
    theirs = Counter({line.id: line.net for line in THERE.books})
    if ours != theirs:
        yield f"the journal says {dict(ours)}, the provider {dict(theirs)}"
    here, there = sum(entry.on(PROVIDER) for entry in entries), sum(theirs.values())
    if here != there:
        yield f"{here} lie at the provider, and are {there}"


def _homeless(
    entries: Sequence[CashEntry], orders: Sequence[Order], refunds: Sequence[CashRefund]
) -> Iterator[str]:
    """Received money belongs to an order, or is owed back."""
    taken = {order.paid for order in orders}
    for entry in entries:
        charge = entry.reference.removeprefix("charge:")
        if entry.type != CHARGE:
            continue
        if entry.on(SALES) and charge not in taken:
            yield f"{charge} was sold to no order"
        elif not entry.on(SALES) and entry.source not in {f"order:{r.order_id}" for r in refunds}:
            yield f"{charge} is no order's, and nobody owes it"


def _uncarried(entries: Sequence[CashEntry], orders: Sequence[Order]) -> Iterator[str]:
    """A carrier owes nothing for an order without collected cash, and never a negative amount."""
    unpaid = {f"order:{order.id}" for order in orders if order.paid != COD}
    owed: Counter[str] = Counter()
    for entry in entries:
        owed[entry.source] += entry.on(CARRIERS)
    for source, amount in owed.items():
        if amount < 0 or (amount and source in unpaid):
            yield f"{source}: a carrier owes {amount}"


def _not_back(scene: Scene, orders: Sequence[Order], returns: Sequence[Return]) -> Iterator[str]:
    """Only open orders and exchanges have reserved stock; only open orders have held points."""
    living = [order for order in orders if order.status not in UNDOES]
    for sku in (scene.service, scene.goods):
        sold = sum(_kept(order, x) for order in living for x in order.lines if x.sku == sku)
        sold += sum(off_sale(made)[sku] for made in returns)
        left = find_offers([sku], consistent=True)[sku].available
        if left + sold != STOCK:
            yield f"{sku}: {left} left, {sold} sold, {STOCK} in all"
    awaiting = sum(order.points for order in living if order.status == AWAITING_PAYMENT)
    held = ledger.find_account(scene.purse).held
    if held != awaiting:
        yield f"{held} points are held, {awaiting} by orders"


def _unsound_pool(scene: Scene, orders: Sequence[Order]) -> Iterator[str]:
    """Free codes equal the units on sale and those reserved."""
    pool, waiting = catalog.read_pool(scene.vouchers), waiting_for_codes(orders)[scene.vouchers]
    if pool.free != pool.available + waiting:
        yield f"{pool.free} codes are free, {pool.available} on sale, {waiting} waited for"


def _uncounted(scene: Scene, orders: Sequence[Order]) -> Iterator[str]:
    """A limit counts the payer's unrefunded units of valid orders."""
    living = [
        each for each in orders if each.member_id == scene.payer and each.status not in UNDOES
    ]
    for sku in (scene.service, scene.goods, scene.vouchers):
        product_id = find_offers([sku], consistent=True)[sku].product_id
        key = TakenItem.key(scene.payer, product_id)
        item = TakenItem.find(key.pk, TAKEN)
        counted = item.taken if item else 0
        left = sum(line.left for order in living for line in order.lines if line.sku == sku)
        if counted != left:
            yield f"{sku}: {counted} are counted for the payer, who has {left}"
