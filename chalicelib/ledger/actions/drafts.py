"""A draft: an account under change and the entries that change it, written together."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib.kernel.clock import from_ms, to_ms
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet, unmoved
from chalicelib.ledger import queries, rules
from chalicelib.ledger.errors import EntryExists
from chalicelib.ledger.rules import ACTIVE, FROZEN, UNDER_REVIEW, Account, Entry
from chalicelib.ledger.rules.accounts import EXPIRY, MERGE_OUT
from chalicelib.ledger.rules.freezing import BY_MERGE
from chalicelib.ledger.rules.merging import arrive, leave
from chalicelib.ledger.tables import AccountItem, EntryItem, StatusItem


class Draft:
    """An account as it was read, with its expiry recorded first."""

    def __init__(self, seen: Account, now: datetime) -> None:
        self.seen = self.account = seen
        self.now_ms = to_ms(now)
        self.entries: list[Entry] = []
        # Its member is being merged into another one, whose account is to tell.
        self.joins = False
        self._expire()

    def add(self, change: tuple[Account, Entry]) -> Entry:
        """Take over a rule's account and entry; return the entry."""
        self.account, entry = change
        self.entries.append(entry)
        return entry

    def record(
        self, writes: WriteSet, *, or_raise: type[EntryExists | Moved] = EntryExists
    ) -> None:
        """Add the account and its entries; what came into a merged account goes on in the same
        transaction.

        The commit is refused with Moved if the account has changed since it was read, and with
        `or_raise` if a reference exists already.
        """
        self._expire()
        self._pass_on(writes)
        for entry in self.entries:
            # These references hold the seq that was read: their existence means Moved.
            stands = Moved if entry.type in (EXPIRY, MERGE_OUT) else or_raise
            writes.put_new(EntryItem.of(entry), or_raise=stands)
        put_account(writes, self.seen, self.account)

    def _pass_on(self, writes: WriteSet) -> None:
        """Add that all points and debts here go to the member into whom this one is merged, and
        that they are frozen if this one was, or was under review: a review ends with its member."""
        into, was_barred = self.account.merged_into, self.account.status in (FROZEN, UNDER_REVIEW)
        if into is None:
            return
        self.account = replace(self.account, status=ACTIVE)
        left = leave(self.account, self.now_ms)
        if left is None and not was_barred and not self.joins:
            return
        target = Draft(queries.find_account(f"{into}:{self.account.unit}"), from_ms(self.now_ms))
        if self.joins:
            target.account = replace(target.account, joined=target.account.joined + 1)
        if was_barred:
            target.account = replace(target.account, status=FROZEN)
        if left is not None:
            out = self.add(left)
            target.account, entries = arrive(target.account, out, target.now_ms)
            target.entries += entries
        if target.account.status != target.seen.status:
            writes.put(
                StatusItem.of(target.seen.id, target.account.status, target.now_ms, BY_MERGE)
            )
        target.record(writes, or_raise=Moved)

    def _expire(self) -> None:
        self.account, expiry = rules.expire(self.account, self.now_ms)
        if expiry is not None:
            self.entries.append(expiry)


def put_account(writes: WriteSet, seen: Account, after: Account) -> None:
    """Add the account's new state; Moved refuses it if the account has changed since."""
    same = (AccountItem.seq == seen.seq) & (AccountItem.status == seen.status)
    # A reminder changes no seq. A write that did not see it must not undo it.
    same &= unmoved(AccountItem.reminded, seen.reminded_s)
    # A member without points is merged without a new seq.
    same &= unmoved(AccountItem.merged_into, seen.merged_into)
    same &= unmoved(AccountItem.passed, seen.passed)
    same &= unmoved(AccountItem.joined, seen.joined)
    if seen.seq == 0 and seen.status == ACTIVE:
        same = AccountItem.pk.does_not_exist() | same
    writes.put(AccountItem.of(after), condition=same, or_raise=Moved)


def pass_by(writes: WriteSet, seen: Account) -> None:
    """Add that something gives an account nothing: whoever read it before and gives it something is
    refused with Moved, as is this if the account has changed since."""
    put_account(writes, seen, replace(seen, passed=seen.passed + 1))
