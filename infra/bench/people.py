"""Members whose accounts are as large as they get: 36 lots, numbers and ids at their longest."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import Cause, Credit, Escrow
from chalicelib.members.actions.registrations import enrol
from chalicelib.members.queries import destination_of
from chalicelib.members.tables import seals
from infra.bench.in_process import InProcess
from infra.bench.write_units import Spent

# The most that one movement may move, less one: DynamoDB stores trailing zeros for nothing.
LARGEST = 10**12 - 1
LOTS = 36
DAY_S = 86_400


class People:
    """Makes members and their points by the use cases that make them for real."""

    def __init__(self, partner: str) -> None:
        self.partner = partner
        self._first = int((clock.now() + timedelta(days=40)).timestamp())

    def phone(self) -> str:
        """An unused phone number."""
        return f"+86139{secrets.randbelow(10**8):08d}"

    def lots(self) -> list[int]:
        """The seconds at which the lots of every rich account lapse."""
        return [self._first + number * 30 * DAY_S for number in range(LOTS)]

    def member(self) -> str:
        return enrol(destination_of(phone=self.phone()), roles=(), now=clock.now())

    def rich(self, each: int = LARGEST, lots: Sequence[int] | None = None) -> str:
        """A member with so many points in each of 36 lots."""
        member = self.member()
        if each:
            self.give(member, each, lots)
        return member

    def give(self, member: str, each: int, lots: Sequence[int] | None = None) -> None:
        """An accrual for each lot."""
        expiries = self.lots() if lots is None else lots
        self.accrue(member, [Credit(each, expiry, self.accrual_cause()) for expiry in expiries])

    def accrue(self, member: str, credits: Sequence[Credit]) -> None:
        writes = WriteSet()
        seen = ledger.find_account(ledger.points_account(member))
        ledger.accrue(writes, seen, credits, clock.now())
        writes.commit()

    def accrual_cause(self) -> Cause:
        """The cause of a payment's accrual at its longest."""
        order_id = secrets.token_hex(32)
        reference = f"order_paid:{self.partner}:{order_id}:purchases"
        return self.cause(reference, f"{self.partner}:{order_id}", "purchases")

    def cause(self, reference: str, source: str = "bench", rule: str | None = None) -> Cause:
        content = ids.digest(reference.encode())
        return Cause(reference, source, clock.to_ms(clock.now()), rule, content)

    def escrows(self, phone: str) -> list[Escrow]:
        """The gifts that wait for the holder of a phone."""
        return ledger.escrows_of(seals.identity_hash_of(destination_of(phone=phone)))

    def tell(
        self, here: InProcess, member: str, order_id: str, event_type: str, amount: int
    ) -> Spent:
        """The units of a partner's event of an order, with ids at their longest."""
        event = {
            "id": f"{order_id}:{event_type}".ljust(128, "x"),
            "type": event_type,
            "occurred_at": clock.rfc3339(clock.now()),
            "member": {"member_id": member},
            "data": {"order_id": order_id, "currency": "CNY", "amount": amount},
        }
        spent: Spent = here.signed(self.partner, "POST", "/v1/events", event)[1]
        return spent
