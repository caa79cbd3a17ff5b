"""How entries change an account: pure arithmetic over integers, no storage, no clock.

docs/ledger.md tabulates each entry type with its postings and its effect on each balance.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from chalicelib.ledger.errors import InsufficientPoints

POINTS = "points"
ACTIVE = "active"
ACCRUAL, REDEMPTION, REVERSAL = "accrual", "redemption", "reversal"

ISSUED = "program:issued"
REDEEMED = "program:redeemed"

NO_HASH = bytes(32)
MAX_POINTS = 10**12


@dataclass(frozen=True)
class Account:
    """One unit of one member. `lots` maps an expiry (epoch seconds) to points.

    `posted` is the sum of all lots, lapsed ones that no entry has written down yet included.
    """

    id: str
    posted: int = 0
    held: int = 0
    pending: int = 0
    debt: int = 0
    lots: Mapping[int, int] = field(default_factory=dict)
    seq: int = 0
    head_hash: bytes = NO_HASH
    last_at_ms: int = 0
    status: str = ACTIVE
    accrued: int = 0
    redeemed: int = 0
    expired: int = 0

    @property
    def member_id(self) -> str:
        return self.id.partition(":")[0]

    @property
    def unit(self) -> str:
        return self.id.partition(":")[2]

    def available(self, at_ms: int) -> int:
        """Points spendable at this instant: a lot lapses at its exact second."""
        return sum(points for expiry, points in self.lots.items() if is_live(expiry, at_ms))


class Posting(NamedTuple):
    """One signed leg of an entry."""

    account: str
    points: int


class Cause(NamedTuple):
    """Why an entry is made: its business reference, its source, the fact's own time."""

    reference: str
    source: str
    occurred_at_ms: int
    rule: str | None = None


class Credit(NamedTuple):
    """Points to accrue, which lapse at `expires_at` (epoch seconds)."""

    points: int
    expires_at: int
    cause: Cause


@dataclass(frozen=True)
class Entry:
    """An immutable record: `points` is its change of available, `lots` its change of lots."""

    account_id: str
    seq: int
    type: str
    points: int
    balance_after: int
    lots: Mapping[int, int]
    postings: tuple[Posting, ...]
    reference: str
    source: str
    rule: str | None
    occurred_at_ms: int
    recorded_at_ms: int
    prev_hash: bytes

    @property
    def hash(self) -> bytes:
        return chain_hash(self)

    @property
    def lots_total(self) -> int:
        """What it moved in or out of the account, lapsed or not."""
        return sum(self.lots.values())


def is_live(expiry_s: int, at_ms: int) -> bool:
    return expiry_s * 1000 > at_ms


def chain_hash(entry: Entry) -> bytes:
    """SHA-256 over the previous hash and the entry as compact JSON; see docs/ledger.md."""
    content = [
        entry.account_id, entry.seq, entry.type, entry.reference, entry.points,
        entry.balance_after, [[e, p] for e, p in sorted(entry.lots.items())],
        [[p.account, p.points] for p in entry.postings], entry.source, entry.rule,
        entry.occurred_at_ms, entry.recorded_at_ms,
    ]  # fmt: skip
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(entry.prev_hash + text.encode()).digest()


def accrue(account: Account, credit: Credit, now_ms: int) -> tuple[Account, Entry]:
    """The account with a lot more, and the accrual that says so."""
    assert 0 < credit.points <= MAX_POINTS, "a credit gives points"
    after = replace(account, accrued=account.accrued + credit.points)
    return _post(after, ACCRUAL, {credit.expires_at: credit.points}, ISSUED, credit.cause, now_ms)


def redeem(account: Account, points: int, cause: Cause, now_ms: int) -> tuple[Account, Entry]:
    """The account with its soonest-to-lapse points spent, and the redemption.

    Raises InsufficientPoints.
    """
    assert points > 0, "a redemption takes points"
    taken = _soonest(account, points, recording_time(account, now_ms))
    after = replace(account, redeemed=account.redeemed + points)
    return _post(after, REDEMPTION, taken, REDEEMED, cause, now_ms)


def reverse(
    account: Account, redemption: Entry, cause: Cause, now_ms: int
) -> tuple[Account, Entry]:
    """The account with a redemption's points back in the lots they came from.

    A lot that has lapsed meanwhile comes back lapsed: its points are in `lots`, not in `points`.
    """
    assert redemption.type == REDEMPTION, "only a redemption is reversed"
    back = {expiry: -points for expiry, points in redemption.lots.items()}
    after = replace(account, redeemed=account.redeemed - sum(back.values()))
    return _post(after, REVERSAL, back, REDEEMED, cause, now_ms)


def recording_time(account: Account, now_ms: int) -> int:
    """Never before the account's last entry, whatever the clocks of two functions say."""
    return max(now_ms, account.last_at_ms)


def _soonest(account: Account, points: int, at_ms: int) -> dict[int, int]:
    missing = points - account.available(at_ms)
    if missing > 0:
        raise InsufficientPoints(missing_points=missing)
    taken: dict[int, int] = {}
    for expiry in sorted(account.lots):
        if points and is_live(expiry, at_ms):
            part = min(points, account.lots[expiry])
            taken[expiry] = -part
            points -= part
    return taken


def _post(
    account: Account,
    entry_type: str,
    change: Mapping[int, int],
    contra: str,
    cause: Cause,
    now_ms: int,
) -> tuple[Account, Entry]:
    at_ms = recording_time(account, now_ms)
    lots = dict(account.lots)
    for expiry, points in change.items():
        lots[expiry] = lots.get(expiry, 0) + points
    total = sum(change.values())
    lots = {expiry: points for expiry, points in lots.items() if points}
    moved = replace(account, lots=lots, posted=account.posted + total)
    entry = Entry(
        account_id=account.id,
        seq=account.seq + 1,
        type=entry_type,
        points=sum(points for expiry, points in change.items() if is_live(expiry, at_ms)),
        balance_after=moved.available(at_ms),
        lots=change,
        postings=(Posting(contra, -total), Posting(f"member:{account.id}", total)),
        reference=cause.reference,
        source=cause.source,
        rule=cause.rule,
        occurred_at_ms=cause.occurred_at_ms,
        recorded_at_ms=at_ms,
        prev_hash=account.head_hash,
    )
    return replace(moved, seq=entry.seq, head_hash=entry.hash, last_at_ms=at_ms), entry
