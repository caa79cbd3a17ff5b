"""The functions of earning: apply waiting events once their member or payment is there."""

from __future__ import annotations

from typing import Any

from chalice.app import Blueprint, CloudWatchEvent, Rate, SQSEvent

from chalicelib import members
from chalicelib.earning import actions
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.store.facts import Fact, Handlers
from chalicelib.kernel.store.queues import consume
from chalicelib.ledger import TransferEscrowed
from chalicelib.members import IdentityAdded

events = Blueprint(__name__)


@events.on_sqs_message(queue=config().queue("registrations"), name="apply_unmatched", batch_size=10)
def apply_unmatched(event: SQSEvent) -> dict[str, Any]:
    return consume(event.to_dict(), HEARD)


@events.schedule(Rate(1, unit=Rate.HOURS), name="sweep_refunds")
def sweep_refunds(_: CloudWatchEvent) -> dict[str, int]:
    """Apply refunds whose payment came at the same moment, or that a crash left waiting."""
    settled, waiting = actions.sweep_refunds(clock.now())
    return {"settled": settled, "waiting_long": waiting}


def claim_waiting(fact: Fact[IdentityAdded] | Fact[TransferEscrowed]) -> None:
    """Give a member the gifts and events that wait for a new identity of theirs.

    Called for an added identity and for a waiting gift: the second of the two gives it.
    """
    # Facts come late and again: gifts and events go to the identity's current holder, if any.
    identity = fact.data.identity
    holder = members.member_with(identity)
    if holder is not None:
        now = clock.now()
        members.claim_gifts(identity, holder, now)
        actions.apply_unmatched(identity, holder, now)


HEARD: Handlers = {IdentityAdded: claim_waiting, TransferEscrowed: claim_waiting}
