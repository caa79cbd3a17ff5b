"""Errors to plant in one side's books, each with the kind that names it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from msgspec.structs import replace

from chalicelib.finance.rules.reconciled_lines import (
    AMOUNT_DIFFERS,
    CURRENCY_DIFFERS,
    DUPLICATE_HERE,
    DUPLICATE_THERE,
    FEE_DIFFERS,
    MISSING_HERE,
    MISSING_THERE,
    SOURCE_DIFFERS,
    TRANSACTION_DIFFERS,
    TYPE_DIFFERS,
)
from chalicelib.payments.rules import journal
from chalicelib.payments.rules.gateway import Movement
from chalicelib.payments.rules.journal import CashEntry
from tests.finance.two_books import TwoBooks, line_of, of_type, with_legs

CHARGE, REFUND = journal.CHARGE, journal.REFUND


class Plant(NamedTuple):
    """An error planted in clean books, in words, and the kind of its one finding."""

    words: str
    kind: str
    spoil: Callable[[TwoBooks], None]


def _here(type_: str, **changes: Any) -> Callable[[TwoBooks], None]:
    """Change our entry of a type; a callable change is given the entry."""

    def spoil(books: TwoBooks) -> None:
        at = of_type(books, type_)
        entry = books.ours[at]
        made = {k: v(entry) if callable(v) else v for k, v in changes.items()}
        books.ours[at] = replace(entry, **made)

    return spoil


def _there(type_: str, **changes: Any) -> Callable[[TwoBooks], None]:
    """Change the provider's line of our entry of a type."""

    def spoil(books: TwoBooks) -> None:
        at = line_of(books, books.ours[of_type(books, type_)])
        line = books.theirs[at]
        made = {k: v(line) if callable(v) else v for k, v in changes.items()}
        books.theirs[at] = replace(line, **made)

    return spoil


def _legs(type_: str, amount: int = 0, fee: int | None = 0) -> Callable[[TwoBooks], None]:
    """Book more with us than at the provider; None books no fee."""

    def spoil(books: TwoBooks) -> None:
        at = of_type(books, type_)
        entry = books.ours[at]
        had_fee = entry.on(journal.FEES)
        gross = entry.on(journal.PROVIDER) + had_fee
        books.ours[at] = with_legs(entry, gross + amount, 0 if fee is None else had_fee + fee)

    return spoil


def _turned(books: TwoBooks) -> None:
    """A charge with its postings the wrong way round."""
    at = of_type(books, CHARGE)
    legs = tuple(leg._replace(amount=-leg.amount) for leg in books.ours[at].postings)
    books.ours[at] = replace(books.ours[at], postings=legs)


def _lost(type_: str) -> Callable[[TwoBooks], None]:
    return lambda books: books.ours.pop(of_type(books, type_)) and None


def _lost_there(type_: str) -> Callable[[TwoBooks], None]:
    return lambda books: (
        books.theirs.pop(line_of(books, books.ours[of_type(books, type_)])) and None
    )


def _entry(**changes: Any) -> Callable[[TwoBooks], None]:
    """An entry without a line of the provider, or with a used one, beside the first charge."""

    def spoil(books: TwoBooks) -> None:
        at = of_type(books, CHARGE)
        entry = books.ours[at]
        made = {k: v(entry) if callable(v) else v for k, v in changes.items()}
        books.ours.insert(at + 1, replace(entry, **made))

    return spoil


def _first(**changes: Any) -> Callable[[TwoBooks], None]:
    """The same, recorded a moment before the right one."""

    def spoil(books: TwoBooks) -> None:
        at = of_type(books, CHARGE)
        entry = books.ours[at]
        earlier = replace(entry, recorded_at_ms=entry.recorded_at_ms - 1, **changes)
        books.ours.insert(at, earlier)

    return spoil


def _movement(**changes: Any) -> Callable[[TwoBooks], None]:
    """A line of the provider's beside that of the first charge."""

    def spoil(books: TwoBooks) -> None:
        at = line_of(books, books.ours[of_type(books, CHARGE)])
        books.theirs.insert(at + 1, replace(books.theirs[at], **changes))

    return spoil


def _late_copy(books: TwoBooks) -> None:
    """The provider repeats a line of the first day at the end."""
    books.theirs.append(books.theirs[0])


def _of_another(books: TwoBooks) -> None:
    """A refund's entry that names the transaction of a charge which has its entry."""
    at, charge = of_type(books, REFUND), books.ours[of_type(books, CHARGE)]
    books.ours[at] = replace(books.ours[at], transaction=charge.transaction)


def _without_leg(entry: CashEntry) -> tuple[journal.CashPosting, ...]:
    gross = entry.on(journal.PROVIDER) + entry.on(journal.FEES)
    return journal.moved(gross, journal.BANK, journal.SALES)


def _less(line: Movement) -> int:
    return line.amount - 1


HERE = (
    Plant("a charge was never recorded", MISSING_HERE, _lost(CHARGE)),
    Plant("a refund was never recorded", MISSING_HERE, _lost(REFUND)),
    Plant("a refund that failed was never recorded", MISSING_HERE, _lost(journal.REFUND_FAILED)),
    Plant("a dispute was never recorded", MISSING_HERE, _lost(journal.DISPUTE)),
    Plant("what a won dispute gave back was never recorded", MISSING_HERE,
          _lost(journal.DISPUTE_WON)),
    Plant("a payout was never recorded", MISSING_HERE, _lost(journal.PAYOUT)),
    Plant("a payout that failed was never recorded", MISSING_HERE, _lost(journal.PAYOUT_FAILED)),
    Plant("a withdrawal was never recorded", MISSING_HERE, _lost(journal.WITHDRAWAL)),
    Plant("a charge is a cent too much", AMOUNT_DIFFERS, _legs(CHARGE, amount=1)),
    Plant("a refund is a cent too little", AMOUNT_DIFFERS, _legs(REFUND, amount=1)),
    Plant("a withdrawal is ten times what it was", AMOUNT_DIFFERS,
          _legs(journal.WITHDRAWAL, amount=-27_000)),
    Plant("a charge has its sides the wrong way round", AMOUNT_DIFFERS, _turned),
    Plant("a charge went to the bank account instead", AMOUNT_DIFFERS,
          _here(CHARGE, postings=_without_leg)),
    Plant("a charge's fee was forgotten", FEE_DIFFERS, _legs(CHARGE, fee=None)),
    Plant("a dispute's fee was booked twice", FEE_DIFFERS, _legs(journal.DISPUTE, fee=1500)),
    Plant("a charge is in dollars", CURRENCY_DIFFERS, _here(CHARGE, currency="USD")),
    Plant("a refund is called a charge", TYPE_DIFFERS, _here(REFUND, type=CHARGE)),
    Plant("a dispute is called a won one", TYPE_DIFFERS,
          _here(journal.DISPUTE, type=journal.DISPUTE_WON)),
    Plant("a payout is called a withdrawal", TYPE_DIFFERS,
          _here(journal.PAYOUT, type=journal.WITHDRAWAL)),
    Plant("a charge is called a lost dispute", TYPE_DIFFERS,
          _here(CHARGE, type=journal.DISPUTE_LOST)),
    Plant("a charge names another charge of the provider's", SOURCE_DIFFERS,
          _here(CHARGE, reference="charge:ch_other")),
    Plant("a payout is said to be for an order", SOURCE_DIFFERS,
          _here(journal.PAYOUT, source="order:ord_00001")),
    Plant("a charge is said to be for a withdrawal", SOURCE_DIFFERS,
          _here(CHARGE, source="withdrawal:wdr_1")),
    Plant("a charge is said to be for another order", SOURCE_DIFFERS,
          _here(CHARGE, source="order:ord_other")),
    Plant("a withdrawal is booked as all of another one", SOURCE_DIFFERS,
          _here(journal.WITHDRAWAL, reference="withdrawal:wdr_other",
                source="withdrawal:wdr_other")),
    Plant("a withdrawal is said to be another one", SOURCE_DIFFERS,
          _here(journal.WITHDRAWAL, source="withdrawal:wdr_other")),
    Plant("a charge names no transaction", TRANSACTION_DIFFERS, _here(CHARGE, transaction=None)),
    Plant("a refund names a transaction that is none", TRANSACTION_DIFFERS,
          _here(REFUND, transaction="txn_none")),
    Plant("a refund names the transaction of a charge", TRANSACTION_DIFFERS, _of_another),
    Plant("a charge was recorded that the provider does not know", MISSING_THERE,
          _entry(reference="charge:ch_none", transaction="txn_none")),
    Plant("a charge without a transaction was made up", MISSING_THERE,
          _entry(reference="charge:ch_none", transaction=None)),
    Plant("a charge was recorded twice", DUPLICATE_HERE, _entry(reference="charge:ch_again")),
    Plant("a charge was recorded wrongly first and then again", DUPLICATE_HERE,
          _first(reference="charge:ch_again")),
    Plant("a charge was recorded for another order first", DUPLICATE_HERE,
          _first(reference="charge:ch_again", source="withdrawal:wdr_1")),
)  # fmt: skip
THERE = (
    Plant("the provider lost a charge", MISSING_THERE, _lost_there(CHARGE)),
    Plant("the provider lost a refund", MISSING_THERE, _lost_there(REFUND)),
    Plant("the provider lost a payout", MISSING_THERE, _lost_there(journal.PAYOUT)),
    Plant("the provider books a cent less", AMOUNT_DIFFERS, _there(CHARGE, amount=_less)),
    Plant("the provider turns a dispute round", AMOUNT_DIFFERS,
          _there(journal.DISPUTE, amount=lambda line: -line.amount)),
    Plant("the provider turns a payout round", AMOUNT_DIFFERS,
          _there(journal.PAYOUT, amount=lambda line: -line.amount)),
    Plant("the provider takes a higher fee", FEE_DIFFERS,
          _there(CHARGE, fee=lambda line: line.fee + 1)),
    Plant("the provider takes a fee on a refund", FEE_DIFFERS, _there(REFUND, fee=10)),
    Plant("the provider books another currency", CURRENCY_DIFFERS, _there(REFUND, currency="HKD")),
    Plant("the provider books a charge as a refund", TYPE_DIFFERS, _there(CHARGE, type="refund")),
    Plant("the provider books a refund as something new", TYPE_DIFFERS,
          _there(REFUND, type="obligation")),
    Plant("the provider books a charge for another one", SOURCE_DIFFERS,
          _there(CHARGE, source="ch_other")),
    Plant("the provider has a charge for another order", SOURCE_DIFFERS,
          _there(CHARGE, our_id="ord_other")),
    Plant("the provider names nothing that a charge is for", SOURCE_DIFFERS,
          _there(CHARGE, source=None)),
    Plant("the provider gives a charge another transaction", TRANSACTION_DIFFERS,
          _there(CHARGE, id="txn_other")),
    Plant("the provider takes a fee of its own", MISSING_HERE,
          _movement(id="txn_fee", type="stripe_fee", amount=-100, fee=0, source=None)),
    Plant("the provider pays out what nobody asked for", MISSING_HERE,
          _movement(id="txn_out", type="payout", amount=-100, fee=0, source="po_none")),
    Plant("the provider tells a line twice", DUPLICATE_THERE, _movement()),
    Plant("the provider tells a line of the first day again", DUPLICATE_THERE, _late_copy),
    Plant("the provider books a charge once more", DUPLICATE_THERE, _movement(id="txn_again")),
)  # fmt: skip
