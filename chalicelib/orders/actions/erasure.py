"""What an erased member leaves in orders: amounts and goods stay, the person goes."""

from __future__ import annotations

from functools import partial
from typing import Any

from msgspec.structs import replace

from chalicelib import catalog, members
from chalicelib.kernel.store.writes import WriteSet, delete_each, with_fresh_reads
from chalicelib.orders.queries import personal
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.queries.returns import get_return
from chalicelib.orders.queries.reviews import get_review
from chalicelib.orders.rules import Order
from chalicelib.orders.rules.returns import Return
from chalicelib.orders.rules.reviews import PUBLISHED, Review
from chalicelib.orders.rules.words import NOTES
from chalicelib.orders.tables import put_order
from chalicelib.orders.tables.cart import CartItem
from chalicelib.orders.tables.notes import NOTE, NoteItem
from chalicelib.orders.tables.returns import put_return
from chalicelib.orders.tables.reviews import ReviewItem


def erase_of(member_id: str) -> list[str]:
    """Take the person out of a member's orders, returns and reviews, and delete the cart and the
    staff's notes, under all their ids. Safe to repeat.

    Returns the ids of what stays, for what the audit says about it.
    """
    delete_each([CartItem.key(each) for each in members.ids_of(member_id)])
    kept = []
    for order in personal.all_orders_of(member_id):
        with_fresh_reads(partial(_forget_order, order.id))
        notes = NoteItem.query(order.id, NoteItem.sk.startswith(NOTE), consistent_read=True)
        delete_each(list(notes))
        kept.append(order.id)
    for made in personal.all_returns_of(member_id):
        catalog.remove_pictures(made.pictures)
        with_fresh_reads(partial(_forget_return, made.id))
        kept.append(made.id)
    for review in personal.all_reviews_of(member_id):
        catalog.remove_pictures(review.pictures)
        with_fresh_reads(partial(_forget_review, review.id))
        kept.append(review.id)
    return kept


def _forget_order(order_id: str) -> None:
    seen = get_order(order_id)
    after = without_person(seen)
    if after != seen:
        _write(put_order, seen, replace(after, version=seen.version + 1))


def _forget_return(return_id: str) -> None:
    seen = get_return(return_id)
    steps = tuple(replace(step, note=None) for step in seen.steps)
    after = replace(seen, reason="", pictures=(), parcel=None, steps=steps)
    if after != seen:
        _write(put_return, seen, replace(after, version=seen.version + 1))


def _forget_review(review_id: str) -> None:
    """What is published stays, without its author; what is not loses its words."""
    seen = get_review(review_id)
    text = seen.text if seen.status == PUBLISHED else ""
    after = replace(seen, author=None, pictures=(), text=text, reason=None)
    if after != seen:
        _write(_put_review, seen, replace(after, version=seen.version + 1))


def _put_review(writes: WriteSet, seen: Review, after: Review) -> None:
    writes.put(ReviewItem.of(after), condition=ReviewItem.version == seen.version)


def _write(put: Any, seen: Order | Return | Review, after: Order | Return | Review) -> None:
    writes = WriteSet()
    put(writes, seen, after)
    writes.commit()


def without_person(order: Order) -> Order:
    """The order without address, notes and reasons: what people typed."""
    steps = tuple(step if step.note in NOTES else replace(step, note=None) for step in order.steps)
    booking = replace(order.booking, note=None) if order.booking else None
    refunds = tuple(replace(each, reason=None) for each in order.refunds)
    unapplied = tuple(replace(each, reason=None) for each in order.unapplied)
    return replace(
        order,
        address=None,
        note=None,
        booking=booking,
        steps=steps,
        refunds=refunds,
        unapplied=unapplied,
    )
