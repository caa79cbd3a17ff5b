"""The composition root: the Chalice app and its blueprints."""

from __future__ import annotations

from chalice.app import Chalice

from chalicelib.audit.routes.acts import audit_log
from chalicelib.catalog.routes.admin import catalog_admin
from chalicelib.catalog.routes.products import catalog
from chalicelib.earning.events import events as earning_events
from chalicelib.earning.routes.events import earning
from chalicelib.earning.routes.holds import holds
from chalicelib.finance.events.invoices import invoicing
from chalicelib.finance.events.reconciliations import reconciling
from chalicelib.finance.events.settlements import events as finance_events
from chalicelib.finance.routes.invoices import invoices
from chalicelib.finance.routes.jobs import jobs
from chalicelib.finance.routes.liability import liability
from chalicelib.finance.routes.reconciliations import reconciliations
from chalicelib.finance.routes.settlements import settling
from chalicelib.kernel.web.auth import authorizers
from chalicelib.kernel.web.refusals import refuse_other_methods
from chalicelib.kernel.web.service import service
from chalicelib.ledger.events import events as ledger_events
from chalicelib.ledger.routes.adjustments import adjusting
from chalicelib.ledger.routes.admin import ledger_admin
from chalicelib.ledger.routes.points import ledger
from chalicelib.members.events import events as members_events
from chalicelib.members.routes import members
from chalicelib.notify.events import events as notify_events
from chalicelib.notify.routes import notices
from chalicelib.orders.events import events as orders_events
from chalicelib.orders.routes.fulfilment import fulfilment
from chalicelib.orders.routes.orders import orders
from chalicelib.orders.routes.payments import paying
from chalicelib.orders.routes.review import review
from chalicelib.payments.events import events as payments_events
from chalicelib.payments.routes.refunds import refunds
from chalicelib.payments.routes.webhooks import webhooks
from chalicelib.withdrawals.events import events as withdrawals_events
from chalicelib.withdrawals.routes.admin import payouts_admin
from chalicelib.withdrawals.routes.withdrawals import member_withdrawals

app = Chalice(app_name="jifen", configure_logs=False)
for blueprint in (
    authorizers,
    service,
    ledger,
    adjusting,
    ledger_admin,
    ledger_events,
    catalog,
    catalog_admin,
    earning,
    holds,
    earning_events,
    orders,
    paying,
    review,
    fulfilment,
    orders_events,
    members,
    members_events,
    payments_events,
    webhooks,
    refunds,
    member_withdrawals,
    payouts_admin,
    withdrawals_events,
    settling,
    liability,
    jobs,
    finance_events,
    reconciliations,
    reconciling,
    invoices,
    invoicing,
    notices,
    notify_events,
    audit_log,
):
    app.register_blueprint(blueprint)

refuse_other_methods(app)  # last: it goes through the paths known by now
