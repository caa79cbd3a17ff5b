"""The composition root: the Chalice app and its blueprints."""

from __future__ import annotations

# Nearly every call reads a table: Lambda gives a start more of a processor than a call.
import chalicelib.kernel.store.tables  # noqa: F401
from chalicelib.kernel.web.application import Application

ROUTES = (
    "chalicelib.kernel.web.service:service",
    "chalicelib.kernel.web.program:program",
    "chalicelib.kernel.web.parked:parked",
    "chalicelib.ledger.routes.points:ledger",
    "chalicelib.ledger.routes.adjustments:adjusting",
    "chalicelib.ledger.routes.admin:ledger_admin",
    "chalicelib.catalog.routes.products:catalog",
    "chalicelib.catalog.routes.favourites:favourites",
    "chalicelib.catalog.routes.admin:catalog_admin",
    "chalicelib.catalog.routes.freight:freight_admin",
    "chalicelib.catalog.routes.brands:brands",
    "chalicelib.catalog.routes.skus:catalog_skus",
    "chalicelib.catalog.routes.stores:stores",
    "chalicelib.catalog.routes.slots:slots",
    "chalicelib.catalog.routes.uploads:sending",
    "chalicelib.earning.routes.events:earning",
    "chalicelib.earning.routes.holds:holds",
    "chalicelib.orders.routes.goods:goods",
    "chalicelib.orders.routes.orders:orders",
    "chalicelib.orders.routes.quotes:quotes",
    "chalicelib.orders.routes.cart:carts",
    "chalicelib.orders.routes.notes:order_notes",
    "chalicelib.orders.routes.payments:paying",
    "chalicelib.orders.routes.refunds:refunding",
    "chalicelib.orders.routes.review:review",
    "chalicelib.orders.routes.fulfilment:fulfilment",
    "chalicelib.orders.routes.returns:returning",
    "chalicelib.orders.routes.returns_admin:returns_admin",
    "chalicelib.orders.routes.bookings:booking_routes",
    "chalicelib.orders.routes.vouchers:voucher_routes",
    "chalicelib.orders.routes.tracking:tracking_routes",
    "chalicelib.orders.routes.reviews:reviews",
    "chalicelib.orders.routes.moderation:moderation",
    "chalicelib.members.routes:members",
    "chalicelib.payments.routes.methods:methods",
    "chalicelib.payments.routes.webhooks:webhooks",
    "chalicelib.payments.routes.refunds:refunds",
    "chalicelib.withdrawals.routes.withdrawals:member_withdrawals",
    "chalicelib.withdrawals.routes.admin:payouts_admin",
    "chalicelib.finance.routes.settlements:settling",
    "chalicelib.finance.routes.liability:liability",
    "chalicelib.finance.routes.jobs:jobs",
    "chalicelib.finance.routes.reconciliations:reconciliations",
    "chalicelib.finance.routes.invoices:invoices",
    "chalicelib.finance.routes.overview:overview",
    "chalicelib.notify.routes:notices",
    "chalicelib.audit.routes.acts:audit_log",
)
EVENTS = (
    "chalicelib.ledger.events:events",
    "chalicelib.earning.events:events",
    "chalicelib.orders.events:events",
    "chalicelib.members.events:events",
    "chalicelib.catalog.events:events",
    "chalicelib.payments.events:events",
    "chalicelib.withdrawals.events:events",
    "chalicelib.finance.events.settlements:events",
    "chalicelib.finance.events.reconciliations:reconciling",
    "chalicelib.finance.events.invoices:invoicing",
    "chalicelib.notify.events:events",
)

app = Application("jifen", ROUTES, EVENTS)
