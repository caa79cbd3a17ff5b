"""Reads of evidence: who used what, whom referrals join, what was given and taken back.

An assessment is on no request path. It takes 4 to 6 queries for most members; the bounds below are
for the rest, and more evidence than they let in changes no verdict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from heapq import nlargest
from itertools import chain, islice
from typing import NamedTuple

from chalicelib import earning, ledger, members
from chalicelib.kernel.clock import program_day, to_ms
from chalicelib.ledger import ACCRUAL, CLAWBACK
from chalicelib.risk.rules.evidence import (
    DAY_MS,
    NETWORK_DAYS,
    WINDOW_DAYS,
    Evidence,
    Movement,
    most_in_an_hour,
    refunded_share,
    refunds_after_spending,
)
from chalicelib.risk.rules.links import linked
from chalicelib.risk.tables import DEVICE, NETWORK, USE, UseItem, member_key

MOST_MOVEMENTS, MOST_USES, MOST_MEMBERS = 2_000, 200, 200
# Of the uses of a member, so many of the newest are looked at from the other side.
MOST_SHARED = 10
MOST_FRIENDS, MOST_FAMILY = 30, 60


class Uses(NamedTuple):
    """What a member used of late, the newest first: partitions of devices, and of networks by
    day."""

    devices: list[str]
    networks: list[str]


class Family(NamedTuple):
    """Whom referrals join with a member: their own friends, and all, within two steps."""

    friends: list[str]
    all: list[str]


def evidence_of(member_id: str, now: datetime) -> Evidence:
    """What is known of a member now."""
    movements = list(_movements(member_id, to_ms(now) - WINDOW_DAYS * DAY_MS))
    own = uses_of(member_id, now)
    family = _family(member_id)
    used = {member_id: own} | {each: uses_of(each, now) for each in family.all}
    devices = {each: uses.devices for each, uses in used.items()}
    networks = {each: [_without_day(n) for n in uses.networks] for each, uses in used.items()}
    since_ms = to_ms(now) - WINDOW_DAYS * DAY_MS
    return Evidence(
        members_on_a_device=_most_others(own.devices, member_id, since_ms),
        members_on_a_network=_most_others(own.networks, member_id, 0),
        linked_friends=linked(member_id, family.friends, devices),
        friends_on_a_network=linked(member_id, family.friends, networks),
        refunds_after_spending=refunds_after_spending(movements),
        refunded_share=refunded_share(movements),
        credits_in_an_hour=most_in_an_hour(movements),
    )


def uses_of(member_id: str, now: datetime) -> Uses:
    """What a member used of late."""
    since_ms = to_ms(now) - WINDOW_DAYS * DAY_MS
    found = UseItem.query(member_key(member_id), UseItem.sk.startswith(USE))
    newest = nlargest(MOST_USES, found, key=lambda each: each.at)
    used = [each.sk.removeprefix(USE) for each in newest if each.at > since_ms]
    first_day = NETWORK + program_day(now - timedelta(days=NETWORK_DAYS)).isoformat()
    return Uses(
        [each for each in used if each.startswith(DEVICE)],
        [each for each in used if each.startswith(NETWORK) and each >= first_day],
    )


def members_on(partition: str, since_ms: int) -> list[str]:
    """The members who used a device, or a network on a day, since an instant: some, if many."""
    of_late = (each.sk for each in UseItem.query(partition) if each.at > since_ms)
    return list(islice(of_late, MOST_MEMBERS))


def _most_others(partitions: list[str], member_id: str, since_ms: int) -> int:
    shared = (members_on(each, since_ms) for each in partitions[:MOST_SHARED])
    return max((len(set(found) - {member_id}) for found in shared), default=0)


def _without_day(partition: str) -> str:
    return partition.removeprefix(NETWORK).partition("#")[2]


def _family(member_id: str) -> Family:
    invited = earning.friends_of(member_id, MOST_FRIENDS)
    found = dict.fromkeys(islice(_joined(member_id, invited), 2 * MOST_FAMILY))
    # A referral names the ids of its time: some of them are one person now.
    now = {each: members.current(each) for each in dict.fromkeys([*invited, *found])}
    friends = _others(member_id, (now[each] for each in invited))
    return Family(friends, _others(member_id, (now[each] for each in found))[:MOST_FAMILY])


def _others(member_id: str, found: Iterable[str]) -> list[str]:
    return [each for each in dict.fromkeys(found) if each != member_id]


def _joined(member_id: str, friends: list[str]) -> Iterator[str]:
    """Friends, who invited, who invited those, others whom they invited, and friends' friends."""
    yield from friends
    for each in members.ids_of(member_id):
        told = members.referred_by(each)
        if told is not None:
            yield from _around(members.current(told.referrer_id))
    for friend in friends:
        yield from earning.friends_of(friend, MOST_FRIENDS)


def _around(referrer: str) -> Iterator[str]:
    yield referrer
    above = members.referred_by(referrer)
    if above is not None:
        yield above.referrer_id
    yield from earning.friends_of(referrer, MOST_FRIENDS)


def _movements(member_id: str, since_ms: int) -> Iterator[Movement]:
    accounts = (ledger.points_account(each) for each in members.ids_of(member_id))
    rows = chain.from_iterable(ledger.recorded_rows(each, since_ms) for each in accounts)
    for row in islice(rows, MOST_MOVEMENTS):
        entry = row.value()
        if entry.type in (ACCRUAL, CLAWBACK):
            yield Movement(
                at_ms=entry.recorded_at_ms,
                rule=entry.rule or "",
                points=abs(entry.effect.from_outside),
                is_clawback=entry.type == CLAWBACK,
                source=entry.source,
                was_spent=entry.effect.debt > 0,
            )
