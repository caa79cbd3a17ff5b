"""`verify`: every account computed again from its entries, by processes side by side; stock held
against what it is made of.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from infra.cli import stock
from infra.cli.errors import CommandFailed
from infra.cli.terminal import number

if TYPE_CHECKING:
    from chalicelib.ledger.rules.verification import Tally

# So many items are read from a segment in about one answer of a Scan.
_ITEMS_A_SEGMENT = 1_000
# No request waits for these reads, and a busy engine may be slow to count its items.
_READ_TIMEOUT_S = 30
_WIDTH = 30
_LINE_EVERY_S = 5.0


class Told(NamedTuple):
    """A message of a process: its progress, its tally at the end, or its error."""

    entries: int
    tally: Tally | None = None
    failed: str | None = None


def add_to(groups: Any) -> None:
    verify = groups.add_parser(
        "verify",
        help="compute accounts again from their entries, and stock from codes and movements; "
        "exit code 1 if any is off",
    )
    verify.add_argument("--member", help="only the accounts of this member")
    verify.add_argument(
        "--segments",
        type=_positive,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes that read side by side (default: one for each processor)",
    )
    verify.add_argument(
        "--records",
        action="store_true",
        help="read every record of every table instead; list those that this release cannot read",
    )
    verify.set_defaults(run=_verify)


def _positive(text: str) -> int:
    """Raises argparse's error unless it is 1 to 64."""
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError("1 to 64")
    return int(text)


def _verify(options: argparse.Namespace) -> None:
    if options.records:
        from infra.cli.records import tell_unread

        tell_unread()
        return
    from chalicelib.orders.actions.stock import Proof, prove_stock

    began = time.monotonic()
    tally = verify_member(options.member) if options.member else verify_all(options.segments)
    spent_s = max(time.monotonic() - began, 0.001)
    print(f"accounts {tally.accounts}")
    print(f"entries  {tally.entries} ({tally.entries / spent_s:,.0f} a second)")
    proof = Proof() if options.member else prove_stock()
    found = tally.found + len(proof.problems)
    if not options.member:
        stock.tell_counts(proof)
    print(f"problems {found}")
    for problem in tally.problems:
        where = "" if problem.seq is None else f" entry {problem.seq}"
        print(f"  {problem.account_id}{where}: {problem.code}: {problem.detail}")
    stock.show(proof)
    if tally.found:
        raise CommandFailed(f"the ledger is not sound: {number(found, 'problem')}")
    if found:
        raise CommandFailed(f"stock is not sound: {number(found, 'problem')}")


def verify_member(member_id: str) -> Tally:
    """Check the accounts of one member."""
    from chalicelib.ledger import UNITS, queries
    from chalicelib.ledger.rules.verification import Tally

    tally = Tally(until_ms=0)
    for unit in UNITS:
        queries.prove_account(queries.account_of(member_id, unit), tally)
    return tally


def verify_all(processes: int) -> Tally:
    """Check all accounts, each process its share of the table; then transfers against escrows.

    Raises CommandFailed if a process did.
    """
    from chalicelib.kernel import clock
    from chalicelib.ledger.actions.verification import new_tally, prove_transfers

    be_patient()
    items = _items()
    total = max(processes, -(-items // _ITEMS_A_SEGMENT))
    tally = new_tally(clock.now())
    bar = Bar(items)
    for told in _told(processes, total, tally.until_ms):
        bar.show(told.entries)
        if told.failed:
            raise CommandFailed(told.failed)
        if told.tally is not None:
            tally.merge(told.tally)
    bar.end()
    prove_transfers(tally)
    return tally


def be_patient() -> None:
    from chalicelib.kernel.store import tables

    tables.READ_TIMEOUT_S = _READ_TIMEOUT_S


def _items() -> int:
    return items_of("ledger")


def items_of(context: str) -> int:
    """How many items a context's table has, as DynamoDB counted some hours ago."""
    from chalicelib.kernel.config import config
    from chalicelib.kernel.store.tables import connection

    client: Any = connection().client
    table = client.describe_table(TableName=config().table(context))["Table"]
    return int(table["ItemCount"])


def _told(processes: int, total: int, until_ms: int) -> Iterator[Told]:
    """The messages of so many processes until all of them have ended."""
    context = multiprocessing.get_context("spawn")
    told: Any = context.SimpleQueue()
    shares = [range(number, total, processes) for number in range(processes)]
    workers = [
        context.Process(target=walk, args=(share, total, until_ms, told), daemon=True)
        for share in shares
    ]
    for worker in workers:
        worker.start()
    left = len(workers)
    while left:
        message: Told = told.get()
        left -= message.tally is not None or message.failed is not None
        yield message
    for worker in workers:
        worker.join()


def walk(share: range, total: int, until_ms: int, told: Any) -> None:
    """Check some of the table's `total` segments, and queue the messages about them."""
    from chalicelib.ledger import queries
    from chalicelib.ledger.rules.verification import Tally

    be_patient()
    tally, seen = Tally(until_ms), 0
    try:
        for segment in share:
            queries.prove_segments(tally, [segment], total, None, lambda: False)
            told.put(Told(tally.entries - seen))
            seen = tally.entries
        told.put(Told(0, tally=tally))
    except Exception as error:
        told.put(Told(0, failed=f"a process could not go on: {error}"))


class Bar:
    """Progress on stderr: a bar on a terminal, a line every few seconds elsewhere."""

    def __init__(self, expected: int, of: str = "entries") -> None:
        self._expected, self._done, self._of = max(expected, 1), 0, of
        self._on_terminal = sys.stderr.isatty()
        self._said_at = time.monotonic()

    def show(self, more: int) -> None:
        """Count so many more."""
        self._done += more
        part = min(1.0, self._done / self._expected)
        if self._on_terminal:
            filled = int(part * _WIDTH)
            bar = "█" * filled + "░" * (_WIDTH - filled)
            print(f"\r{bar} {part:4.0%} {self._done:,}", end="", file=sys.stderr, flush=True)
        elif time.monotonic() - self._said_at > _LINE_EVERY_S:
            self._said_at = time.monotonic()
            print(f"{self._done:,} {self._of}, about {part:.0%}", file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._on_terminal:
            print(file=sys.stderr)
