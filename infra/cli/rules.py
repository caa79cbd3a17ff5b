"""`replay-rules`: what a rule would have paid for the events of a period, with nothing written."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from infra.cli.ledger import Bar, be_patient
from infra.cli.terminal import number

if TYPE_CHECKING:
    from chalicelib.earning.routes.replay_views import ReplayDay, ReplayResult
    from chalicelib.earning.rules.replays import Replay


def add_to(groups: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    replay = groups.add_parser(
        "replay-rules",
        help="hold past events against a rule's newest terms beside the others in force: points "
        "by day, members, the difference to what was paid; nothing is written",
    )
    replay.add_argument(
        "--draft", required=True, metavar="RULE", help="the id of the rule, rul_… or purchases"
    )
    for name, what in (("--from", "first"), ("--to", "last")):
        replay.add_argument(
            name,
            dest=what,
            required=True,
            type=date.fromisoformat,
            metavar="DAY",
            help=f"the {what} day of the program, such as 2026-11-01",
        )
    replay.add_argument("--csv", type=Path, metavar="FILE", help="write the days to a file, too")
    replay.set_defaults(run=_replay)


def _replay(options: argparse.Namespace) -> None:
    from chalicelib.earning.actions.replays import replay_now
    from chalicelib.earning.routes.replay_views import COLUMNS, cells_of, result_of
    from chalicelib.kernel.csv_cells import csv_text

    be_patient()
    bar, seen = Bar((options.last - options.first).days + 1, "days"), 0

    def tell(replay: Replay) -> None:
        nonlocal seen
        bar.show(replay.days_done - seen)
        seen = replay.days_done

    made = replay_now(options.draft, options.first, options.last, tell)
    bar.end()
    result = result_of(made)
    for line in table(result):
        print(line)
    if made.lifted:
        print("the rule's own from and until lie outside of these days and were left out")
    if made.problem:
        print(f"stopped: {made.problem}: choose fewer days")
    if options.csv:
        rows = map(cells_of, result.days)
        text = csv_text([each.en for each in COLUMNS], rows)
        options.csv.write_text(text, "utf-8", newline="")
        print(f"{options.csv} written")


def table(result: ReplayResult) -> Iterable[str]:
    """The days in columns, their sum, and what they are about."""
    yield _row("day", "events", "matched", "paid", "would pay", "difference", "by rule")
    for day in result.days:
        yield _row(f"{day.day}", *_cells(day))
    yield _row("all days", *_cells(result))
    if not result.events:
        yield "no event of these days earned, or none of its members has registered"
    yield f"{number(result.members, 'member')} would get points by the rule"
    if result.unmatched:
        yield f"{number(result.unmatched, 'event')} of nobody who has registered: left out"
    if result.unreadable:
        yield f"{number(result.unreadable, 'event')} could not be read: left out"


def _cells(sums: ReplayDay | ReplayResult) -> Iterable[str]:
    of = (sums.events, sums.matched, sums.paid, sums.would_pay)
    return [*(f"{each:,}" for each in of), f"{sums.difference:+,}", f"{sums.by_rule:,}"]


def _row(first: str, *others: str) -> str:
    return f"{first:<10}" + "".join(f"{each:>12}" for each in others)
