"""The operator of a command and their account, as AWS names them; the audit holds their changes."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from chalicelib.audit import Actor


@cache
def _identity() -> dict[str, Any]:
    import boto3

    found: dict[str, Any] = dict(boto3.client("sts").get_caller_identity())
    return found


def account_id() -> str:
    """The account's number, which ends the names of buckets."""
    return str(_identity()["Account"])


def name() -> str:
    """`operator:alice`: the last part of the ARN that the credentials are of."""
    return "operator:" + str(_identity()["Arn"]).rpartition("/")[2]


def actor() -> Actor:
    """The actor: no member of the mall, so without roles."""
    from chalicelib.audit import Actor

    return Actor(name(), frozenset(), None, "jifen")


def record(action: str, subject: str, **after: str | int | bool | None) -> None:
    """Record in the stage's audit an act that is about to be done."""
    from chalicelib import audit
    from chalicelib.kernel import clock, ids

    act_id, at_ms = ids.new_id("act"), clock.to_ms(clock.now())
    audit.record_asked(audit.Act(act_id, action, subject, actor(), at_ms, after=after))
