"""Slots of services: the free times for members, and all of them for ops."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.catalog.actions import slots as actions
from chalicelib.catalog.errors import (
    SlotExists,
    SlotHasBookings,
    SlotInThePast,
    SlotsAreForServices,
)
from chalicelib.catalog.queries import products
from chalicelib.catalog.queries import slots as queries
from chalicelib.catalog.routes.admin import IF_MATCH, READERS, WRITERS
from chalicelib.catalog.rules.slots import (
    Slot,
    SlotChange,
    SlotsIn,
    SlotState,
    StoreId,
    shown_time,
)
from chalicelib.catalog.rules.validity import Instant
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import Stale
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.http import Reply, replayable, route
from chalicelib.kernel.web.requests import Call

slots = Blueprint(__name__)


class SlotsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Slots that start from `from` on (now if silent) and before `to` (31 days later if silent, 92
    at most), at one store or all."""

    from_at: Instant | None = msgspec.field(default=None, name="from")
    to: Instant | None = None
    store_id: StoreId | None = None


class AdminSlotsQuery(SlotsQuery, forbid_unknown_fields=True, kw_only=True):
    """The same of one product, with those that are over or closed."""

    product_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class SlotView(msgspec.Struct):
    """A time that can be booked while `left` seats are free; `full` ones are shown, too."""

    id: str
    starts_at: str
    ends_at: str
    store_id: str | None
    capacity: int
    left: int
    state: SlotState


class AdminSlotView(msgspec.Struct):
    """A slot with its version; `booked` of its seats are taken."""

    id: str
    product_id: str
    starts_at: str
    ends_at: str
    store_id: str | None
    capacity: int
    left: int
    booked: int
    state: SlotState
    version: int


class MadeSlots(msgspec.Struct):
    """The slots that a request made, as they are now."""

    data: list[AdminSlotView]


_ID = "slt_06a2b3c40qk2nq5bzkmvnl2hwmbkqk5pnjh5c3bqb"
SLOT_EXAMPLE: dict[str, Any] = {
    "id": _ID,
    "starts_at": "2026-12-01T02:00:00Z",
    "ends_at": "2026-12-01T03:00:00Z",
    "store_id": "sto_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "capacity": 4,
    "left": 3,
    "state": "open",
}
ADMIN_SLOT_EXAMPLE: dict[str, Any] = {
    **SLOT_EXAMPLE,
    "product_id": "prd_qk2nq5bzkmvnl2hwmbkqk5pnjh",
    "booked": 1,
    "version": 1,
}


@route(
    slots, "GET", "/v1/products/{id}/slots",
    summary="The times of a service that are to come, earliest first",
    query=SlotsQuery, answer=Page[SlotView],
    example={"answer": {"data": [SLOT_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_slots(call: Call) -> Reply:
    asked: SlotsQuery = call.query
    product = products.get_shown_product(call.path["id"], call.now)
    found = queries.list_slots(
        product.id,
        *shown_time(asked.from_at, asked.to, call.now),
        asked,
        store_id=asked.store_id,
        bookable=True,
    )
    return Reply(found.shown(_slot_view))


@route(
    slots, "POST", "/v1/admin/slots",
    summary="Make a slot of a service, or a weekly series of them",
    roles=WRITERS, body=SlotsIn, answer=MadeSlots, status=201, key=True,
    may_raise=[SlotsAreForServices, SlotInThePast, SlotExists],
    example={
        "request": {
            "product_id": "prd_qk2nq5bzkmvnl2hwmbkqk5pnjh",
            "store_id": "sto_5c3bqbzkmvnl2hwmbkqk5pnjhm", "starts_at": "2026-12-01T02:00:00Z",
            "minutes": 60, "capacity": 4, "weekly": {"days": [2, 4], "until": "2026-12-31"},
        },
        "answer": {"data": [ADMIN_SLOT_EXAMPLE]},
    },
)  # fmt: skip
def create_slots(call: Call) -> Reply:
    act = audit.act_of(call, "slots.create", call.body.product_id)
    made, replayed = actions.create_slots(
        call.body, call.derived_id("sls"), act, call.content_digest, call.now
    )
    return replayable(MadeSlots([_admin_view(each) for each in made]), replayed=replayed)


@route(
    slots, "GET", "/v1/admin/slots",
    summary="Slots of a service, also those that are over or closed",
    roles=READERS, query=AdminSlotsQuery, answer=Page[AdminSlotView],
    example={"answer": {"data": [ADMIN_SLOT_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_admin_slots(call: Call) -> Reply:
    asked: AdminSlotsQuery = call.query
    found = queries.list_slots(
        asked.product_id,
        *shown_time(asked.from_at, asked.to, call.now, past=True),
        asked,
        store_id=asked.store_id,
        bookable=False,
    )
    return Reply(found.shown(_admin_view))


@route(
    slots, "PATCH", "/v1/admin/slots/{id}",
    summary="Change the seats of a slot, close it or open it again",
    roles=WRITERS, body=SlotChange, answer=AdminSlotView, headers=IF_MATCH,
    may_raise=[Stale, SlotHasBookings],
    example={"request": {"capacity": 6}, "answer": {**ADMIN_SLOT_EXAMPLE, "capacity": 6,
                                                    "left": 5, "version": 2}},
)  # fmt: skip
def change_slot(call: Call) -> Reply:
    act = audit.act_of(call, "slot.change", call.path["id"])
    return Reply(
        _admin_view(actions.update_slot(call.path["id"], call.body, call.seen_version, act))
    )


def _slot_view(slot: Slot) -> SlotView:
    return shaped(SlotView, slot)


def _admin_view(slot: Slot) -> AdminSlotView:
    return shaped(AdminSlotView, slot)
