"""The composition root: the Chalice app and its blueprints."""

from __future__ import annotations

from chalice.app import Chalice

from chalicelib.audit.routes import audit_log
from chalicelib.campaigns.checkout import checkout
from chalicelib.campaigns.events import events as campaigns_events
from chalicelib.campaigns.routes import campaigns
from chalicelib.catalog.admin import catalog_admin
from chalicelib.catalog.routes import catalog
from chalicelib.kernel.auth import authorizers
from chalicelib.kernel.refusals import refuse_other_methods
from chalicelib.kernel.service import service
from chalicelib.ledger.adjusting import adjusting
from chalicelib.ledger.admin import ledger_admin
from chalicelib.ledger.events import events as ledger_events
from chalicelib.ledger.routes import ledger
from chalicelib.members.events import events as members_events
from chalicelib.members.routes import members
from chalicelib.notify.events import events as notify_events
from chalicelib.notify.routes import notices
from chalicelib.orders.events import events as orders_events
from chalicelib.orders.review import review
from chalicelib.orders.routes import orders

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
    campaigns,
    checkout,
    campaigns_events,
    orders,
    review,
    orders_events,
    members,
    members_events,
    notices,
    notify_events,
    audit_log,
):
    app.register_blueprint(blueprint)

refuse_other_methods(app)  # last: it goes through the paths known by now
