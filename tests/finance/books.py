"""A mall's books for finance's tests: days on which points and money move."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chalicelib import ledger
from chalicelib.finance.actions import building
from chalicelib.finance.actions import settlements as settling
from chalicelib.finance.queries import settlements
from chalicelib.finance.rules.lines import SoldOrder
from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.ledger import Cause
from chalicelib.ledger.queries import days
from chalicelib.payments.actions.journal import record_cash
from chalicelib.payments.rules import journal
from chalicelib.payments.rules.journal import CashEntry, CashPosting
from tests.ledger.books import give
from tests.settings import changed as with_changed

BUCKET = "jifen-dev-settlements-test"
FIRST = date(2026, 11, 1)
ZONE = ZoneInfo("Asia/Shanghai")


def at(day: int, hour: int = 12, minute: int = 0, second: int = 0) -> datetime:
    """A time of the program on a day of November 2026 (32 is the first of December)."""
    midnight = datetime(2026, 11, 1, tzinfo=ZONE) + timedelta(days=day - 1)
    return (midnight + timedelta(hours=hour, minutes=minute, seconds=second)).astimezone(UTC)


class Mall:
    """Moves points and money at given times, and reads published files."""

    def __init__(self, s3: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        self.s3, self._patch = s3, monkeypatch
        self.orders: dict[str, SoldOrder] = {}
        monkeypatch.setattr(building, "find_sold_orders", self._sold)

    def _sold(self, wanted: Iterable[str]) -> dict[str, SoldOrder]:
        return {each: self.orders[each] for each in wanted if each in self.orders}

    def settings(self, **changed: Any) -> None:
        """Use other settings for the following builds."""
        made = with_changed(**changed)
        self._patch.setattr(building, "config", lambda: made)

    def opens_on(self, day: int) -> None:
        """Let the books begin on this day."""
        for module in (days, settlements):
            self._patch.setattr(module, "FIRST_DAY", clock.program_day(at(day)))

    def set_clock(self, now: datetime) -> None:
        self._patch.setattr(clock, "source", lambda: now)

    def settle(self, now: datetime) -> int:
        self.set_clock(now)
        return settling.settle_days(now, lambda: False)

    def order(
        self,
        points: int = 0,
        cash: int = 0,
        cost: int | None = None,
        currency: str = "CNY",
        **told: Any,
    ) -> str:
        order_id = ids.new_id("ord")
        self.orders[order_id] = SoldOrder(points, cash, currency, cost, **told)
        return order_id

    def account(self, points: int, now: datetime, reference: str = "a") -> str:
        account_id = ledger.points_account(ids.new_id("mbr"))
        lapses = int((now + timedelta(days=90)).timestamp())
        give(account_id, points, reference, expires_at=lapses, now=now)
        return account_id

    def redeem(self, account_id: str, order_id: str, now: datetime) -> None:
        writes, name = WriteSet(), f"order:{order_id}"
        seen = ledger.find_account(account_id)
        points = self.orders[order_id].points
        ledger.redeem(writes, seen, points, Cause(name, name, clock.to_ms(now)), now)
        writes.commit()

    def undo(self, account_id: str, order_id: str, now: datetime) -> None:
        writes, name = WriteSet(), f"order:{order_id}"
        seen, spent = ledger.find_account(account_id), ledger.find_entry(account_id, name)
        assert spent is not None
        back = Cause(ledger.reversal_of(name), name, clock.to_ms(now))
        ledger.reverse(writes, seen, spent, back, now)
        writes.commit()

    def cash(
        self,
        reference: str,
        type_: str,
        postings: tuple[CashPosting, ...],
        source: str,
        now: datetime,
        currency: str = "CNY",
        transaction: str | None = None,
    ) -> CashEntry:
        at_ms = clock.to_ms(now)
        entry = CashEntry(reference, type_, currency, postings, source, at_ms, at_ms, transaction)
        writes = WriteSet()
        record_cash(writes, entry)
        writes.commit()
        return entry

    def charge(
        self,
        number: str,
        order_id: str,
        gross: int,
        fee: int,
        now: datetime,
        contra: str = journal.SALES,
        currency: str = "CNY",
    ) -> CashEntry:
        legs = journal.through_provider(gross, fee, contra)
        return self.cash(
            f"charge:{number}",
            journal.CHARGE,
            legs,
            f"order:{order_id}",
            now,
            currency,
            f"txn_{number}",
        )

    def refund(
        self,
        number: str,
        order_id: str,
        amount: int,
        now: datetime,
        contra: str = journal.SALES,
        currency: str = "CNY",
    ) -> CashEntry:
        legs = journal.through_provider(-amount, 0, contra)
        return self.cash(
            f"refund:{number}",
            journal.REFUND,
            legs,
            f"order:{order_id}",
            now,
            currency,
            f"txn_{number}",
        )

    def objects(self) -> list[str]:
        found = self.s3.list_objects_v2(Bucket=BUCKET).get("Contents", [])
        return [each["Key"] for each in found]

    def file(self, day: int | date, name: str, currency: str = "CNY") -> bytes:
        when = day if isinstance(day, date) else clock.program_day(at(day))
        key = f"settlements/{when}/{currency}/{name}"
        body: bytes = self.s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return body

    def rows(self, day: int, name: str, currency: str = "CNY") -> list[dict[str, str]]:
        text = self.file(day, f"{name}.csv", currency).decode("utf-8-sig")
        return list(csv.DictReader(io.StringIO(text, newline="")))

    def figures(self, day: int, currency: str = "CNY") -> dict[tuple[str, str], int]:
        return {
            (row["section"], row["figure"]): int(row["value"])
            for row in self.rows(day, "summary", currency)
        }
