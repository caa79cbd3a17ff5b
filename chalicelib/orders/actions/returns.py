"""A return: requested, decided, sent back, received, replaced or refunded."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import msgspec
from msgspec.structs import replace

from chalicelib import catalog
from chalicelib.audit import Act
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.orders.actions.return_changes import Change, change_return
from chalicelib.orders.errors.returns import ReturnExists
from chalicelib.orders.queries import returns as queries
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.rules import Order, OrderAct, Parcel, Step, returnable
from chalicelib.orders.rules import returns as rules
from chalicelib.orders.rules.orders import check_undisputed
from chalicelib.orders.rules.returns import Days, Return
from chalicelib.orders.tables import put_order
from chalicelib.orders.tables.returns import ReturnItem


class ReturnAsked(msgspec.Struct, frozen=True):
    """A member's wish: quantities by SKU of an order."""

    order_id: str
    member_id: str
    kind: str
    quantities: dict[str, int]
    reason: str
    pictures: tuple[str, ...] = ()


def days() -> Days:
    """The days of each open state, by the settings."""
    set_ = config().returns
    return Days(
        set_.return_decision_days,
        set_.return_sending_days,
        set_.return_receipt_days,
        set_.return_finish_days,
    )


def request_return(
    asked: ReturnAsked, return_id: str, content: bytes, now: datetime
) -> tuple[Return, bool]:
    """Ask for a return; the order keeps its units: (return, replayed).

    Raises NotFound, NotAllowedInThisState, OrderDisputed, NotReturnable, ReturnWindowClosed,
    ReturnExceedsOrder, ReturnLimitReached, Invalid, IdempotencyKeyReused.
    """

    def write() -> Return:
        order = get_order(asked.order_id, asked.member_id)
        made = _requested(asked, return_id, order, content, to_ms(now))
        writes = WriteSet()
        catalog.use_pictures(writes, asked.pictures, asked.member_id, return_id)
        writes.put_new(ReturnItem.of(made), or_raise=ReturnExists)
        put_order(writes, order, returnable.mark(order, made))
        writes.commit()
        return made

    return replay_outranks_refusal(
        write, lambda: replay_of(queries.find_return(return_id), content)
    )


def _requested(
    asked: ReturnAsked, return_id: str, order: Order, content: bytes, at_ms: int
) -> Return:
    """The return that a member asks for.

    Raises NotAllowedInThisState, OrderDisputed, NotReturnable, ReturnWindowClosed,
    ReturnExceedsOrder, ReturnLimitReached.
    """
    window = config().returns.return_window_days
    return Return(
        id=return_id,
        order_id=order.id,
        member_id=order.member_id,
        kind=asked.kind,
        status=rules.REQUESTED,
        version=1,
        lines=returnable.lines_to_return(order, asked.kind, asked.quantities, window, at_ms),
        reason=asked.reason,
        created_at_ms=at_ms,
        content=content,
        steps=(Step(rules.REQUESTED, at_ms, "member"),),
        due_at_ms=rules.due(rules.REQUESTED, at_ms, days()),
        pictures=asked.pictures,
        currency=order.currency,
    )


def approve(
    return_id: str, act: OrderAct, instructions: str | None, audited: Act | None = None
) -> tuple[Return, bool]:
    """Approve a return: an exchange reserves its replacement, a refund without a return is made.

    Without `instructions` those of the settings tell where to send the goods: (return, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused, Invalid, OutOfStock,
    OrderDisputed, RefundExceedsOrder.
    """

    def change(seen: Return) -> Return:
        after = rules.advance(seen, act, days())
        check_undisputed(get_order(seen.order_id))
        return replace(after, instructions=_told(seen, instructions))

    return change_return(return_id, act, None, change, audited)


def approve_sold_out(return_id: str, act: OrderAct) -> tuple[Return, bool]:
    """Approve an exchange whose replacement is sold out as a return: (return, replayed).

    Raises NotFound, NotAllowedInThisState, OrderDisputed.
    """

    def change(seen: Return) -> Return:
        after = rules.advance(seen, act, days())
        return replace(after, kind=rules.RETURN, instructions=_told(seen, None))

    return change_return(return_id, act, None, change)


def _told(seen: Return, instructions: str | None) -> str | None:
    """Where the member sends the goods.

    Raises Invalid if nobody says so, or if none come back.
    """
    if not seen.comes_back and instructions:
        words = Words("仅退款无需寄回商品", "goes with goods that are sent back")
        raise Invalid(FieldError("instructions", "not_for_this_kind", words))
    if not seen.comes_back:
        return None
    told = instructions or config().returns.return_address
    if not told:
        words = Words("请填写退货地址", "say where the goods are to be sent")
        raise Invalid(FieldError("instructions", "required", words))
    return told


def reject(return_id: str, act: OrderAct, audited: Act) -> tuple[Return, bool]:
    """Decline a return, or goods that came back otherwise than agreed: (return, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused.
    """
    return change_return(return_id, act, None, _plain(act), audited)


def withdraw(return_id: str, act: OrderAct, member_id: str | None) -> tuple[Return, bool]:
    """Withdraw a return whose goods were not sent: (return, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused.
    """
    return change_return(return_id, act, member_id, _plain(act))


def send(
    return_id: str, act: OrderAct, member_id: str, carrier: str, number: str
) -> tuple[Return, bool]:
    """Record the parcel that brings the goods back, once more if it was wrong: (return, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused.
    """

    def change(seen: Return) -> Return:
        parcel = Parcel(carrier, number, seen.quantities)
        return replace(rules.advance(seen, act, days()), parcel=parcel)

    return change_return(return_id, act, member_id, change)


def receive(
    return_id: str, act: OrderAct, came: Mapping[str, int], *, restock: bool, audited: Act
) -> tuple[Return, bool]:
    """Record units that came back, all if none are told; a return refunds them.

    With `restock` they are on sale again. A return whose units all came is closed:
    (return, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused, Invalid, OrderDisputed,
    RefundExceedsOrder.
    """

    def change(seen: Return) -> Return:
        after = rules.receive(rules.advance(seen, act, days()), came, restock=restock)
        if after.kind == rules.RETURN and after.is_complete:
            closing = OrderAct("close", act.by, act.actor, act.at_ms)
            after = replace(rules.advance(after, closing, days()), version=after.version)
        return after

    return change_return(return_id, act, None, change, audited)


def ship(
    return_id: str, act: OrderAct, carrier: str, number: str, audited: Act
) -> tuple[Return, bool]:
    """Record the parcel with the replacement of what came; the rest of the reserved units are on
    sale again: (return, replayed).

    Raises NotFound, NotAllowedInThisState, IdempotencyKeyReused.
    """

    def change(seen: Return) -> Return:
        parcel = Parcel(carrier, number, seen.received)
        return replace(rules.advance(seen, act, days()), replacement=parcel)

    return change_return(return_id, act, None, change, audited)


def close(return_id: str, act: OrderAct) -> tuple[Return, bool]:
    """End a return whose time is over; what it still owes is refunded: (return, replayed).

    Raises NotFound, NotAllowedInThisState, OrderDisputed, RefundExceedsOrder.
    """
    return change_return(return_id, act, None, _plain(act))


def _plain(act: OrderAct) -> Change:
    return lambda seen: rules.advance(seen, act, days())
