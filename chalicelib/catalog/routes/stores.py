"""Stores: for everybody by city, and for ops in full."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.catalog.actions import stores as actions
from chalicelib.catalog.queries import stores as queries
from chalicelib.catalog.routes.admin import IF_MATCH, READERS, WRITERS
from chalicelib.catalog.rules.products import Localized
from chalicelib.catalog.rules.stores import Hours, Store, StoreChange, StoreDraft, StoreStatus
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import Stale, or_not_found
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.texts import kind
from chalicelib.kernel.web.http import FIVE_MINUTES, Reply, answer_of, route
from chalicelib.kernel.web.requests import Call

stores = Blueprint(__name__)

CityName = Annotated[str, kind(40)]


class StoresQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """Stores of one city, by its name in either language."""

    city: CityName | None = None


class AdminStoresQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """All stores, or those of one city or status."""

    city: CityName | None = None
    status: StoreStatus | None = None


class StoreView(msgspec.Struct):
    """A store in the reader's language. `is_open`: somebody is there now."""

    id: str
    title: str
    city: str
    address: str
    phone: str | None
    hours: list[Hours]
    is_open: bool


class AdminStoreView(msgspec.Struct):
    """A store as ops sent it, with its version."""

    id: str
    version: int
    title: Localized
    city: Localized
    address: Localized
    phone: str | None
    hours: list[Hours]
    staff: list[str]
    status: StoreStatus
    created_at: str


_HOURS = [{"days": [1, 2, 3, 4, 5, 6, 7], "opens": "09:00", "closes": "21:00"}]
STORE_EXAMPLE: dict[str, Any] = {
    "id": "sto_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "title": "南京东路店",
    "city": "上海",
    "address": "黄浦区南京东路 1 号",
    "phone": "021-60000000",
    "hours": _HOURS,
    "is_open": True,
}
DRAFT_EXAMPLE: dict[str, Any] = {
    "title": {"zh-CN": "南京东路店", "en": "Nanjing Road East"},
    "city": {"zh-CN": "上海", "en": "Shanghai"},
    "address": {"zh-CN": "黄浦区南京东路 1 号", "en": "1 Nanjing Road East, Huangpu"},
    "phone": "021-60000000", "hours": _HOURS, "staff": [],
}  # fmt: skip
ADMIN_EXAMPLE: dict[str, Any] = {
    **DRAFT_EXAMPLE,
    "id": "sto_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "version": 1,
    "status": "open",
    "created_at": "2026-11-21T08:00:00Z",
}


@route(
    stores, "GET", "/v1/stores",
    summary="List the stores, of one city or of all, newest first",
    query=StoresQuery, answer=Page[StoreView],
    example={"answer": {"data": [STORE_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_stores(call: Call) -> Reply:
    asked: StoresQuery = call.query
    found = queries.list_stores(asked, city=asked.city, status="open")
    return Reply(found.shown(lambda each: _store_view(each, call)), headers=FIVE_MINUTES)


@route(
    stores, "GET", "/v1/stores/{id}",
    summary="Show a store",
    answer=StoreView, example={"answer": STORE_EXAMPLE},
)  # fmt: skip
def show_store(call: Call) -> Reply:
    store = or_not_found(queries.find_store(call.path["id"], consistent=False))
    return Reply(_store_view(store, call), headers=FIVE_MINUTES)


@route(
    stores, "POST", "/v1/admin/stores",
    summary="Create a store",
    roles=WRITERS, body=StoreDraft, answer=AdminStoreView, status=201, key=True,
    example={"request": DRAFT_EXAMPLE, "answer": ADMIN_EXAMPLE},
)  # fmt: skip
def create_store(call: Call) -> Reply:
    store_id = call.derived_id("sto")
    act = audit.act_of(call, "store.create", store_id)
    made = actions.create_store(call.body, store_id, act, call.content_digest, call.now)
    return answer_of(made, _admin_view)


@route(
    stores, "GET", "/v1/admin/stores",
    summary="List all stores with their versions, newest first",
    roles=READERS, query=AdminStoresQuery, answer=Page[AdminStoreView],
    example={"answer": {"data": [ADMIN_EXAMPLE], "next_cursor": None}},
)  # fmt: skip
def list_admin_stores(call: Call) -> Reply:
    asked: AdminStoresQuery = call.query
    return Reply(
        queries.list_stores(asked, city=asked.city, status=asked.status).shown(_admin_view)
    )


@route(
    stores, "GET", "/v1/admin/stores/{id}",
    summary="Show a store in full",
    roles=READERS, answer=AdminStoreView, example={"answer": ADMIN_EXAMPLE},
)  # fmt: skip
def show_admin_store(call: Call) -> Reply:
    return Reply(_admin_view(queries.find_store_item(call.path["id"]).store))


@route(
    stores, "PATCH", "/v1/admin/stores/{id}",
    summary="Change any part of a store",
    roles=WRITERS, body=StoreChange, answer=AdminStoreView, headers=IF_MATCH, may_raise=[Stale],
    example={"request": {"status": "closed"}, "answer": {**ADMIN_EXAMPLE, "version": 2,
                                                         "status": "closed"}},
)  # fmt: skip
def change_store(call: Call) -> Reply:
    act = audit.act_of(call, "store.change", call.path["id"])
    return Reply(
        _admin_view(actions.update_store(call.path["id"], call.body, call.seen_version, act))
    )


def _store_view(store: Store, call: Call) -> StoreView:
    return shaped(
        StoreView,
        store,
        title=store.title.in_language(call.language),
        city=store.city.in_language(call.language),
        address=store.address.in_language(call.language),
        is_open=store.is_open_at(call.now),
    )


def _admin_view(store: Store) -> AdminStoreView:
    return shaped(AdminStoreView, store)
