"""Items of the audit table: one for each act, put once and never changed.

    pk SUB#<subject>  sk ACT#<act>

Index `history` (local: consistent) lists a subject's acts by time, `by_actor` what one of the
staff did, `by_month` all acts of a program month. `at` is the padded epoch ms, the machine's ns at
the record's making and the act's id: acts of one ms stand in the order in which they were recorded.
Earlier releases wrote no ns.
"""

from __future__ import annotations

from datetime import date, timedelta
from time import time_ns

from pynamodb.attributes import UnicodeAttribute, UnicodeSetAttribute
from pynamodb.expressions.condition import Condition

from chalicelib.audit.rules import Act, Actor, Facts, month_of
from chalicelib.kernel import clock, crypto
from chalicelib.kernel.clock import end_of
from chalicelib.kernel.config import config
from chalicelib.kernel.store.attributes import BytesAttribute, StructAttribute
from chalicelib.kernel.store.indexes import index
from chalicelib.kernel.store.tables import Item

_AT_DIGITS = 15


class ActItem(Item):
    """One act; `sealed_*` hold what erasure may take away, each sealed to its record."""

    class Meta:
        table_name = config().table("audit")

    history = index("history", "pk", "at")
    by_month = index("by_month", "month", "at")
    by_actor = index("by_actor", "actor", "at")
    at = UnicodeAttribute()
    month = UnicodeAttribute()
    action = UnicodeAttribute()
    actor = UnicodeAttribute()
    roles = UnicodeSetAttribute(null=True)
    request_id = UnicodeAttribute()
    before = StructAttribute[Facts](Facts)
    after = StructAttribute[Facts](Facts)
    content = BytesAttribute(null=True)
    sealed_reason = BytesAttribute(null=True)
    sealed_ip = BytesAttribute(null=True)
    sealed_agent = BytesAttribute(null=True)

    @classmethod
    def of(cls, act: Act) -> ActItem:
        """The record as it is made now: of the tries of an act, one is kept."""
        return cls.holding(
            act,
            subject_key(act.subject),
            act_key(act.id),
            at=f"{act.at_ms:0{_AT_DIGITS}d}#{time_ns():019d}#{act.id}",
            month=month_of(clock.program_day(clock.from_ms(act.at_ms))),
            actor=act.actor.member_id,
            roles=set(act.actor.roles) or None,
            request_id=act.actor.request_id,
            sealed_reason=_seal(act.reason, act.id, "reason"),
            sealed_ip=_seal(act.actor.source_ip, act.id, "ip"),
            sealed_agent=_seal(act.actor.user_agent, act.id, "agent"),
        )

    def value(self) -> Act:
        act_id = self.sk.removeprefix("ACT#")
        actor = Actor(
            self.actor,
            frozenset(self.roles or ()),
            _unseal(self.sealed_ip, act_id, "ip"),
            self.request_id,
            _unseal(self.sealed_agent, act_id, "agent"),
        )
        return self.into(
            Act,
            id=act_id,
            subject=self.pk.removeprefix("SUB#"),
            actor=actor,
            at_ms=int(self.at[:_AT_DIGITS]),
            reason=_unseal(self.sealed_reason, act_id, "reason"),
        )


def within(day: date | None) -> Condition | None:
    """The acts of a program day; of all days for None."""
    if day is None:
        return None
    first, after = end_of(day - timedelta(days=1)), end_of(day)
    # A `~` sorts after what follows the time.
    last = f"{clock.to_ms(after) - 1:0{_AT_DIGITS}d}~"
    found: Condition = ActItem.at.between(f"{clock.to_ms(first):0{_AT_DIGITS}d}", last)
    return found


def subject_key(subject: str) -> str:
    return f"SUB#{subject}"


def act_key(act_id: str) -> str:
    return f"ACT#{act_id}"


def _seal(words: str | None, act_id: str, what: str) -> bytes | None:
    return crypto.encrypt(words.encode(), f"{act_id}:{what}") if words else None


def _unseal(sealed: bytes | None, act_id: str, what: str) -> str | None:
    return crypto.decrypt(sealed, f"{act_id}:{what}").decode() if sealed else None
