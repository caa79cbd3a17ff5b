"""Invoices' function: a refund lowers the amount of an order's invoice."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, SQSEvent

from chalicelib.finance.actions.invoices import refresh_invoice
from chalicelib.kernel.config import config
from chalicelib.kernel.store.facts import Fact, Handlers
from chalicelib.kernel.store.queues import consume
from chalicelib.orders import OrderRefunded

invoicing = Blueprint(__name__)


@invoicing.on_sqs_message(queue=config().queue("invoices"), name="mark_invoices", batch_size=10)
def mark_invoices(event: SQSEvent) -> dict[str, Any]:
    return consume(event.to_dict(), HEARD)


def _mark(fact: Fact[OrderRefunded]) -> None:
    refresh_invoice(fact.data.order_id)


HEARD: Handlers = {OrderRefunded: _mark}
