"""Acts at a store's counter: a slot is booked, moved, missed; a voucher is used, or lapses."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.catalog.actions.slots import create_slots, update_slot
from chalicelib.catalog.actions.stores import create_store
from chalicelib.catalog.queries.offers import get_offer
from chalicelib.catalog.queries.slots import get_slot
from chalicelib.catalog.rules.drafts import Title
from chalicelib.catalog.rules.slots import SlotChange, SlotsIn, slot_id_of
from chalicelib.catalog.rules.stores import City, StoreAddress, StoreDraft
from chalicelib.kernel import clock, ids
from chalicelib.kernel.clock import to_ms
from chalicelib.orders.actions import counter, refunds, rescheduling
from chalicelib.orders.actions.placing import place_order
from chalicelib.orders.queries.vouchers import find_vouchers
from chalicelib.orders.rules import Booking
from chalicelib.orders.rules.quoting import Request, Wanted
from tests.faults.moments import moment
from tests.faults.payment_acts import act_as, audited
from tests.faults.scene import Scene

FIRST, SECOND = timedelta(days=1), timedelta(days=3)
MISSED, LAPSED = timedelta(days=2), timedelta(days=200)
# Of the first slot; the second has one.
SEATS = 1


def be_open(scene: Scene) -> None:
    """A store with two slots of a seat each."""
    name = Title("店", "Store")
    draft = StoreDraft(title=name, city=City("上海", "Shanghai"), address=StoreAddress("路", "Rd"))
    create_store(draft, _store(scene), audited(scene, "store"), b"store", clock.now())
    for after in (FIRST, SECOND):
        asked = SlotsIn(
            product_id=_product(scene),
            store_id=_store(scene),
            starts_at=_at(scene, after),
            minutes=60,
            capacity=SEATS,
        )
        made = scene.named(f"slots {after.days}")
        create_slots(asked, made, audited(scene, made), made.encode(), clock.now())


def be_booked(scene: Scene) -> None:
    be_open(scene)
    book(scene)


def be_missed(scene: Scene) -> None:
    """Nobody came: the member may book another time."""
    be_booked(scene)
    with moment(MISSED):
        settle(scene)


def book(scene: Scene) -> Any:
    return _book(scene, scene.member, "booked", FIRST)


def book_other(scene: Scene) -> Any:
    """The friend books the same seat."""
    return _book(scene, scene.friend, "other", FIRST)


def book_second(scene: Scene) -> Any:
    """The friend books the other slot."""
    return _book(scene, scene.friend, "second", SECOND)


def reschedule(scene: Scene) -> Any:
    act = act_as(scene, "reschedule", "member")
    wish = rescheduling.Wish(_slot(scene, SECOND), 0)
    order, _ = rescheduling.reschedule(_order(scene, "booked"), act, wish, scene.member)
    return order.booking


def close_slot(scene: Scene) -> Any:
    """Close the first slot, as ops saw it; answers whether it takes bookings."""
    seen = get_slot(_slot(scene, FIRST))
    change = SlotChange(closed=True)
    if seen.closed:
        return seen.closed
    return update_slot(seen.id, change, seen.version, audited(scene, "close")).closed


def refund_booking(scene: Scene) -> Any:
    refund_id, act = f"rfd_{scene.named('booking')}", act_as(scene, "refund a booking", "staff")
    order, _ = refunds.refund(
        _order(scene, "booked"), {}, refund_id, act, audited(scene, "refund a booking")
    )
    return next(made.points for made in order.refunds if made.id == refund_id)


def use(scene: Scene) -> Any:
    return _use(scene, "use")


def use_again(scene: Scene) -> Any:
    """Another till scans the same code."""
    return _use(scene, "use again")


def miss(scene: Scene) -> Any:
    act = replace(act_as(scene, "miss", "staff"), name="miss")
    return counter.record_no_show(_order(scene, "booked"), act, audited(scene, "miss"))[0].status


def settle(scene: Scene) -> None:
    """The sweep settles what is due."""
    counter.settle_due(_order(scene, "booked"), clock.now())


def _use(scene: Scene, name: str) -> Any:
    seen = find_vouchers(_order(scene, "booked"))
    assert seen is not None, "a booked service has a voucher"
    (code,) = seen.codes.values()
    act = replace(act_as(scene, name, "staff"), name="use")
    order, sku, _ = counter.use_voucher(code, _store(scene), act, audited(scene, name))
    return sku, any(step.key == act.key for step in order.steps)


def _book(scene: Scene, member: str, name: str, after: timedelta) -> Any:
    asked = Request(
        member, [Wanted(scene.session, 1)], booking=Booking(0), slot_id=_slot(scene, after)
    )
    order, _ = place_order(asked, _order(scene, name), ids.digest(b"booked"), clock.now())
    return order.points, order.booking


def _at(scene: Scene, after: timedelta) -> datetime:
    return (scene.set_at + after).replace(second=0, microsecond=0)


def _slot(scene: Scene, after: timedelta) -> str:
    at = _at(scene, after)
    return slot_id_of(_product(scene), to_ms(at), _store(scene))


def _product(scene: Scene) -> str:
    return get_offer(scene.session).product_id


def _store(scene: Scene) -> str:
    return ids.derived_id("sto", scene.key)


def _order(scene: Scene, name: str) -> str:
    return f"ord_{scene.named(name)}"
