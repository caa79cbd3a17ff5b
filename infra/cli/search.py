"""`search rebuild`: builds the index of goods anew, from every product."""

from __future__ import annotations

import os
from typing import Any

from infra.cli import operators
from infra.cli.ledger import Bar, be_patient


def add_to(groups: Any) -> None:
    group = groups.add_parser("search", help="the index of goods that searches read")
    commands = group.add_subparsers(metavar="COMMAND", required=True)
    rebuild = commands.add_parser(
        "rebuild",
        help="build the index from all products and publish it; the mall searches the old one "
        "until then",
    )
    rebuild.set_defaults(run=_rebuild)


def _rebuild(_options: object) -> None:
    from chalicelib.catalog.actions import indexing
    from chalicelib.catalog.queries.products import count_products
    from chalicelib.kernel import clock

    be_patient()
    _find_bucket()
    # Each product is read and, if it is on sale, written.
    bar = Bar(2 * count_products(), "products")
    count = indexing.rebuild(clock.now(), lambda _: bar.show(1))
    bar.end()
    print(f"{count:,} goods can be found")


def _find_bucket() -> None:
    """Use the stage's bucket unless one is named: it ends with the account's id."""
    from chalicelib.kernel.config import config

    if config().catalog.search_bucket:
        return
    account = operators.account_id()
    os.environ["JIFEN_SEARCH_BUCKET"] = f"jifen-{config().stage}-search-{account}"
    config.cache_clear()
