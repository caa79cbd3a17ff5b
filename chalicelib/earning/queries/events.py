"""Reads of events, of orders, and of the receipts of payments."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from chalicelib import ledger, members
from chalicelib.earning import rules
from chalicelib.earning.rules import (
    Decision,
    PartnerEvent,
    Payment,
    SoldItem,
    payment_of,
    units_given,
)
from chalicelib.earning.tables import (
    ITEMS,
    REFUND_SHARDS,
    EventItem,
    PartnerOrderItem,
    SoldItemsItem,
    UnmatchedItem,
    WaitingRefundItem,
    refunds_key,
    refunds_prefix,
    refunds_shard,
)
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.ledger import ACCRUAL, POINTS, Entry
from chalicelib.members import Named


class Receipt(NamedTuple):
    """A payment for its refunds: the entries that gave points, none where nothing was given.

    `settled` is False while its points wait for the member to register. `uninvited` is a member of
    whom it is known that nobody invited them.
    """

    payment: Payment
    accruals: list[Entry]
    settled: bool = True
    uninvited: str | None = None

    @property
    def member_id(self) -> str | None:
        """The member who got the points."""
        return self.accruals[0].account_id.partition(":")[0] if self.accruals else None


def member_of(event: PartnerEvent) -> str | None:
    """The id of the member whom an event names, read consistently; None if there is none now."""
    found = named_in(event)
    return found.member_id if found else None


def named_in(event: PartnerEvent) -> Named | None:
    """As `member_of`, and whether it is known that nobody invited them."""
    if event.member_id is not None:
        return members.named(event.member_id)
    assert event.identity is not None, "an event names a member or an identity"
    return members.named_with(event.identity)


def want_named(reads: ReadSet, event: PartnerEvent) -> Callable[[], Named | None]:
    """As `named_in`, in a caller's `ReadSet`.

    Returns a function that gives the member after `read`.
    """
    if event.member_id is not None:
        return members.want_named(reads, event.member_id)
    assert event.identity is not None, "an event names a member or an identity"
    return members.want_named_with(reads, event.identity)


def find_event(partner: str, event_id: str, *, consistent: bool = True) -> EventItem | None:
    found: EventItem | None = EventItem.find(
        *EventItem.key(partner, event_id), consistent=consistent
    )
    return found


def items_of(record: EventItem) -> tuple[SoldItem, ...]:
    """The items of an event as the partner sent them; one more read if they have their own item."""
    if not record.sold_apart:
        return record.sold or ()
    found: SoldItemsItem = SoldItemsItem.find(record.pk, ITEMS)
    return found.sold


def want_events(
    reads: ReadSet, partner: str, event_ids: Sequence[str]
) -> Callable[[], dict[str, EventItem]]:
    """The recorded ones of these events, in a caller's `ReadSet`; half a read unit each.

    Returns a function that gives them after `read`.
    """
    return _want_each(reads, EventItem, partner, event_ids)


def want_orders(
    reads: ReadSet, partner: str, order_ids: Sequence[str]
) -> Callable[[], dict[str, PartnerOrderItem]]:
    """As `want_events`, of the items of these orders."""
    return _want_each(reads, PartnerOrderItem, partner, order_ids)


def _want_each(
    reads: ReadSet, kind: Any, partner: str, names: Sequence[str]
) -> Callable[[], dict[str, Any]]:
    found = {
        name: reads.want(kind, *kind.key(partner, name), consistent=False)
        for name in dict.fromkeys(names)
    }
    return lambda: {name: item for name, given in found.items() if (item := given())}


def find_events(partner: str, event_ids: Sequence[str]) -> dict[str, EventItem]:
    """The recorded ones of these events; half a read unit each.

    Raises Unreadable.
    """
    return _read_now(want_events, partner, event_ids)


def find_orders(partner: str, order_ids: Sequence[str]) -> dict[str, PartnerOrderItem]:
    """The items of these orders; half a read unit each.

    Raises Unreadable.
    """
    return _read_now(want_orders, partner, order_ids)


def _read_now(
    want: Callable[..., Callable[[], dict[str, Any]]], partner: str, names: Sequence[str]
) -> dict[str, Any]:
    reads = ReadSet()
    found = want(reads, partner, names)
    reads.read()
    return found()


def find_order(partner: str, order_id: str) -> PartnerOrderItem:
    """An order's item, an empty one if there is none."""
    key = PartnerOrderItem.key(partner, order_id)
    found: PartnerOrderItem | None = PartnerOrderItem.find(*key)
    return found or PartnerOrderItem(*key, order_id=order_id)


def find_receipt(
    partner: str, seen: PartnerOrderItem, members_named: Sequence[str | None]
) -> Receipt | None:
    """The receipt of an order's payment; None if none came for any of these members.

    A refund takes from the same member as earlier refunds of the order. What a member earned before
    they were merged stands under their old id.
    """
    for member_id in [seen.member_id] if seen.member_id else members_named:
        if member_id and (found := _receipt_of(partner, seen.order_id, member_id)):
            return found
    if not seen.event_id:
        return _receipt_of_old_ids(partner, seen.order_id, members_named)
    if not seen.points:
        return Receipt(Payment(seen.amount, seen.currency), [])
    event = find_event(partner, seen.event_id)
    if event is not None and event.matched:
        found = _receipt_of(partner, seen.order_id, event.matched, event.decisions)
        if found is None and not units_given(event.decisions):
            # Limits left nothing of it.
            return Receipt(Payment(seen.amount, seen.currency), [])
        return found
    return Receipt(Payment(seen.amount, seen.currency), [], settled=False)


def _receipt_of_old_ids(
    partner: str, order_id: str, members_named: Sequence[str | None]
) -> Receipt | None:
    for named in dict.fromkeys(members_named):
        for old_id in members.ids_of(named)[1:] if named else ():
            if found := _receipt_of(partner, order_id, old_id):
                return found
    return None


def _receipt_of(
    partner: str, order_id: str, member_id: str, decisions: Sequence[Decision] = ()
) -> Receipt | None:
    noted = [
        (payment, each)
        for each in accruals_of(partner, order_id, member_id, decisions)
        if (payment := payment_of(each)) is not None
    ]
    return Receipt(noted[0][0], [each for _, each in noted]) if noted else None


def accruals_of(
    partner: str, order_id: str, member_id: str, decisions: Sequence[Decision] = ()
) -> list[Entry]:
    """All accruals of an order for a member, in the order of their making; read consistently.

    One transaction wrote them, among points and the units of the decisions; one entry names all
    units.
    """
    looked = list(dict.fromkeys([POINTS, *units_given(decisions)]))
    found = [each for unit in looked for each in _accruals_on(partner, order_id, member_id, unit)]
    noted = next((payment for each in found if (payment := payment_of(each))), None)
    others = [unit for unit in (noted and noted.units) or () if unit not in looked]
    for unit in others:
        found += _accruals_on(partner, order_id, member_id, unit)
    return sorted(found, key=lambda each: (each.account_id, each.seq))


def _accruals_on(partner: str, order_id: str, member_id: str, unit: str) -> list[Entry]:
    # An order's id may itself have a colon, so another order's entries may begin alike.
    source = rules.source_of(partner, order_id)
    beginning = rules.accrual_reference(partner, order_id, "")
    found = ledger.find_entries(ledger.account_of(member_id, unit), beginning)
    return [each for each in found if each.type == ACCRUAL and each.source == source]


def entries_of(
    record: EventItem, decisions: Sequence[Decision], reference_of: Callable[[str], str]
) -> list[Entry]:
    """The member's entries of these decisions on an event, each by the reference for its rule."""
    if record.matched is None:
        return []
    found = (
        ledger.find_entry(ledger.account_of(record.matched, made.unit), reference_of(made.rule_id))
        for made in decisions
    )
    return [entry for entry in found if entry is not None]


def unmatched_of(identity: str) -> Iterator[UnmatchedItem]:
    yield from UnmatchedItem.query(f"UNM#{identity}", consistent_read=True)


def find_waiting_refund(item: WaitingRefundItem) -> WaitingRefundItem | None:
    """The waiting refund as it is now; None if it waits no longer."""
    found: WaitingRefundItem | None = WaitingRefundItem.find(item.pk, item.sk)
    return found


def refunds_waiting_for(partner: str, order_id: str) -> list[WaitingRefundItem]:
    """The refunds that wait for an order's payment, in the order of their occurring."""
    beginning_alike = WaitingRefundItem.query(
        refunds_key(partner, order_id),
        WaitingRefundItem.sk.startswith(refunds_prefix(partner, order_id)),
        consistent_read=True,
    )
    # One engine of this machine takes a for A at a key's beginning.
    found = [each for each in beginning_alike if each.order_id == order_id]
    return sorted(found, key=lambda each: (each.occurred_at, each.event_id))


def waiting_refunds(first: int) -> Iterator[WaitingRefundItem]:
    """All waiting refunds, grouped by order, beginning with a shard."""
    for number in range(REFUND_SHARDS):
        yield from WaitingRefundItem.query(refunds_shard((first + number) % REFUND_SHARDS))
