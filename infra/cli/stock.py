"""`stock verify|repair`: compares stock with codes, orders and movements, and repairs it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from infra.cli import operators
from infra.cli.errors import CommandFailed
from infra.cli.terminal import number

if TYPE_CHECKING:
    from chalicelib.orders.actions.stock import Proof


def add_to(groups: Any) -> None:
    group = groups.add_parser("stock", help="compare stock with its codes, orders and movements")
    commands = group.add_subparsers(metavar="COMMAND", required=True)
    verify = commands.add_parser(
        "verify",
        help="count codes, stock and waiting orders, and follow all movements to the stock; "
        "exit code 1 if any SKU is off",
    )
    verify.add_argument("sku", nargs="?", help="only this one")
    verify.set_defaults(run=_verify)
    repair = commands.add_parser(
        "repair", help="put on sale what the free codes of a SKU allow; the audit keeps it"
    )
    repair.add_argument("sku")
    repair.add_argument("--reason", required=True, type=_words, help="stands in the audit")
    repair.set_defaults(run=_repair)


def _words(text: str) -> str:
    """Raises argparse's error unless it is 1 to 200 characters."""
    if not 1 <= len(text.strip()) <= 200:
        raise argparse.ArgumentTypeError("1 to 200 characters")
    return text.strip()


def _verify(options: argparse.Namespace) -> None:
    from chalicelib.orders.actions import stock

    proof = stock.prove_sku(options.sku) if options.sku else stock.prove_stock()
    tell_counts(proof)
    print(f"problems {len(proof.problems)}")
    show(proof)
    if proof.problems:
        raise CommandFailed(f"stock is not sound: {number(len(proof.problems), 'problem')}")


def tell_counts(proof: Proof) -> None:
    """Print how much was checked."""
    print(f"pools    {proof.pools}")
    print(f"skus     {proof.skus} ({number(proof.movements, 'movement')})")


def show(proof: Proof) -> None:
    """Print the problems, and the pools that could not be checked."""
    for problem in proof.problems:
        print(f"  {problem.sku}: {problem.code}: {problem.detail}")
    for sku in proof.restless:
        print(f"  {sku}: changed each time it was counted, so nothing is said of it")


def _repair(options: argparse.Namespace) -> None:
    from chalicelib.kernel import clock
    from chalicelib.orders.actions import stock

    act, replayed = stock.repair_pool(options.sku, options.reason, operators.actor(), clock.now())
    before, after = act.before["available"], act.after["available"]
    print(
        f"{options.sku}: {before} on sale before, {after} now" + " (by an earlier try)" * replayed
    )
