"""The notify queue's consumer: members' news, and what ops are told."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, SQSEvent

from chalicelib.catalog import StockCrossed
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.store.facts import Fact, Handlers
from chalicelib.kernel.store.queues import consume
from chalicelib.ledger import TransferEscrowed
from chalicelib.notify.actions import deliver, tell_ops
from chalicelib.notify.rules import NEWS_FACTS

events = Blueprint(__name__)


@events.on_sqs_message(queue=config().queue("notify"), name="notify_members", batch_size=10)
def notify_members(event: SQSEvent) -> dict[str, Any]:
    """Deliver facts to members one by one; only failed facts are redelivered."""
    return consume(event.to_dict(), HEARD, hears_all=True)


def _tell(fact: Fact[Any]) -> None:
    # A claim outlives its holder's process, so it runs on real time, not on the program's clock.
    deliver(fact, clock.machine_now())


def _tell_ops(fact: Fact[StockCrossed]) -> None:
    tell_ops(fact, clock.machine_now())


HEARD: Handlers = {
    **dict.fromkeys((*NEWS_FACTS, TransferEscrowed), _tell),
    StockCrossed: _tell_ops,
}
