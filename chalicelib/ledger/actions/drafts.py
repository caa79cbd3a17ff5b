"""A draft: an account under change and the entries that change it, written together."""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import rules
from chalicelib.ledger.errors import EntryExists
from chalicelib.ledger.rules import ACTIVE, Account, Entry
from chalicelib.ledger.rules.accounts import EXPIRY
from chalicelib.ledger.tables import AccountItem, EntryItem


class Draft:
    """An account as it was read, with what has lapsed since written down first."""

    def __init__(self, seen: Account, now: datetime) -> None:
        self.seen = self.account = seen
        self.now_ms = to_ms(now)
        self.entries: list[Entry] = []
        self._lapse()

    def add(self, change: tuple[Account, Entry]) -> Entry:
        """Go on from a rule's account; its entry."""
        self.account, entry = change
        self.entries.append(entry)
        return entry

    def record(
        self, writes: WriteSet, *, or_raise: type[EntryExists | Moved] = EntryExists
    ) -> None:
        """Add the account and its entries; refused with Moved if the account is not as it was
        read, with `or_raise` if a reference stands already."""
        self._lapse()
        for entry in self.entries:
            # An expiry is named for the seq that was read: if it stands, the account has moved.
            stands = Moved if entry.type == EXPIRY else or_raise
            writes.put_new(EntryItem.of(entry), or_raise=stands)
        put_account(writes, self.seen, self.account)

    def _lapse(self) -> None:
        self.account, expiry = rules.lapse(self.account, self.now_ms)
        if expiry is not None:
            self.entries.append(expiry)


def put_account(writes: WriteSet, seen: Account, after: Account) -> None:
    """Add the account's new state, refused with Moved if it is not as it was read."""
    unmoved = (AccountItem.seq == seen.seq) & (AccountItem.status == seen.status)
    # A reminder changes no seq, and must not be forgotten by a write that did not see it.
    reminded = AccountItem.reminded
    unmoved &= reminded == seen.reminded_s if seen.reminded_s else reminded.does_not_exist()
    if seen.seq == 0 and seen.status == ACTIVE:
        unmoved = AccountItem.pk.does_not_exist() | unmoved
    writes.put(AccountItem.of(after), condition=unmoved, or_raise=Moved)
