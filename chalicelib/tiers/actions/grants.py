"""Grants of a tier by the staff, until a moment."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.kernel.crypto import encrypt
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.tiers import queries
from chalicelib.tiers.actions.standings import put_changed
from chalicelib.tiers.errors import TierNotHigher
from chalicelib.tiers.rules import standing as rules
from chalicelib.tiers.rules.history import step_of
from chalicelib.tiers.rules.standing import Grant, Standing


def grant_tier(member_id: str, grant: Grant, act: Act, now: datetime) -> tuple[Standing, bool]:
    """Give a member a tier above the one that they have earned: (standing, replayed).

    Another grant takes the place of one before it.

    Raises TierNotHigher, Unauthenticated if the member is gone, IdempotencyKeyReused.
    """

    def write() -> Standing:
        seen, at = queries.find_standing(member_id), queries.moment(now)
        if at.ladder.rank(grant.tier) <= at.ladder.rank(seen.earned):
            raise TierNotHigher(tier=seen.earned)
        after, why = rules.granted(seen, grant, at)
        after = replace(after, version=seen.version + 1)
        step = step_of(seen, after, why or "grant", at)
        sealed = encrypt(act.reason.encode(), member_id) if act.reason else None
        step = replace(step, by=act.actor.member_id, reason=sealed)
        writes = WriteSet()
        put_changed(writes, seen, after, at, step)
        told: audit.Facts = {"tier": after.tier, "granted": grant.tier}
        granted_before = seen.grant.tier if seen.grant else None
        before: audit.Facts = {"tier": seen.tier, "granted": granted_before}
        audit.record(writes, act.changing(before, {**told, "until_ms": grant.until_ms}))
        writes.commit()
        return after

    return audit.once(act, write, lambda: queries.find_standing(member_id))
