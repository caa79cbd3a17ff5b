"""The functions of risk: note what is new of a member, and assess the members of whom it is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, Rate, SQSEvent

from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.observe import logger
from chalicelib.kernel.store.facts import Fact, Handlers
from chalicelib.kernel.store.queues import consume
from chalicelib.kernel.sweeps import raise_failed
from chalicelib.ledger import EntryRecorded
from chalicelib.members import SignedIn
from chalicelib.risk.actions import cases, uses

events = Blueprint(__name__)


@events.on_sqs_message(queue=config().queue("risk"), name="note_risk", batch_size=10)
def note_risk(event: SQSEvent) -> dict[str, Any]:
    return consume(event.to_dict(), HEARD)


@events.schedule(Rate(5, unit=Rate.MINUTES), name="assess_risk")
def assess_risk(_: CloudWatchEvent) -> dict[str, int]:
    """Score the members of whom something new is known.

    Raises ExceptionGroup of the failures, after the others are done.
    """
    failed: list[Exception] = []
    assessed = cases.sweep(clock.now(), failed)
    logger().info("members assessed", extra={"assessed": assessed, "failed": len(failed)})
    raise_failed("members were not assessed", failed)
    return {"assessed": assessed}


def note_entry(fact: Fact[EntryRecorded]) -> None:
    uses.ask(fact.data.member_id, clock.now())


def note_sign_in(fact: Fact[SignedIn]) -> None:
    told = fact.data
    uses.note_use(
        told.member_id, told.device, told.network, datetime.fromisoformat(fact.occurred_at)
    )


HEARD: Handlers = {EntryRecorded: note_entry, SignedIn: note_sign_in}
