"""Reads of past events, as a replay holds them against rules: in parts, each in order."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from chalicelib import tiers
from chalicelib.earning.queries.days import noted_on
from chalicelib.earning.queries.people import TIER, want_facts
from chalicelib.earning.rules import SoldItem
from chalicelib.earning.rules.definitions import ORDER_PAID
from chalicelib.earning.rules.evaluation import Occasion, RuleSet
from chalicelib.earning.rules.orders import (
    NOTHING_GIVEN,
    NOTHING_PENDING,
    REFUNDED,
    UNLOCKED,
    WAITING,
    RefundedOrder,
    source_of,
)
from chalicelib.earning.rules.replaying import Payment, percent_then
from chalicelib.earning.tables import ITEMS, EventItem, SoldItemsItem
from chalicelib.earning.tables.days import EventName
from chalicelib.kernel.clock import from_ms
from chalicelib.kernel.errors import Unreadable
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.tables import MOST_KEYS

_NO_MONEY = (WAITING, UNLOCKED, NOTHING_PENDING)
_REFUNDS = (REFUNDED, NOTHING_GIVEN)


class Refund(NamedTuple):
    """A refund that was applied, and its order."""

    order: str
    refund: RefundedOrder


class Part(NamedTuple):
    """Events of a day up to the place `after`, in the order of their recording.

    `unmatched` events had no member; `unreadable` ones are left out.
    """

    after: str
    events: Sequence[Payment | Refund]
    unmatched: int
    unreadable: int


def parts_of(day: date, after: str | None, rules: RuleSet) -> Iterator[Part]:
    """The events of a day behind a place in it; about three requests a hundred events."""
    names: list[EventName] = []
    place = after
    for place, some in noted_on(day):
        if after is not None and place <= after:
            continue
        names += some
        if len(names) >= MOST_KEYS:
            yield _read(place, names, rules)
            names = []
    if names and place is not None:
        yield _read(place, names, rules)


def _read(after: str, names: Sequence[EventName], rules: RuleSet) -> Part:
    records = list(_records(names))
    known = [each for each in records if each.matched is not None]
    reads = ReadSet()
    apart = {
        each.pk: reads.want(SoldItemsItem, each.pk, ITEMS, consistent=False)
        for each in known
        if each.has_more
    }
    people = _People(reads, rules, known)
    reads.read()
    wholes = ((each, apart[each.pk]() if each.pk in apart else each) for each in known)
    events = [made for each, whole in wholes if (made := _event(each, whole, people))]
    unmatched = sum(each.matched is None and each.reason not in _NO_MONEY for each in records)
    return Part(after, events, unmatched, len(names) - len(records))


def _records(names: Sequence[EventName]) -> Iterator[EventItem]:
    """The records of these events; one that cannot be read is left out, and so is a lost one."""
    for start in range(0, len(names), MOST_KEYS):
        some = names[start : start + MOST_KEYS]
        try:
            yield from _found(some)
        except Unreadable:
            for name in some:
                try:
                    yield from _found([name])
                except Unreadable:
                    continue


def _found(names: Sequence[EventName]) -> list[EventItem]:
    reads = ReadSet()
    wanted = [
        reads.want(EventItem, *EventItem.key(each.partner, each.event_id), consistent=False)
        for each in names
    ]
    reads.read()
    return [item for each in wanted if (item := each())]


class _People:
    """The members of some events, as rules ask for them: read once each."""

    def __init__(self, reads: ReadSet, rules: RuleSet, records: Sequence[EventItem]) -> None:
        of_tiers = tiers.gives_more()
        self._facts: dict[str, Callable[[datetime], dict[str, Any]]] = {}
        self._tier: dict[str, Callable[[], str]] = {}
        for member_id in dict.fromkeys(str(each.matched) for each in records):
            self._facts[member_id] = want_facts(reads, member_id, rules)
            if of_tiers:
                self._tier[member_id] = tiers.want_tier(reads, member_id)

    def facts(self, record: EventItem) -> dict[str, Any]:
        """What is known of the member now; the tier as it was then, if the event was kept with
        it."""
        facts = self._facts[str(record.matched)](from_ms(record.occurred_at))
        return {**facts, TIER: record.tier} if record.tier else facts

    def percent(self, record: EventItem) -> int:
        """What percentage of the usual points the member earned by their tier, or earns now."""
        then = percent_then(record.decisions)
        if then is not None:
            return then
        if not self._tier:
            return 100
        tier = record.tier or self._tier[str(record.matched)]()
        return tiers.benefits_of(tier).multiplier_percent


def _event(
    record: EventItem, whole: EventItem | SoldItemsItem, people: _People
) -> Payment | Refund | None:
    """A past event; `whole` has its items and attributes. None if it is about no money."""
    items = whole.sold or ()
    if not record.type and record.reason in _NO_MONEY:
        return None
    partner = record.pk.split("#", 2)[1]
    order = source_of(partner, record.order_id)
    if not record.type and record.reason in _REFUNDS:
        return Refund(order, _refund(record, items))
    occasion = Occasion(
        type=record.type or ORDER_PAID,
        source=partner,
        at=from_ms(record.occurred_at),
        # A happening without money is kept with none.
        amount=record.amount if record.amount or not record.type else None,
        currency=record.currency,
        items=items,
        attributes=whole.attributes or {},
        member=people.facts(record),
    )
    return Payment(
        order, str(record.matched), occasion, record.decisions, lambda: people.percent(record)
    )


def _refund(record: EventItem, items: tuple[SoldItem, ...]) -> RefundedOrder:
    return RefundedOrder(
        id=record.event_id,
        order_id=record.order_id,
        occurred_at_ms=record.occurred_at,
        digest=record.digest,
        member_id=record.matched,
        identity=None,
        items=items,
        amount=record.amount,
        currency=record.currency,
    )
