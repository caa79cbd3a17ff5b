"""Writes of the audit: a record joins the transaction of the act that it tells of."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from chalicelib.audit.errors import ActRecorded
from chalicelib.audit.queries import find_act
from chalicelib.audit.rules import Act, Actor, Facts, differences
from chalicelib.audit.tables import ActItem, subject_key
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.spelling import short_user_agent
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, update_alone
from chalicelib.kernel.web.requests import Call

T = TypeVar("T")


def record(writes: WriteSet, act: Act) -> None:
    """Add the record of an act; a retry of the act is refused by ActRecorded."""
    writes.put_new(ActItem.of(act), or_raise=ActRecorded)


def record_change(writes: WriteSet, act: Act, before: object, after: object) -> None:
    """Add the record of an act with what differs between two versions of its subject; None is
    none: it was made, or is gone."""
    record(writes, act.changing(*differences(before, after)))


def once(act: Act, write: Callable[[], T], find: Callable[[], T | None]) -> tuple[T, bool]:
    """Do an act by `write`, which records it, or `find` what an earlier try did: (it, replayed).

    Raises IdempotencyKeyReused, and what `write` raises.
    """
    return replay_outranks_refusal(write, lambda: find() if find_act(act) else None)


def record_asked(act: Act) -> bool:
    """Record an act before it is begun, since its effects are not one transaction; whether an
    earlier try with the same key has.

    Raises IdempotencyKeyReused.
    """

    def write() -> bool:
        writes = WriteSet()
        record(writes, act)
        writes.commit()
        return True

    return once(act, write, lambda: True)[1]


def record_read(call: Call, action: str, subject: str, shown: Facts | None = None) -> None:
    """Record that somebody is about to be shown what is personal: each reading is an act."""
    act = Act(new_id("act"), action, subject, actor_of(call), to_ms(call.now))
    writes = WriteSet()
    record(writes, act.changing({}, shown or {}))
    writes.commit()


def forget_reasons(subject: str) -> None:
    """Forget why the staff acted on a subject: the words of a member who is erased. What was done,
    by whom, stays. Safe to repeat."""
    acts = ActItem.query(subject_key(subject), ActItem.sk.startswith("ACT#"), consistent_read=True)
    for item in acts:
        if item.sealed_reason is not None:
            update_alone(ActItem(item.pk, item.sk), [ActItem.sealed_reason.remove()])


def actor_of(call: Call) -> Actor:
    """The actor behind a call."""
    assert call.caller is not None, "only routes with roles have a caller"
    caller = call.caller
    return Actor(
        caller.member_id,
        caller.roles,
        call.source_ip or None,
        call.request_id,
        short_user_agent(call.headers.get("user-agent", "")) or None,
    )


def act_of(call: Call, action: str, subject: str, reason: str | None = None) -> Act:
    """The act that a call asks for, named by its Idempotency-Key if it has one. `changing`
    completes it.
    """
    return Act(
        id=call.derived_id("act") if call.key else new_id("act"),
        action=action,
        subject=subject,
        actor=actor_of(call),
        at_ms=to_ms(call.now),
        reason=reason,
        content=call.content_digest,
    )
