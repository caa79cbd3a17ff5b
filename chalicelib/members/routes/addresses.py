"""The address book."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import (
    DIVISION,
    Country,
    Phone,
    PlaceName,
    PlaceOrNone,
    PostalCode,
    RecipientName,
    Street,
    kind,
)
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members import actions, queries, rules
from chalicelib.members.errors import AddressBookFull
from chalicelib.members.routes import views
from chalicelib.members.routes.blueprint import members
from chalicelib.members.routes.slices import slices
from chalicelib.members.routes.views import AddressView
from chalicelib.members.tables.items import AddressItem

DivisionCode = Annotated[str, kind(6, pasted, DIVISION, at_least=6)]


class NewAddress(msgspec.Struct, forbid_unknown_fields=True):
    """A new address; it becomes the default if there is none.

    `province` is required in China; abroad it may be null or empty. `district` and
    `postal_code` may be null or empty everywhere. `division_code` is the code of the place in
    mainland China, as `/v1/divisions` has it: the names are then checked against it.
    """

    recipient: RecipientName
    phone: Phone
    city: PlaceName
    street: Street
    country: Country = rules.HOME_COUNTRY
    province: PlaceOrNone | None = None
    district: PlaceOrNone | None = None
    postal_code: PostalCode | None = None
    division_code: DivisionCode | None = None
    is_default: bool = False


class AddressChange(msgspec.Struct, forbid_unknown_fields=True):
    """Absent fields do not change. Null or empty text clears `district`, `postal_code`, and abroad
    `province`. Another place without its `division_code` has none."""

    recipient: RecipientName | UnsetType = UNSET
    phone: Phone | UnsetType = UNSET
    province: PlaceOrNone | UnsetType | None = UNSET
    city: PlaceName | UnsetType = UNSET
    street: Street | UnsetType = UNSET
    country: Country | UnsetType = UNSET
    district: PlaceOrNone | UnsetType | None = UNSET
    postal_code: PostalCode | UnsetType | None = UNSET
    division_code: DivisionCode | UnsetType | None = UNSET
    is_default: bool | UnsetType = UNSET


@route(
    members, "GET", "/v1/me/addresses",
    summary="My address book, newest first",
    roles=[MEMBER], query=PageQuery, answer=Page[AddressView],
    example={"answer": {"data": [views.ADDRESS_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_addresses(call: Call) -> Reply:
    chosen = queries.profile(call.member_id).default_address
    rows, scope = slices(queries.addresses(call.member_id)), f"addresses:{call.member_id}"
    view = partial(_view, call, chosen)
    return Reply(page(scope, call.query, rows, view, leave_out_unreadable=True))


@route(
    members, "POST", "/v1/me/addresses",
    summary="Add an address: 20 at most",
    roles=[MEMBER], key=True, body=NewAddress, answer=AddressView, status=201,
    may_raise=[AddressBookFull],
    example={"request": views.ADDRESS_REQUEST_EXAMPLE, "answer": views.ADDRESS_EXAMPLE},
)  # fmt: skip
def add_address(call: Call) -> Reply:
    asked: NewAddress = call.body
    given: dict[str, Any] = msgspec.structs.asdict(asked)
    is_default = given.pop("is_default")
    address = rules.in_division(rules.valid_address(rules.BookAddress(**given)))
    made = call.member_id, call.derived_id("adr"), call.content_digest
    added = actions.add_address(*made, address, is_default=is_default, now=call.now)
    return answer_of(added, lambda row: _view(call, _default(call), row))


@route(
    members, "GET", "/v1/me/addresses/{id}",
    summary="One of my addresses",
    roles=[MEMBER], answer=AddressView,
    example={"answer": views.ADDRESS_EXAMPLE},
)  # fmt: skip
def show_address(call: Call) -> Reply:
    return _show(call)


@route(
    members, "PATCH", "/v1/me/addresses/{id}",
    summary="Change an address, or make it the default",
    roles=[MEMBER], body=AddressChange, answer=AddressView,
    example={"request": {"is_default": True}, "answer": views.ADDRESS_EXAMPLE},
)  # fmt: skip
def change_address(call: Call) -> Reply:
    changes: dict[str, Any] = msgspec.to_builtins(call.body)
    is_default = changes.pop("is_default", None)
    actions.change_address(call.member_id, call.path["id"], changes, is_default=is_default)
    return _show(call)


@route(
    members, "DELETE", "/v1/me/addresses/{id}",
    summary="Remove an address; no other becomes the default",
    roles=[MEMBER], status=204, example={},
)  # fmt: skip
def remove_address(call: Call) -> Reply:
    actions.remove_address(call.member_id, call.path["id"])
    return Reply()


def _show(call: Call) -> Reply:
    row = or_not_found(queries.find_address_item(call.member_id, call.path["id"]))
    return Reply(_view(call, _default(call), row))


def _default(call: Call) -> str | None:
    return queries.profile(call.member_id).default_address


def _view(call: Call, chosen: str | None, row: AddressItem) -> AddressView:
    address, is_default = queries.address_in(row, call.member_id), row.id == chosen
    return views.address_view(row.id, address, is_default=is_default, created_at=row.created_at)
