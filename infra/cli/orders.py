"""`orders index`: makes orders, parcels and codes of an earlier release findable."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from infra.cli.ledger import Bar, be_patient, items_of


def add_to(groups: Any) -> None:
    group = groups.add_parser("orders", help="look-ups of orders")
    commands = group.add_subparsers(metavar="COMMAND", required=True)
    index = commands.add_parser(
        "index",
        help="make orders, parcels and codes of earlier releases findable; may be run again",
    )
    index.set_defaults(run=_index)


def _index(_options: object) -> None:
    from chalicelib.catalog import count_issued, index_codes
    from chalicelib.orders.actions.indexing import index_parcels, mark_ended, put_into_lists

    be_patient()
    parcels = _walk("orders", index_parcels())
    codes = _walk("catalog", index_codes())
    ended = _walk("orders", mark_ended())
    listed = _walk("orders", put_into_lists())
    pools = sum(count_issued())
    print(f"orders  {ended:,} marked as ended")
    print(f"orders  {listed:,} put into their lists")
    print(f"parcels {parcels:,} findable by tracking number")
    print(f"codes   {codes:,} findable by code")
    print(f"pools   {pools:,} counted")


def _walk(table: str, items: Iterator[int]) -> int:
    """Read a whole table; returns the number of new look-ups."""
    bar, made = Bar(items_of(table), f"items of {table}"), 0
    for number in items:
        made += number
        bar.show(1)
    bar.end()
    return made
