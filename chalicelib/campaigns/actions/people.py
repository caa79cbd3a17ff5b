"""Writes of what campaigns know of a member: tags by the staff, purchases, merges, erasure."""

from __future__ import annotations

from collections.abc import Collection

from chalicelib import audit
from chalicelib.audit import Act, Facts
from chalicelib.campaigns.actions.closing_accounts import forget_goals, join_goals
from chalicelib.campaigns.actions.prizes import forget_draws
from chalicelib.campaigns.queries.people import facts_of
from chalicelib.campaigns.rules import people as rules
from chalicelib.campaigns.rules.people import MemberFacts, Month
from chalicelib.campaigns.rules.purchases import UNDONE, Purchase
from chalicelib.campaigns.tables.people import MemberFactsItem
from chalicelib.kernel.clock import from_ms, program_day
from chalicelib.kernel.store.writes import WriteSet, delete_each, unmoved, with_fresh_reads


def set_tags(member_id: str, tags: Collection[str], act: Act) -> MemberFacts:
    """Give a member these tags, and no others."""

    def write() -> None:
        before = facts_of(member_id)
        if before.tags == set(tags):
            return
        key, kind = MemberFactsItem.key(member_id), MemberFactsItem
        change = kind.tags.set(set(tags)) if tags else kind.tags.remove()
        seen = unmoved(kind.tags, set(before.tags) or None)
        writes = WriteSet()
        writes.update(key, [change], condition=seen)
        audit.record(writes, act.changing(_shown(before.tags), _shown(tags)))
        writes.commit()

    with_fresh_reads(write)
    return facts_of(member_id)


def count_bought(writes: WriteSet, before: Purchase | None, now: Purchase, member_id: str) -> None:
    """Count a purchase for what is known of its member, in the month in which it was made."""
    seen = facts_of(member_id)
    change = _worth(now)
    if before is not None:
        then = _worth(before)
        change = change.plus(Month(-then.orders, -then.cash, -then.points))
    if change == Month():
        return
    month = f"{program_day(from_ms(now.at_ms)):%Y-%m}"
    put_bought(writes, seen, rules.with_bought(seen, month, change))


def put_bought(writes: WriteSet, seen: MemberFacts, after: MemberFacts) -> None:
    kind = MemberFactsItem
    changes = [
        kind.bought.set(after.bought),
        kind.bought_version.set(after.bought_version),
        kind.orders.set(after.orders),
    ]
    same = unmoved(kind.bought_version, seen.bought_version)
    writes.update(kind.key(seen.member_id), changes, condition=same)


def put_taken(writes: WriteSet, seen: MemberFacts, taken: dict[str, int]) -> None:
    """Add what a member took of campaigns; the commit raises Moved if it has changed since."""
    kind = MemberFactsItem
    changes = [kind.taken.set(taken), kind.taken_version.set(seen.taken_version + 1)]
    same = unmoved(kind.taken_version, seen.taken_version)
    writes.update(kind.key(seen.member_id), changes, condition=same)


def erase_of(member_id: str) -> None:
    """Delete what is known of a member; their draws stay under their pseudonyms. Safe to repeat."""
    delete_each([MemberFactsItem.key(member_id)])
    forget_draws(member_id)
    forget_goals(member_id)


def join_of(member_id: str, into: str) -> None:
    """Take what is known of a member over to another one. Safe to repeat."""

    def write() -> None:
        old, seen = facts_of(member_id), facts_of(into)
        if old == MemberFacts(member_id=member_id):
            return
        after = rules.joined(old, seen)
        writes, kind = WriteSet(), MemberFactsItem
        changes = [
            kind.taken.set(after.taken),
            kind.taken_version.set(after.taken_version),
            kind.bought.set(after.bought),
            kind.bought_version.set(after.bought_version),
            kind.orders.set(after.orders),
        ]
        for name in ("tags", "lists", "segments"):
            if of_both := getattr(after, name):
                changes.append(getattr(kind, name).set(set(of_both)))
        same = unmoved(kind.taken_version, seen.taken_version)
        same &= unmoved(kind.bought_version, seen.bought_version)
        writes.update(kind.key(into), changes, condition=same)
        gone = unmoved(kind.taken_version, old.taken_version)
        gone &= unmoved(kind.bought_version, old.bought_version)
        writes.delete(kind.key(member_id), condition=gone)
        writes.commit()

    with_fresh_reads(write)
    join_goals(member_id, into)


def _shown(tags: Collection[str]) -> Facts:
    return {"tags": ", ".join(sorted(tags))}


def _worth(purchase: Purchase) -> Month:
    if purchase.state == UNDONE:
        return Month()
    return Month(1, purchase.cash, purchase.points)
