"""Reminders of points that lapse soon, published once for each lot and number of days ahead."""

from __future__ import annotations

from datetime import datetime

from msgspec.structs import replace

from chalicelib.kernel.clock import rfc3339, rfc3339_ms, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Moved
from chalicelib.kernel.store.facts import Fact, publish
from chalicelib.kernel.store.writes import was_written, with_fresh_reads
from chalicelib.ledger import queries
from chalicelib.ledger.facts import PointsExpiring
from chalicelib.ledger.rules import Account
from chalicelib.ledger.rules.reminders import Reminder, due_reminders
from chalicelib.ledger.tables import AccountItem


def remind(account_id: str, now: datetime) -> int:
    """Publish an account's reminders that are due now, then mark them; return their number."""

    def attempt() -> int:
        account = queries.find_account(account_id)
        reminders = due_reminders(account, config().ledger.reminder_days, to_ms(now))
        publish([_fact(account_id, reminder, now) for reminder in reminders])
        mark_reminded(account, to_ms(now) // 1000)
        return len(reminders)

    return with_fresh_reads(attempt)


def mark_reminded(seen: Account, until_s: int) -> None:
    """Record that an account's reminders due until `until_s` were given.

    Raises Moved if the account has changed since it was read.
    """
    item = AccountItem.of(replace(seen, reminded_s=until_s))
    remind_at = AccountItem.remind_at
    again = remind_at.set(item.remind_at) if item.remind_at else remind_at.remove()
    if not was_written(
        lambda: item.update(
            [AccountItem.reminded.set(until_s), again], condition=AccountItem.seq == seen.seq
        )
    ):
        raise Moved()


def _fact(account_id: str, reminder: Reminder, now: datetime) -> Fact[PointsExpiring]:
    member_id, _, unit = account_id.partition(":")
    data = PointsExpiring(
        member_id=member_id,
        unit=unit,
        points=reminder.points,
        expires_at=rfc3339_ms(reminder.expires_at * 1000),
        days=reminder.days,
    )
    name = f"expiring:{account_id}:{reminder.expires_at}:{reminder.days}"
    return Fact.of(name, rfc3339(now), data)
