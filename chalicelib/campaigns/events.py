"""Campaigns' functions: events that waited for a registration are applied when it happens."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, SQSEvent

from chalicelib import members
from chalicelib.campaigns.actions import apply_unmatched as apply_waiting
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.facts import Fact
from chalicelib.kernel.queues import consume

events = Blueprint(__name__)


@events.on_sqs_message(queue=config().queue("registrations"), name="apply_unmatched", batch_size=10)
def apply_unmatched(event: SQSEvent) -> dict[str, Any]:
    return consume(event.to_dict(), settle)


def settle(fact: Fact) -> None:
    """Apply what waited for an identity that a member now has."""
    # Facts come late and again: what waits is its holder's of today, if there is one.
    holder = members.member_with(fact.data["identity"])
    if holder is not None:
        apply_waiting(fact.data["identity"], holder, clock.now())
