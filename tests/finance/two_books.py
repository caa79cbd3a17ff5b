"""The provider's books and our journal of the same days; tests spoil one of them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from msgspec.structs import replace

from chalicelib.kernel.clock import to_ms
from chalicelib.payments.rules import journal
from chalicelib.payments.rules.gateway import Movement
from chalicelib.payments.rules.journal import CashEntry, moved, through_provider

# Three days of the program (Asia/Shanghai) from here.
START_MS = to_ms(datetime(2026, 12, 1, 16, tzinfo=UTC))
HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
END_MS = START_MS + 3 * DAY_MS
DISPUTE_FEE = 1500


def charge_fee(amount: int) -> int:
    return amount * 29 // 1000 + 30


class Names(NamedTuple):
    """A movement: its name at the provider, our reference, its source, the provider's object."""

    booked_as: str
    reference: str
    source: str
    object: str


@dataclass
class TwoBooks:
    """Both sides, each by its own time."""

    ours: list[CashEntry] = field(default_factory=list)
    theirs: list[Movement] = field(default_factory=list)

    def move(
        self,
        type_: str,
        names: Names,
        amount: int,
        at_ms: int,
        *,
        fee: int = 0,
        contra: str = journal.SALES,
        delay_ms: int = 2_000,
    ) -> None:
        """One movement in both books; ours is recorded after a delay."""
        transaction = f"txn_{len(self.theirs) + 1:06d}"
        # A charge and a transfer carry our id; their later movements do not.
        told = names.booked_as in ("charge", "payment", "transfer")
        our_id = names.source.partition(":")[2] if told else None
        line = Movement(
            transaction, names.booked_as, amount, fee, "CNY", names.object, at_ms, our_id
        )
        self.theirs.append(line)
        self.ours.append(
            CashEntry(
                names.reference.format(transaction),
                type_,
                "CNY",
                through_provider(amount, fee, contra),
                names.source,
                at_ms,
                at_ms + delay_ms,
                transaction,
            )
        )

    def besides(
        self,
        type_: str,
        reference: str,
        source: str,
        at_ms: int,
        to: str,
        come_from: str,
        amount: int,
    ) -> None:
        """Money that moved without the provider."""
        postings = moved(amount, to, come_from)
        self.ours.append(CashEntry(reference, type_, "CNY", postings, source, at_ms, at_ms))

    def sorted(self) -> TwoBooks:
        return TwoBooks(
            sorted(self.ours, key=lambda entry: (entry.recorded_at_ms, entry.reference)),
            sorted(self.theirs, key=lambda movement: (movement.created_at_ms, movement.id)),
        )


def clean_books(orders: int, seed: int = 1) -> TwoBooks:
    """The movements of so many orders in three days; one entry in twenty comes late."""
    rng, books = random.Random(seed), TwoBooks()
    for number in range(orders):
        _order(books, rng, number)
    for day in range(3):
        _payouts(books, rng, day)
    return books.sorted()


def _delay(rng: random.Random) -> int:
    """Mostly seconds, sometimes minutes or hours, rarely a day."""
    return rng.choices(
        [rng.randint(200, 9_000), rng.randint(60_000, 6 * HOUR_MS), rng.randint(0, DAY_MS)],
        [95, 4, 1],
    )[0]


def _order(books: TwoBooks, rng: random.Random, number: int) -> None:
    order, at_ms = f"order:ord_{number:05d}", START_MS + rng.randrange(2 * DAY_MS - HOUR_MS)
    amount, prefix = rng.randint(400, 90_000), rng.choice(["", "payment_"])
    if rng.random() < 0.05:
        books.besides(
            journal.COD_COLLECTED,
            f"cod:ord_{number:05d}",
            order,
            at_ms,
            journal.CARRIERS,
            journal.SALES,
            amount,
        )
        return
    charge = f"ch_{number:05d}"
    names = Names("payment" if prefix else "charge", f"charge:{charge}", order, charge)
    books.move(journal.CHARGE, names, amount, at_ms, fee=charge_fee(amount), delay_ms=_delay(rng))
    left = amount
    for again in range(rng.choices([0, 1, 2], [80, 15, 5])[0]):
        part = rng.randint(1, max(1, left // 2))
        at_ms += rng.randint(1, HOUR_MS // 4)
        left -= part
        refund = f"re_{number:05d}_{again}"
        names = Names(f"{prefix}refund", f"refund:{refund}", order, refund)
        books.move(journal.REFUND, names, -part, at_ms, delay_ms=_delay(rng))
        if rng.random() < 0.2:
            failure = "payment_failure_refund" if prefix else "refund_failure"
            names = Names(failure, f"refund:{refund}:failed", order, refund)
            books.move(journal.REFUND_FAILED, names, part, at_ms + 60_000, delay_ms=_delay(rng))
    if rng.random() < 0.04:
        _dispute(books, rng, order, left, at_ms + 1)


def _dispute(books: TwoBooks, rng: random.Random, order: str, amount: int, at_ms: int) -> None:
    name = order.replace("order:ord", "dp")
    names = Names("adjustment", f"dispute:{name}:{{}}", order, name)
    books.move(
        journal.DISPUTE,
        names,
        -amount,
        at_ms,
        fee=DISPUTE_FEE,
        contra=journal.DISPUTED,
        delay_ms=_delay(rng),
    )
    later = at_ms + rng.randint(1, HOUR_MS // 4)
    if rng.random() < 0.5:
        books.move(
            journal.DISPUTE_WON, names, amount, later, contra=journal.DISPUTED, delay_ms=_delay(rng)
        )
    else:
        books.besides(
            journal.DISPUTE_LOST,
            f"dispute:{name}:lost",
            order,
            later,
            journal.LOSSES,
            journal.DISPUTED,
            amount,
        )


def _payouts(books: TwoBooks, rng: random.Random, day: int) -> None:
    at_ms = START_MS + day * DAY_MS + 20 * HOUR_MS
    payout, amount = f"po_{day:05d}", rng.randint(10_000, 500_000)
    names = Names("payout", f"payout:{payout}", "provider", payout)
    books.move(journal.PAYOUT, names, -amount, at_ms, contra=journal.BANK)
    if day == 1:
        names = Names("payout_failure", f"payout:{payout}:failed", "provider", payout)
        books.move(journal.PAYOUT_FAILED, names, amount, at_ms + HOUR_MS, contra=journal.BANK)
    for number in range(4):
        name, transfer = f"withdrawal:wdr_{day}{number}", f"tr_{day}{number}"
        names = Names("transfer", name, name, transfer)
        books.move(journal.WITHDRAWAL, names, -3000, at_ms + number, fee=25, contra=journal.REBATES)
        if number == 3:
            # It comes back in two parts.
            for part, reference in ((2000, f"{name}:failed"), (1000, f"{name}:failed:{{}}")):
                names = Names("transfer_refund", reference, name, f"trr_{day}{part}")
                books.move(
                    journal.WITHDRAWAL_FAILED, names, part, at_ms + HOUR_MS, contra=journal.REBATES
                )


def generated(count: int) -> tuple[Iterator[CashEntry], Iterator[Movement]]:
    """So many charges a second apart, made while they are read: neither side is ever whole."""

    def amount(number: int) -> int:
        return 1000 + number % 977

    def ours() -> Iterator[CashEntry]:
        for n in range(count):
            at_ms = START_MS + n * 10
            legs = through_provider(amount(n), 30, journal.SALES)
            yield CashEntry(
                f"charge:ch_{n}",
                journal.CHARGE,
                "CNY",
                legs,
                f"order:ord_{n}",
                at_ms,
                at_ms + 1500,
                f"txn_{n}",
            )

    def theirs() -> Iterator[Movement]:
        for n in range(count):
            yield Movement(f"txn_{n}", "charge", amount(n), 30, "CNY", f"ch_{n}", START_MS + n * 10)

    return ours(), theirs()


def of_type(books: TwoBooks, type_: str) -> int:
    """The index of our first entry of a type with a line of the provider."""
    return next(i for i, each in enumerate(books.ours) if each.type == type_ and each.transaction)


def line_of(books: TwoBooks, entry: CashEntry) -> int:
    """The index of the provider's line of an entry."""
    return next(i for i, each in enumerate(books.theirs) if each.id == entry.transaction)


def with_legs(entry: CashEntry, amount: int, fee: int) -> CashEntry:
    """The same entry with other amounts."""
    contra = entry.postings[-1].account
    return replace(entry, postings=through_provider(amount, fee, contra))


def entry(name: str, at_ms: int, amount: int = 1000, **other: Any) -> CashEntry:
    """Our entry of a charge, recorded at a time."""
    legs = through_provider(amount, 59, journal.SALES)
    made = CashEntry(
        f"charge:ch_{name}",
        journal.CHARGE,
        "CNY",
        legs,
        f"order:ord_{name}",
        at_ms,
        at_ms,
        f"txn_{name}",
    )
    return replace(made, **other)
