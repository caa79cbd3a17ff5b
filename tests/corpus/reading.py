"""Reads items and messages of a release with today's code."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable
from typing import Any

import msgspec

from chalicelib.catalog.routes import views as catalog_views
from chalicelib.catalog.routes.opening_views import Seen
from chalicelib.catalog.rules.ratings import Rating
from chalicelib.catalog.tables.items import ProductItem
from chalicelib.catalog.tables.pools import CodeItem
from chalicelib.coupons import events as coupon_events
from chalicelib.earning.rules import Payment
from chalicelib.finance.queries.invoices import buyer_of
from chalicelib.finance.tables.invoices import InvoiceItem
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.streams import Change
from chalicelib.ledger import events as ledger_events
from chalicelib.ledger.tables.accounts import AccountItem
from chalicelib.ledger.tables.entries import EntryItem
from chalicelib.ledger.tables.rows import AccountRow, EntryRow
from chalicelib.ledger.tables.waiting import EscrowItem
from chalicelib.members import events as members_events
from chalicelib.members import queries as members
from chalicelib.members.tables.items import AddressItem, LinkedItem
from chalicelib.members.tables.seals import unseal_recipient
from chalicelib.notify.queries import opened as opened_news
from chalicelib.notify.routes import view as notice_view
from chalicelib.notify.tables import NoticeItem
from chalicelib.orders import events as orders_events
from chalicelib.orders.queries import orders as orders_queries
from chalicelib.orders.routes import views as orders_views
from chalicelib.orders.tables import OrderItem
from chalicelib.payments import events as payments_events
from chalicelib.tiers import events as tiers_events
from chalicelib.withdrawals import events as withdrawals_events
from chalicelib.withdrawals.queries import payout_accounts
from chalicelib.withdrawals.tables.payout_accounts import PayoutAccountItem
from chalicelib.withdrawals.tables.withdrawals import WithdrawalItem
from infra.cli import records

RELAYS: dict[str, Callable[[Change], list[Fact]]] = {
    "coupons": coupon_events.facts_of,
    "ledger": ledger_events.facts_of,
    "members": members_events.facts_of,
    "orders": orders_events.facts_of,
    "tiers": tiers_events.facts_of,
    "payments": lambda told: payments_events.facts_of(told) + withdrawals_events.facts_of(told),
}


def raw(image: Any) -> Any:
    """An item in botocore's form: bytes instead of the corpus's base64."""
    if isinstance(image, dict):
        return {
            name: b64decode(value) if name == "B" and isinstance(value, str) else raw(value)
            for name, value in image.items()
        }
    return image


def opened(table: str, image: dict[str, Any]) -> Any:
    """The item's value, with its sealed parts opened.

    Raises Unreadable, or whatever its depths raise.
    """
    item = raw(image)
    value = records.read(table, item)
    kind = records.kind_of(table, item)
    for wanted, deeper in _DEEPER:
        if kind is wanted:
            deeper(kind.from_raw_data(item))
    if kind in _ROWS:
        msgspec.json.decode(msgspec.json.encode(image), type=_ROWS[kind], strict=False).value()
    return value


def _order(item: OrderItem) -> None:
    order = item.value()
    orders_queries.address_of(order)
    codes = orders_queries.codes_of(order)
    for line in order.lines:
        orders_views.line_view(line, "en", codes.get(line.sku, []))
    for step in order.steps:
        shaped(orders_views.StepView, step)


def _product(item: ProductItem) -> None:
    for language in ("zh-CN", "en"):
        left = {sku.sku: 1 for sku in item.product.skus}
        seen = Seen(item.product.updated_at, [])
        catalog_views.product_view(item.product, left, Rating(), language, seen)
    catalog_views.admin_product(item.product, {})


def _notice(item: NoticeItem) -> None:
    opened_news(item)
    for language in ("zh-CN", "en"):
        notice_view(language, item)


def _entry(item: EntryItem) -> None:
    if item.note and item.note.startswith(b'{"amount"'):
        Payment.decode(item.note)


def _member_of(item: Any) -> str:
    return str(item.pk).partition("#")[2]


_DEEPER: list[tuple[Any, Callable[[Any], Any]]] = [
    (AddressItem, lambda item: members.address_in(item, _member_of(item))),
    (CodeItem, CodeItem.plain),
    (EntryItem, _entry),
    (EscrowItem, lambda item: item.recipient and unseal_recipient(item.recipient, item.sk)),
    (InvoiceItem, lambda item: buyer_of(item.value())),
    (LinkedItem, lambda item: members.shown_in(item, _member_of(item))),
    (NoticeItem, _notice),
    (OrderItem, _order),
    (
        PayoutAccountItem,
        lambda item: item.sealed and payout_accounts.opened(item.sealed, _member_of(item)),
    ),
    (ProductItem, _product),
    (WithdrawalItem, lambda item: payout_accounts.opened(item.destination, item.member_id)),
]
_ROWS: dict[Any, Any] = {AccountItem: AccountRow, EntryItem: EntryRow}
