"""The command line: `python -m infra.cli [--stage STAGE | --local] <GROUP> …`; `--help` helps."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

from infra.cli.errors import CommandFailed


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code: 0 done, 1 refused or failed, 2 misunderstood."""
    options = _parser().parse_args(arguments)
    if options.stage:
        os.environ["JIFEN_STAGE"] = options.stage
    if options.local:
        from infra.local import operating
        from infra.local.errors import StackError

        try:
            operating.point_here()
        except StackError as error:
            return _failed(str(error))
    from botocore.exceptions import BotoCoreError, ClientError
    from pynamodb.exceptions import PynamoDBException

    from chalicelib.kernel.errors import JifenError
    from chalicelib.kernel.settings import MissingSetting

    try:
        options.run(options)
    except MissingSetting as error:
        return _failed(f"{error}; --stage sets the stage")
    except JifenError as error:
        fields = (f"{each.field} {each.message.en}" for each in error.fields)
        return _failed(": ".join(filter(None, (error.title.en, error.detail("en"), *fields))))
    except (CommandFailed, BotoCoreError, ClientError, PynamoDBException) as error:
        return _failed(str(error))
    return 0


def _failed(why: str) -> int:
    print(f"jifen: {' '.join(why.split())}", file=sys.stderr)
    return 1


def _parser() -> argparse.ArgumentParser:

    parser = argparse.ArgumentParser(
        prog="jifen",
        description="What operators of a points mall run by hand, with AWS credentials of a stage.",
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--stage", help="the stage to work on, such as dev or prod (default: $JIFEN_STAGE)"
    )
    where.add_argument(
        "--local", action="store_true", help="the stack that runs on this machine, by its clock"
    )
    groups = parser.add_subparsers(metavar="GROUP", required=True)
    for group in _groups():
        group.add_to(groups)
    return parser


def _groups() -> tuple[Any, ...]:
    """The groups of commands, in the order in which the help names them."""
    from infra.cli import (
        codes,
        dead,
        finance,
        keys,
        ledger,
        members,
        orders,
        parked,
        partners,
        rules,
        search,
        sign_in,
        stock,
        stripe,
    )

    return (
        members,
        keys,
        partners,
        ledger,
        finance,
        stock,
        search,
        rules,
        codes,
        stripe,
        sign_in,
        orders,
        parked,
        dead,
    )
