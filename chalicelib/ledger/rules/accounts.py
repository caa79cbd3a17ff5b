"""Accounts, and the immutable entries that change them: integers, no storage, no clock.

docs/ledger.md tabulates each entry type with its postings and its effect on each balance.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from chalicelib.kernel.ids import derived_id
from chalicelib.ledger.rules import lots
from chalicelib.ledger.rules.lots import Lots

# What a status allows stands in `freezing`.
ACTIVE, FROZEN = "active", "frozen"
CREDITS_PENDING, UNDER_REVIEW = "credits_pending", "under_review"

ACCRUAL, UNLOCK, REDEMPTION, REVERSAL = "accrual", "unlock", "redemption", "reversal"
HOLD, CAPTURE, RELEASE, EXPIRY = "hold", "capture", "release", "expiry"
TRANSFER_OUT, TRANSFER_IN = "transfer_out", "transfer_in"
MERGE_OUT, MERGE_IN = "merge_out", "merge_in"
ADJUSTMENT, CLAWBACK = "adjustment", "clawback"

# The program's accounts, and the lifetime total that each one changes, with its sign.
ISSUED, REDEEMED, EXPIRED = "issued", "redeemed", "expired"
TRANSFERS, ADJUSTED, WRITTEN_OFF = "transfers", "adjusted", "written_off"
LIFETIME = {
    ISSUED: ("accrued", 1),
    REDEEMED: ("redeemed", -1),
    EXPIRED: ("expired", -1),
    TRANSFERS: ("transferred", 1),
    ADJUSTED: ("adjusted", 1),
    WRITTEN_OFF: ("adjusted", 1),
}

NO_HASH = bytes(32)
MAX_POINTS = 10**12


class Account(msgspec.Struct, frozen=True):
    """One unit of one member. `lots` maps an expiry (epoch seconds) to points.

    `posted` is the sum of all lots. `transferred` and `adjusted` are net; the other totals exclude
    reversals. `sent` points in `sends` transfers left on the program day `sent_on` (an ordinal).
    Reminders due before `reminded_s` have been given. Of a member who is merged into another one,
    `merged_into` is that member: what comes in here goes on there. `passed` counts what
    gave it nothing, and had to be ordered among its entries. `joined` members were merged into this
    one: what they earned stands under their own ids.
    """

    id: str
    posted: int = 0
    held: int = 0
    pending: int = 0
    debt: int = 0
    lots: Lots = msgspec.field(default_factory=dict)
    seq: int = 0
    head_hash: bytes = NO_HASH
    last_at_ms: int = 0
    status: str = ACTIVE
    accrued: int = 0
    redeemed: int = 0
    expired: int = 0
    transferred: int = 0
    adjusted: int = 0
    sent_on: int = 0
    sent: int = 0
    sends: int = 0
    reminded_s: int = 0
    merged_into: str | None = None
    passed: int = 0
    joined: int = 0

    @property
    def member_id(self) -> str:
        return self.id.partition(":")[0]

    @property
    def unit(self) -> str:
        return self.id.partition(":")[2]

    def available(self, at_ms: int) -> int:
        """Points spendable at this instant: a lot lapses at its exact second."""
        return sum(lots.live(self.lots, at_ms).values())


class Posting(NamedTuple):
    """One signed leg of an entry."""

    account: str
    points: int


class Cause(NamedTuple):
    """The cause of an entry: its business reference, its source, the fact's own time.

    `content` is a keyed digest of the request: it tells a retry from another request under the
    same reference. `note` is stored with the entry but never hashed: a sealed message, or the
    measure of a refund.
    """

    reference: str
    source: str
    occurred_at_ms: int
    rule: str | None = None
    content: bytes | None = None
    note: bytes | None = None


class Effect(NamedTuple):
    """An entry's changes: lots by expiry, the other balances, and the program's account."""

    lots: Lots = {}  # noqa: RUF012 - an empty default that nobody writes to
    held: int = 0
    pending: int = 0
    debt: int = 0
    contra: str | None = None

    @property
    def from_outside(self) -> int:
        """The points that came into the account from the program, less those that went back."""
        return sum(self.lots.values()) + self.held + self.pending - self.debt


class Entry(msgspec.Struct, frozen=True):
    """An immutable record: `points` is the change of available since the entry before it."""

    account_id: str
    seq: int
    type: str
    points: int
    balance_after: int
    effect: Effect
    reference: str
    source: str
    rule: str | None
    content: bytes | None
    occurred_at_ms: int
    recorded_at_ms: int
    prev_hash: bytes
    note: bytes | None = None

    @property
    def hash(self) -> bytes:
        return chain_hash(self)

    @property
    def lots(self) -> Lots:
        return self.effect.lots

    @property
    def postings(self) -> tuple[Posting, ...]:
        """Its legs, the program's first; they sum to 0."""
        effect, (member, _, unit) = self.effect, self.account_id.partition(":")
        own = f"member:{member}:{unit}"
        legs = [
            Posting(f"program:{unit}:{effect.contra}", -effect.from_outside),
            Posting(own, sum(effect.lots.values())),
            Posting(f"{own}:held", effect.held),
            Posting(f"{own}:pending", effect.pending),
            Posting(f"{own}:debt", -effect.debt),
        ]
        return tuple(leg for leg in legs if leg.points)


def chain_hash(entry: Entry) -> bytes:
    """SHA-256 over the previous hash and the entry as compact JSON; see docs/ledger.md."""
    content = [
        entry.account_id,
        entry.seq,
        entry.type,
        entry.reference,
        entry.points,
        entry.balance_after,
        [[e, p] for e, p in sorted(entry.lots.items())],
        [[p.account, p.points] for p in entry.postings],
        entry.source,
        entry.rule,
        entry.content.hex() if entry.content else None,
        entry.occurred_at_ms,
        entry.recorded_at_ms,
    ]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(entry.prev_hash + text.encode()).digest()


def entry_id(entry: Entry) -> str:
    """The public id of an entry, derived from its account and its reference."""
    return derived_id("ent", entry.account_id, entry.reference)


def recording_time(account: Account, now_ms: int) -> int:
    """Now, but never before the account's last entry: clocks of functions differ."""
    return max(now_ms, account.last_at_ms)


def post(
    account: Account, entry_type: str, effect: Effect, cause: Cause, now_ms: int
) -> tuple[Account, Entry]:
    """Make an entry; the account after it, and the entry."""
    at_ms = recording_time(account, now_ms)
    moved = _moved(account, effect)
    entry = Entry(
        account_id=account.id,
        seq=account.seq + 1,
        type=entry_type,
        points=moved.available(at_ms) - account.available(account.last_at_ms),
        balance_after=moved.available(at_ms),
        effect=effect,
        reference=cause.reference,
        source=cause.source,
        rule=cause.rule,
        content=cause.content,
        occurred_at_ms=cause.occurred_at_ms,
        recorded_at_ms=at_ms,
        prev_hash=account.head_hash,
        note=cause.note,
    )
    return replace(moved, seq=entry.seq, head_hash=entry.hash, last_at_ms=at_ms), entry


def _moved(account: Account, effect: Effect) -> Account:
    totals: dict[str, Any] = {}
    if effect.contra is None:
        assert effect.from_outside == 0, "what comes from nowhere has an account of the program"
    else:
        name, sign = LIFETIME[effect.contra]
        totals = {name: getattr(account, name) + sign * effect.from_outside}
    return replace(
        account,
        lots=lots.moved(account.lots, effect.lots),
        posted=account.posted + sum(effect.lots.values()),
        held=account.held + effect.held,
        pending=account.pending + effect.pending,
        debt=account.debt + effect.debt,
        **totals,
    )
