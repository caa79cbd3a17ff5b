"""A line of either side's books, and the comparison of a pair."""

from __future__ import annotations

import msgspec

from chalicelib.kernel import clock
from chalicelib.payments import CashEntry, Movement, journal

MATCHED, LATE = "matched", "late"
MISSING_HERE, MISSING_THERE = "missing_here", "missing_there"
DUPLICATE_HERE, DUPLICATE_THERE = "duplicate_here", "duplicate_there"
TRANSACTION_DIFFERS, CURRENCY_DIFFERS = "transaction_differs", "currency_differs"
TYPE_DIFFERS, SOURCE_DIFFERS = "type_differs", "source_differs"
AMOUNT_DIFFERS, FEE_DIFFERS, BALANCE_DIFFERS = "amount_differs", "fee_differs", "balance_differs"
CLEAN = (MATCHED, LATE)

# The provider's names for our types of movement.
# Source: Stripe, "Balance transaction types".
BOOKED_AS = {
    journal.CHARGE: ("charge", "payment"),
    journal.REFUND: ("refund", "payment_refund"),
    journal.REFUND_FAILED: ("refund_failure", "payment_failure_refund"),
    journal.DISPUTE: ("adjustment",),
    journal.DISPUTE_WON: ("adjustment",),
    journal.PAYOUT: ("payout",),
    journal.PAYOUT_FAILED: ("payout_failure", "payout_cancel"),
    journal.WITHDRAWAL: ("transfer",),
    journal.WITHDRAWAL_FAILED: ("transfer_refund", "transfer_failure", "transfer_cancel"),
}
# Movements whose provider's name covers both directions.
_TAKES = {journal.DISPUTE: True, journal.DISPUTE_WON: False}
_REFERENCES = {
    "charge": "charge:{source}", "payment": "charge:{source}",
    "refund": "refund:{source}", "payment_refund": "refund:{source}",
    "refund_failure": "refund:{source}:failed",
    "payment_failure_refund": "refund:{source}:failed",
    "adjustment": "dispute:{source}:{name}", "payout": "payout:{source}",
    "payout_failure": "payout:{source}:failed", "payout_cancel": "payout:{source}:failed",
}  # fmt: skip
_FROM_THE_PROVIDER = (journal.PAYOUT, journal.PAYOUT_FAILED)
_OF_WITHDRAWALS = (journal.WITHDRAWAL, journal.WITHDRAWAL_FAILED)


class BookLine(msgspec.Struct, frozen=True):
    """A line of either side in common terms: `amount` before `fee`, in minor units.

    `name` is the entry's reference or the movement's id; `transaction` pairs the two sides.
    `source` is an order or a withdrawal on our side, the provider's object on theirs. `our_id` is
    the order or withdrawal that this object names, None if it names none.
    """

    is_ours: bool
    name: str
    transaction: str | None
    type: str
    amount: int
    fee: int
    currency: str
    source: str | None
    at_ms: int
    our_id: str | None = None

    @property
    def net(self) -> int:
        """The amount moved at the provider."""
        return self.amount - self.fee


def goes_through_provider(entry: CashEntry) -> bool:
    """Whether an entry has, or should have, a line in the provider's books."""
    return entry.transaction is not None or entry.on(journal.PROVIDER) != 0


def our_line(entry: CashEntry) -> BookLine:
    fee = entry.on(journal.FEES)
    return BookLine(
        True,
        entry.reference,
        entry.transaction,
        entry.type,
        entry.on(journal.PROVIDER) + fee,
        fee,
        entry.currency,
        entry.source,
        entry.recorded_at_ms,
    )


def provider_line(movement: Movement) -> BookLine:
    return BookLine(
        False,
        movement.id,
        movement.id,
        movement.type,
        movement.amount,
        movement.fee,
        movement.currency,
        movement.source,
        movement.created_at_ms,
        movement.our_id,
    )


def reference_of(line: BookLine) -> str | None:
    """The reference of our entry for a provider's line, where it follows from the line."""
    shape = None if line.is_ours or line.source is None else _REFERENCES.get(line.type)
    return shape.format(source=line.source, name=line.name) if shape else None


def kind_of_pair(ours: BookLine, theirs: BookLine) -> str:
    """The kind of a pair of lines: its first difference, late, or matched."""
    if ours.currency != theirs.currency:
        return CURRENCY_DIFFERS
    if theirs.type not in BOOKED_AS.get(ours.type, ()) or _goes_the_other_way(ours, theirs):
        return TYPE_DIFFERS
    if not _is_for_the_same(ours, theirs):
        return SOURCE_DIFFERS
    if ours.amount != theirs.amount:
        return AMOUNT_DIFFERS
    if ours.fee != theirs.fee:
        return FEE_DIFFERS
    return MATCHED if _day(ours) == _day(theirs) else LATE


def _goes_the_other_way(ours: BookLine, theirs: BookLine) -> bool:
    """Whether both move the same amount, but our type means the other direction."""
    takes = _TAKES.get(ours.type)
    return takes is not None and ours.amount == theirs.amount and takes != (theirs.amount < 0)


def _is_for_the_same(ours: BookLine, theirs: BookLine) -> bool:
    """Whether both sides name the same payment, as far as each names one."""
    source = ours.source
    if source is None or not _is_for_what_it_says(ours, source):
        return False
    if _object_of(ours) not in (None, theirs.source):
        return False
    return theirs.our_id in (None, source.partition(":")[2])


def _object_of(ours: BookLine) -> str | None:
    """The provider's object that our reference names; withdrawals go by ids of ours."""
    kind, _, rest = ours.name.partition(":")
    return None if kind == "withdrawal" else rest.partition(":")[0]


def _is_for_what_it_says(ours: BookLine, source: str) -> bool:
    """Whether our line's source is of the right kind for its type."""
    if ours.type in _OF_WITHDRAWALS:
        return source == ":".join(ours.name.split(":")[:2])
    if ours.type in _FROM_THE_PROVIDER:
        return source == "provider"
    return source == "provider" or source.startswith("order:")


def _day(line: BookLine) -> object:
    return clock.program_day(clock.from_ms(line.at_ms))
