"""Views of accounts and entries."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.shapes import shaped
from chalicelib.ledger.rules import NEVER, Account, Entry, is_live
from chalicelib.ledger.rules.accounts import entry_id

EntryType = Literal[
    "accrual",
    "unlock",
    "hold",
    "capture",
    "release",
    "redemption",
    "expiry",
    "transfer_out",
    "transfer_in",
    "merge_out",
    "merge_in",
    "adjustment",
    "reversal",
    "clawback",
]


class Expiring(msgspec.Struct):
    """Points that lapse together, at that exact second."""

    at: str
    points: int


class LotView(msgspec.Struct):
    """An entry's change of the points that lapse at one second; `at` is null if they never do."""

    at: str | None
    points: int


class Lifetime(msgspec.Struct):
    """Totals since the account began, without reversed points.

    `transferred` and `adjusted` are net: points in less points out.
    """

    accrued: int
    redeemed: int
    expired: int
    transferred: int
    adjusted: int


class Balance(msgspec.Struct):
    """An account's balances, integers of its unit.

    `expiring` has the points that lapse, soonest first, but none that never do.
    """

    unit: str
    available: int
    pending: int
    held: int
    debt: int
    expiring: list[Expiring]
    lifetime: Lifetime
    status: str


class PostingView(msgspec.Struct):
    """One signed leg; the postings of an entry sum to 0."""

    account: str
    points: int


class EntryView(msgspec.Struct):
    """One entry: `points` is its change of available; hashes are hex SHA-256.

    It has every input of its hash (docs/ledger.md), so a client can verify a history;
    `content` is a keyed digest of the request, in hex. `message` is what the giver of a gift wrote,
    for the two members alone; nothing of it is in the hash.
    """

    id: str
    account: str
    seq: int
    type: EntryType
    points: int
    balance_after: int
    source: str
    rule: str | None
    reference: str
    occurred_at: str
    recorded_at: str
    lots: list[LotView]
    postings: list[PostingView]
    content: str | None
    hash: str
    prev_hash: str
    message: str | None = None


class StatementLine(msgspec.Struct):
    """All entries of one type: their number, and their total change of the balance."""

    type: EntryType
    entries: int
    points: int


class StatementView(msgspec.Struct):
    """A month of a balance, as it was recorded; `opening` and all lines make `closing`.

    It has the entries recorded from `from` to before `to`; `is_complete` is false until the month
    ends.
    """

    month: str
    unit: str
    since: str = msgspec.field(name="from")
    to: str
    is_complete: bool
    opening: int
    closing: int
    lines: list[StatementLine]


def balance(account: Account, now: datetime) -> Balance:
    at_ms = to_ms(now)
    to_expire = [
        (expiry, points)
        for expiry, points in sorted(account.lots.items())
        if is_live(expiry, at_ms) and expiry != NEVER
    ]
    return shaped(
        Balance,
        account,
        available=account.available(at_ms),
        expiring=[Expiring(rfc3339_ms(expiry * 1000), points) for expiry, points in to_expire],
        lifetime=shaped(Lifetime, account),
    )


def entry_view(entry: Entry, message: str | None = None) -> EntryView:
    return shaped(
        EntryView,
        entry,
        id=entry_id(entry),
        account=entry.account_id,
        lots=[_lot_view(expiry, points) for expiry, points in sorted(entry.lots.items())],
        postings=[PostingView(p.account, p.points) for p in entry.postings],
        content=entry.content.hex() if entry.content else None,
        hash=entry.hash.hex(),
        prev_hash=entry.prev_hash.hex(),
        message=message,
    )


def _lot_view(expiry: int, points: int) -> LotView:
    return LotView(None if expiry == NEVER else rfc3339_ms(expiry * 1000), points)
