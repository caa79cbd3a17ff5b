"""`settle`: a day's settlement built, or built again and compared; a month's trial balance."""

from __future__ import annotations

import argparse
import os
from datetime import date
from typing import TYPE_CHECKING

from infra.cli import operators
from infra.cli.errors import CommandFailed
from infra.cli.ledger import Bar, be_patient

if TYPE_CHECKING:
    from chalicelib.finance.rules.trial_balances import TrialBalance


def add_to(groups: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    settle = groups.add_parser(
        "settle", help="settle a day, or build its settlement again and compare every byte"
    )
    what = settle.add_mutually_exclusive_group(required=True)
    what.add_argument("--date", type=_day, metavar="YYYY-MM-DD", help="a day that is over")
    what.add_argument("--month", metavar="YYYY-MM", help="print the trial balance of a month")
    settle.add_argument("--currency", help="of a rebuild or a trial balance (default: the mall's)")
    settle.set_defaults(run=_settle)


def _day(text: str) -> date:
    """Raises argparse's error unless it is a day."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError("a day such as 2026-11-21") from error


def _settle(options: argparse.Namespace) -> None:
    from chalicelib.kernel.config import config

    be_patient()
    currency = options.currency or config().currency
    if options.month:
        _print_balance(options.month, currency)
        return
    _find_bucket()
    from chalicelib.finance.errors import SettlementDoesNotTie

    try:
        settle_day(options.date, currency)
    except SettlementDoesNotTie as error:
        raise CommandFailed(f"the settlement does not tie: {error}") from error


def _find_bucket() -> None:
    """Use the stage's bucket unless one is named: it ends with the account's id."""
    from chalicelib.kernel.config import config

    if config().finance.settlements_bucket:
        return
    account = operators.account_id()
    os.environ["JIFEN_SETTLEMENTS_BUCKET"] = f"jifen-{config().stage}-settlements-{account}"
    config.cache_clear()


def settle_day(day: date, currency: str) -> None:
    """Settle all days up to this one, or rebuild it if it is settled; print the result.

    Raises SettlementDoesNotTie, CommandFailed, DayNotOver, NotFound.
    """
    from chalicelib.finance.actions.rebuilds import rebuild
    from chalicelib.finance.actions.settlements import settle_next
    from chalicelib.finance.queries import settlements
    from chalicelib.kernel import clock

    now, settled = clock.now(), None
    settlements.check_over(day, now)
    while (unsettled := settlements.next_unsettled()) <= day:
        bar = Bar(_lines_of(unsettled))
        settled = settle_next(now, bar.show, until=day)
        bar.end()
        if settled is not None:
            print(f"{settled} settled")
    if day < settlements.beginning():
        print(f"{day} has no settlement: nothing had moved yet")
        return
    found = settlements.get_settlement(f"{day}-{currency}", now)
    if settled != day:
        bar = Bar(found.manifest.movements)
        differs, kept = rebuild(found, bar.show)
        bar.end()
        if differs:
            raise CommandFailed(f"{found.id} came out differently: {', '.join(differs)}")
        for name in kept:
            print(f"{name} was laid out by an earlier release: compared as it lies, and left")
        print(f"{found.id} is byte for byte what was published")
    for file in found.manifest.files:
        print(f"{file.sha256}  {file.name} ({file.rows:,} lines, {file.bytes:,} bytes)")
    print(f"{found.manifest.sha256}  manifest.json")


def _lines_of(day: date) -> int:
    """The ledger's count of entries of a day, if it has one."""
    from chalicelib import ledger
    from chalicelib.kernel import clock

    ledger.close_days(clock.now(), lambda: False)
    return sum(
        totals.entries for unit in ledger.UNITS for totals in ledger.totals_between(unit, day, day)
    )


def _print_balance(month: str, currency: str) -> None:
    from chalicelib.finance.queries.trial_balances import find_trial_balance

    balance, _ = find_trial_balance(month, currency)
    print("\n".join(balance_lines(balance)))


def balance_lines(balance: TrialBalance) -> list[str]:
    """A trial balance as a table of text, in whole units of its currency; debits above 0."""
    from chalicelib.kernel.money import grouped

    def said(amount: int) -> str:
        return grouped(amount, balance.currency)

    until = "the whole month" if balance.is_closed else f"up to {balance.until}"
    lines = [
        f"{balance.month} {balance.currency}, {until}",
        f"{'account':<20} {'opening':>16} {'debit':>16} {'credit':>16} {'closing':>16}",
    ]
    lines += [
        f"{each.account:<20} {said(each.opening):>16} {said(each.debit):>16} "
        f"{said(each.credit):>16} {said(each.closing):>16}"
        for each in balance.accounts
    ]
    lines.append(f"{'':<20} {'':>16} {said(balance.debit):>16} {said(balance.credit):>16}")
    if not balance.open_count:
        return [*lines, "clearing accounts are zero, line by line"]
    lines.append(f"open in clearing accounts: {balance.open_count}")
    lines += [
        f"  {line.account} {line.source}: {said(line.amount)} since {line.opened_on} "
        f"({line.age_days(balance.until)} days, {line.reference})"
        for line in balance.open_lines
    ]
    return lines
