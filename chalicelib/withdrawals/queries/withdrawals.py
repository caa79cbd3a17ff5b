"""Reads of withdrawals and bank files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice
from typing import Any

from chalicelib import members
from chalicelib.kernel import clock
from chalicelib.kernel.counts import SomeOf
from chalicelib.kernel.cursors import Page, PageQuery, page
from chalicelib.kernel.errors import Unreadable, or_not_found
from chalicelib.kernel.store.joined import joined
from chalicelib.kernel.store.tables import each_readable, naming
from chalicelib.payments import Movement, find_cash_entry
from chalicelib.withdrawals.queries import payout_accounts
from chalicelib.withdrawals.rules.bank_files import BankFile
from chalicelib.withdrawals.rules.payout_accounts import BANK_KIND, PayoutAccount
from chalicelib.withdrawals.rules.withdrawals import APPROVED, OPEN, REQUESTED, Withdrawal, periods
from chalicelib.withdrawals.tables.items import WithdrawalsItem
from chalicelib.withdrawals.tables.payout_accounts import member_key
from chalicelib.withdrawals.tables.withdrawals import (
    BANK_FILES,
    DUE,
    FILE,
    LIMIT,
    MINE,
    WITHDRAWAL,
    BankFileItem,
    LimitItem,
    MineItem,
    WithdrawalItem,
    bank_file_key,
    list_of,
    withdrawal_key,
)

# One BatchGetItem reads at most this many items.
AT_ONCE = 100


def find_withdrawal(withdrawal_id: str) -> Withdrawal | None:
    return WithdrawalItem.find_value(withdrawal_key(withdrawal_id), WITHDRAWAL)


def get_withdrawal(withdrawal_id: str, member_id: str | None = None) -> Withdrawal:
    """A withdrawal of this member; with None, of any member.

    Raises NotFound.
    """
    found = or_not_found(find_withdrawal(withdrawal_id))
    is_theirs = member_id is None or members.is_same(found.member_id, member_id)
    return or_not_found(found if is_theirs else None)


def destination_of(made: Withdrawal) -> PayoutAccount:
    """The payout account of a withdrawal, opened.

    Raises Unreadable.
    """
    with naming(WithdrawalItem(withdrawal_key(made.id), WITHDRAWAL)):
        return payout_accounts.unsealed(made.destination, made.member_id)


def find_withdrawals(withdrawal_ids: Sequence[str]) -> dict[str, Withdrawal]:
    """Withdrawals by their ids, read consistently."""
    keys = [(withdrawal_key(each), WITHDRAWAL) for each in withdrawal_ids]
    found = [item.value() for item in WithdrawalItem.batch_get(keys, consistent_read=True)]
    return {each.id: each for each in found}


def withdrawals_of(
    member_id: str, asked: PageQuery, view: Callable[[Withdrawal], Any]
) -> Page[Any]:
    """A member's withdrawals under all their ids, newest first, read consistently.

    Raises InvalidCursor.
    """
    query = _mine(member_id)
    scope = f"withdrawals|{member_id}"
    mine = page(scope, asked, query, lambda item: item.withdrawal_id, leave_out_unreadable=True)
    found = each_readable(mine.data, find_withdrawals)
    shown = []
    for each in mine.data:
        if each in found:
            with suppress(Unreadable):
                shown.append(view(found[each]))
    return Page(shown, mine.next_cursor)


def all_withdrawals_of(member_id: str) -> Iterator[Withdrawal]:
    """All withdrawals of a member under all their ids, newest first, read consistently.

    Raises Unreadable.
    """
    for item in _mine(member_id)():
        yield get_withdrawal(item.withdrawal_id)


def _mine(member_id: str) -> Callable[..., Any]:
    """The query of a member's withdrawals, newest first."""
    query = partial(
        MineItem.query,
        range_key_condition=MineItem.sk.startswith(MINE),
        scan_index_forward=False,
        consistent_read=True,
    )
    owners = [member_key(each) for each in members.ids_of(member_id)]
    return joined(owners, query, ("pk", "sk"), partition="pk", place="sk")


def has_open_withdrawals(member_id: str) -> bool:
    """Whether a withdrawal of a member is not over yet."""
    return any(made.status in OPEN for made in all_withdrawals_of(member_id))


def withdrawals_in(status: str, asked: PageQuery, view: Callable[[Withdrawal], Any]) -> Page[Any]:
    """All members' withdrawals in a state: open ones oldest first, others newest first.

    Raises InvalidCursor.
    """

    oldest_first = status in OPEN
    query = partial(WithdrawalItem.listed.query, list_of(status), scan_index_forward=oldest_first)
    return page(f"withdrawals|{status}", asked, query, lambda item: view(item.value()))


def count_undecided() -> dict[str, SomeOf]:
    """How many withdrawals wait for a review, and how many are approved but not being paid."""
    index_name = WithdrawalItem.listed.Meta.index_name
    return {
        each: WithdrawalsItem.count_some(list_of(each), index_name=index_name)
        for each in (REQUESTED, APPROVED)
    }


def waiting_for_bank() -> Iterator[list[Withdrawal]]:
    """Batches of approved withdrawals to bank accounts, oldest first, read consistently."""
    approved = WithdrawalItem.listed.query(
        list_of(APPROVED), filter_condition=WithdrawalItem.kind == BANK_KIND
    )
    listed = (item.pk.removeprefix("WDR#") for item in approved)
    while some := list(islice(listed, AT_ONCE)):
        found = find_withdrawals(some)
        yield [found[each] for each in some if found[each].status == APPROVED]


def due_withdrawals(until_ms: int) -> Iterator[str]:
    """The ids of withdrawals that are due by then."""
    due = WithdrawalsItem.due_at <= until_ms // 1000
    for item in WithdrawalsItem.due.query(DUE, due):
        yield item.pk.removeprefix("WDR#")


def unrecorded_returns(paid: Withdrawal, back: Sequence[Movement]) -> list[Movement]:
    """The provider's returns that the journal lacks."""
    first = find_cash_entry(paid.failed_reference)
    known = first.transaction if first else None
    return [
        line
        for line in back
        if line.id != known and find_cash_entry(paid.line_reference(line)) is None
    ]


def withdrawn_amounts(member_id: str, at_ms: int) -> tuple[int, int]:
    """A member's withdrawn amounts in the program day and month of an instant."""
    day, month = periods(clock.program_day(clock.from_ms(at_ms)))
    return _taken(member_id, day), _taken(member_id, month)


def _taken(member_id: str, period: str) -> int:
    item = LimitItem.find(member_key(member_id), LIMIT + period)
    return item.taken if item else 0


def find_bank_file(file_id: str) -> BankFile | None:
    return BankFileItem.find_value(bank_file_key(file_id), FILE)


def get_bank_file(file_id: str) -> BankFile:
    """Raises NotFound."""
    return or_not_found(find_bank_file(file_id))


def bank_files(asked: PageQuery, view: Callable[[BankFile], Any]) -> Page[Any]:
    """All bank files, newest first.

    Raises InvalidCursor.
    """

    query = partial(BankFileItem.listed.query, BANK_FILES, scan_index_forward=False)
    return page("bank_files", asked, query, lambda item: view(item.value()))
