"""`sign-in set-secret`: the secrets of our apps at WeChat and QQ.

A secret is read from the terminal without showing it, or from a pipe: never from the command line.
"""

from __future__ import annotations

import argparse
import sys
from getpass import getpass
from typing import Any

from infra.cli import vault
from infra.cli.errors import CommandFailed

_KIND = "sign-in"


def add_to(groups: Any) -> None:
    group = groups.add_parser("sign-in", help="the secrets of our apps at WeChat and QQ")
    commands = group.add_subparsers(metavar="COMMAND", required=True)
    command = commands.add_parser("set-secret", help="the secret of one app")
    command.add_argument("--app", required=True, help="the app's id, as the settings have it")
    command.set_defaults(run=_set_secret)


def _set_secret(options: argparse.Namespace) -> None:
    """Raises CommandFailed."""
    asked = "App secret: "
    given = (getpass(asked) if sys.stdin.isatty() else sys.stdin.readline()).strip()
    if not given.isascii() or not given.isalnum():
        raise CommandFailed("an app secret of letters and digits is expected")
    known = vault.read(_KIND)
    if known is None:
        vault.create(_KIND, {options.app: given})
    else:
        vault.write(_KIND, {**known, options.app: given})
    print(f"{vault.name_of(_KIND)} has the secret. Functions take it up within five minutes.")
