"""Proof: an account is computed again from its entries alone and compared.

The code shares nothing with the rules that make entries, so each checks the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import msgspec

from chalicelib.ledger.rules.accounts import (
    ADJUSTED,
    CAPTURE,
    EXPIRED,
    HOLD,
    ISSUED,
    NO_HASH,
    REDEEMED,
    RELEASE,
    TRANSFERS,
    WRITTEN_OFF,
    Account,
    Entry,
)

COMPARED = (
    "posted",
    "held",
    "pending",
    "debt",
    "seq",
    "head_hash",
    "last_at_ms",
    "accrued",
    "redeemed",
    "expired",
    "transferred",
    "adjusted",
)


class Problem(NamedTuple):
    """A problem of an entry by its `seq`, or of the account itself where that is None."""

    account_id: str
    seq: int | None
    code: str
    detail: str


class State(msgspec.Struct):
    """An account as computed from its entries.

    `outside` sums the points from each program account; `holds` has the open holds by reference.
    """

    lots: Counter[int] = msgspec.field(default_factory=Counter)
    held: int = 0
    pending: int = 0
    debt: int = 0
    seq: int = 0
    head_hash: bytes = NO_HASH
    last_at_ms: int = 0
    balance: int = 0
    outside: Counter[str] = msgspec.field(default_factory=Counter)
    holds: dict[str, int] = msgspec.field(default_factory=dict)

    def add(self, entry: Entry, entry_hash: bytes) -> None:
        for expiry, points in entry.effect.lots.items():
            self.lots[expiry] += points
            if not self.lots[expiry]:
                del self.lots[expiry]
        self.held += entry.effect.held
        self.pending += entry.effect.pending
        self.debt += entry.effect.debt
        self.seq, self.head_hash = entry.seq, entry_hash
        self.last_at_ms, self.balance = entry.recorded_at_ms, entry.balance_after
        if entry.effect.contra:
            self.outside[entry.effect.contra] += entry.effect.from_outside
        if entry.type == HOLD:
            self.holds[entry.reference] = entry.effect.held
        elif entry.type in (CAPTURE, RELEASE):
            self.holds.pop(_hold_of(entry), None)

    def account(self, account_id: str, status: str) -> Account:
        """The state as an account; fields that no entry changes keep their defaults."""
        outside = self.outside
        return Account(
            id=account_id,
            posted=sum(self.lots.values()),
            held=self.held,
            pending=self.pending,
            debt=self.debt,
            lots=dict(self.lots),
            seq=self.seq,
            head_hash=self.head_hash,
            last_at_ms=self.last_at_ms,
            status=status,
            accrued=outside[ISSUED],
            redeemed=-outside[REDEEMED],
            expired=-outside[EXPIRED],
            transferred=outside[TRANSFERS],
            adjusted=outside[ADJUSTED] + outside[WRITTEN_OFF],
        )


def check(
    account: Account,
    entries: Sequence[Entry],
    hashes: Mapping[int, bytes] | None = None,
    waiting: int | None = None,
) -> list[Problem]:
    """The problems of an account and its entries, in order of seq.

    `hashes` are the stored hashes by seq; `waiting` is the sum of the records of pending points.
    None skips its check.
    """
    state = State()
    problems: list[tuple[int | None, str, str]] = []
    for entry in entries:
        made = entry.hash
        problems += ((entry.seq, *found) for found in _entry_problems(state, entry))
        if hashes is not None and hashes.get(entry.seq) != made:
            problems.append((entry.seq, "hash", "the stored hash is not that of its content"))
        state.add(entry, made)
        problems += ((entry.seq, *found) for found in _state_problems(state))
    problems += ((None, *found) for found in _account_problems(account, state, waiting))
    return [Problem(account.id, *problem) for problem in problems]


def _hold_of(end: Entry) -> str:
    return end.reference.removesuffix(":end")


def _entry_problems(before: State, entry: Entry) -> Iterator[tuple[str, str]]:
    if entry.seq != before.seq + 1:
        yield "gap", f"follows {before.seq}"
    if entry.prev_hash != before.head_hash:
        yield "chain", "prev_hash is not the hash of the entry before"
    if sum(posting.points for posting in entry.postings):
        yield "postings", "do not sum to 0"
    if entry.recorded_at_ms < before.last_at_ms:
        yield "time", "recorded before the entry before it"
    if entry.effect.contra is None and entry.effect.from_outside:
        yield "postings", "move points from nowhere"
    if entry.balance_after != before.balance + entry.points:
        yield "balance", f"{before.balance} {entry.points:+d} is not {entry.balance_after}"
    ends = entry.type in (CAPTURE, RELEASE)
    if ends and before.holds.get(_hold_of(entry)) != -entry.effect.held:
        yield "hold", "ends what is not held"


def _state_problems(state: State) -> Iterator[tuple[str, str]]:
    live = {expiry: p for expiry, p in state.lots.items() if expiry * 1000 > state.last_at_ms}
    if sum(live.values()) != state.balance:
        yield "balance", f"live lots are {sum(live.values())}, not {state.balance}"
    if any(points < 0 for points in state.lots.values()):
        yield "lots", "one is negative"
    for name in ("held", "pending", "debt"):
        if getattr(state, name) < 0:
            yield name, "is negative"
    if sum(state.holds.values()) != state.held:
        yield "held", f"is {state.held}, the open holds sum to {sum(state.holds.values())}"
    if state.debt and live:
        yield "debt", "stands beside spendable points"


def _account_problems(
    account: Account, state: State, waiting: int | None
) -> Iterator[tuple[str, str]]:
    wanted = state.account(account.id, account.status)
    for name in COMPARED:
        kept, made = getattr(account, name), getattr(wanted, name)
        if kept != made:
            yield name, f"is {kept!r}, its entries make {made!r}"
    if dict(account.lots) != dict(wanted.lots):
        yield "lots", f"are {dict(account.lots)}, its entries make {dict(wanted.lots)}"
    came = account.accrued - account.redeemed - account.expired
    came += account.transferred + account.adjusted
    if came != account.posted + account.held + account.pending - account.debt:
        yield "algebra", "what came in is not what is there"
    if waiting is not None and waiting != account.pending:
        yield "pending", f"is {account.pending}, its records sum to {waiting}"
