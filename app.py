"""The composition root: the Chalice app and its blueprints."""

from __future__ import annotations

from datetime import datetime

# Nearly every call reads a table: Lambda gives a start more of a processor than a call.
import chalicelib.kernel.store.tables  # noqa: F401
from chalicelib.kernel.errors import JifenError
from chalicelib.kernel.web.application import Application
from chalicelib.kernel.web.requests import Caller

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
    "chalicelib.catalog.routes.movements:moves",
    "chalicelib.catalog.routes.stores:stores",
    "chalicelib.catalog.routes.slots:slots",
    "chalicelib.catalog.routes.uploads:sending",
    "chalicelib.catalog.routes.exports:exports",
    "chalicelib.tiers.routes:tiers",
    "chalicelib.coupons.routes.templates:template_routes",
    "chalicelib.coupons.routes.claims:claim_routes",
    "chalicelib.coupons.routes.transfers:transfer_routes",
    "chalicelib.coupons.routes.grants:grant_routes",
    "chalicelib.campaigns.routes.missions:mission_routes",
    "chalicelib.campaigns.routes.missions_admin:mission_admin",
    "chalicelib.campaigns.routes.rewards:reward_routes",
    "chalicelib.campaigns.routes.boards:board_routes",
    "chalicelib.campaigns.routes.boards_admin:board_admin",
    "chalicelib.campaigns.routes.triggers:trigger_admin",
    "chalicelib.earning.routes.events:earning",
    "chalicelib.earning.routes.holds:holds",
    "chalicelib.earning.routes.coupons:shop_coupons",
    "chalicelib.earning.routes.rules:rules_admin",
    "chalicelib.earning.routes.replays:replays_admin",
    "chalicelib.earning.routes.check_ins:check_in_routes",
    "chalicelib.earning.routes.tasks:task_routes",
    "chalicelib.earning.routes.tasks_admin:task_admin",
    "chalicelib.campaigns.routes.previews:campaigns_admin",
    "chalicelib.campaigns.routes.campaigns:campaign_routes",
    "chalicelib.campaigns.routes.tags:tags_admin",
    "chalicelib.campaigns.routes.places:places",
    "chalicelib.campaigns.routes.segments:segments_admin",
    "chalicelib.campaigns.routes.results:campaign_results",
    "chalicelib.risk.routes.cases:risk_cases",
    "chalicelib.risk.routes.rules:risk_rules",
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
    "chalicelib.orders.routes.exports:exports",
    "chalicelib.orders.routes.imports:imports",
    "chalicelib.orders.routes.sellers:selling",
    "chalicelib.members.routes:members",
    "chalicelib.earning.routes.referrals:referral_routes",
    "chalicelib.campaigns.routes.lotteries:lottery_routes",
    "chalicelib.campaigns.routes.lottery_admin:lottery_admin",
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
    "chalicelib.privacy.routes:privacy",
)
EVENTS = (
    "chalicelib.ledger.events:events",
    "chalicelib.earning.events:events",
    "chalicelib.coupons.events:events",
    "chalicelib.campaigns.events:events",
    "chalicelib.risk.events:events",
    "chalicelib.orders.events:events",
    "chalicelib.members.events:events",
    "chalicelib.tiers.events:events",
    "chalicelib.catalog.events:events",
    "chalicelib.payments.events:events",
    "chalicelib.withdrawals.events:events",
    "chalicelib.finance.events.settlements:events",
    "chalicelib.finance.events.reconciliations:reconciling",
    "chalicelib.finance.events.invoices:invoicing",
    "chalicelib.notify.events:events",
    "chalicelib.privacy.events:events",
)


def missing_consent(caller: Caller, now: datetime) -> JifenError | None:
    """The members' answer, whose module is loaded at the first route that asks."""
    from chalicelib import members

    return members.missing_consent(caller, now)


def merged(caller: Caller, _now: datetime) -> JifenError | None:
    """The members' answer to a token of an id that was merged."""
    from chalicelib import members

    return members.AccountMerged() if members.merged_into(caller.member_id) else None


app = Application("jifen", ROUTES, EVENTS, missing_consent=missing_consent, gone=merged)
