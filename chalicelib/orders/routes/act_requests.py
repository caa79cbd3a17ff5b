"""Acts on orders, as calls ask for them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Protocol

import msgspec

from chalicelib.kernel import ids
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import FieldError, Invalid, NotAllowedInThisState, Words
from chalicelib.kernel.texts import MemberPicture
from chalicelib.kernel.web.auth import ADMIN, AGENT, FINANCE, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.orders.actions import acts
from chalicelib.orders.errors import OrderDisputed
from chalicelib.orders.queries import details
from chalicelib.orders.routes import examples, views
from chalicelib.orders.routes.views import StaffOrderView
from chalicelib.orders.rules import Order, OrderAct
from chalicelib.orders.rules.details import OrderDetails

REVIEWERS = [OPS, ADMIN]
CASHIERS = (OPS, FINANCE, ADMIN)
READERS = (AGENT, OPS, FINANCE, ADMIN)
SEE_PEOPLE = (AGENT, OPS, ADMIN)
Quantity = Annotated[int, msgspec.Meta(ge=1, le=99)]
# Checked pictures of the member's own, each given to one review or return.
OwnPictures = Annotated[list[MemberPicture], msgspec.Meta(max_length=6)]
# An act of the staff on an order: its route says what is different.
act_route = partial(
    route,
    roles=REVIEWERS,
    answer=StaffOrderView,
    key=False,
    may_raise=[NotAllowedInThisState, OrderDisputed],
    example={"answer": examples.STAFF_ORDER},
)


class SomeOfSku(Protocol):
    """A quantity of one SKU."""

    @property
    def sku(self) -> str: ...
    @property
    def quantity(self) -> int: ...


def order_act_of(call: Call, name: str, by: str, note: str | None = None) -> OrderAct:
    """The act that a call asks for, with digests that recognise its retry."""
    key = f"{call.member_id}|{call.route}|{call.key}".encode()
    digest = ids.digest(key) if call.key else None
    return OrderAct(name, by, call.member_id, to_ms(call.now), note, digest, call.content_digest)


def quantities_of(lines: Sequence[SomeOfSku] | None, field: str = "lines") -> dict[str, int]:
    """Quantities by SKU.

    Raises Invalid if a SKU is in two lines of `field`.
    """
    quantities: dict[str, int] = {}
    for number, line in enumerate(lines or ()):
        if line.sku in quantities:
            words = Words("同一 SKU 只能出现一次", "stands in an earlier line already")
            raise Invalid(FieldError(f"{field}[{number}].sku", "duplicate_sku", words))
        quantities[line.sku] = line.quantity
    return quantities


def staff_act(call: Call, name: str, note: str | None = None) -> Reply:
    """Do an act of the staff on the order in the path, and show the order."""
    return staff_answer(call, acts.act_on(call.path["id"], order_act_of(call, name, "staff", note)))


def staff_answer(call: Call, done: tuple[Order, bool]) -> Reply:
    """The order as the staff sees it after an act: (order, replayed)."""
    return answer_of(done, partial(staff_view, call))


def member_answer(call: Call, done: tuple[Order, bool]) -> Reply:
    """The order as its member sees it after an act: (order, replayed)."""
    return answer_of(
        done, lambda order: views.order_view(details.member_details(order), call.language)
    )


def staff_view(call: Call, order: Order) -> StaffOrderView:
    return staff_view_of(call, details.staff_details(order))


def staff_view_of(call: Call, seen: OrderDetails) -> StaffOrderView:
    """An order as this caller may see it: finance sees its money, and not the person."""
    assert call.caller is not None, "the staff is signed in"
    sees_people = not call.caller.roles.isdisjoint(SEE_PEOPLE)
    return views.staff_order_view(seen, call.language, sees_people=sees_people)
