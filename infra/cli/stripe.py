"""`stripe set-keys|rotate|end-rotation`: the secrets that the stage shares with Stripe.

Secrets are read from the terminal without showing them, or from a pipe, one a line: never from
the command line, which the shell's history and other users' process lists keep.
"""

from __future__ import annotations

import argparse
import sys
from getpass import getpass
from typing import Any

from infra.cli import vault
from infra.cli.errors import CommandFailed

LIVE_SECRETS = 2
_TAKEN_UP = "Functions take it up within five minutes."


def add_to(groups: Any) -> None:
    group = groups.add_parser("stripe", help="the API key and the webhooks' secrets")
    commands = group.add_subparsers(metavar="COMMAND", required=True)
    for name, run, words in (
        ("set-keys", _set_keys, "the API key, and the webhooks' secret unless there is one"),
        ("rotate", _rotate, "a new webhook secret beside the last one, which stays good"),
        ("end-rotation", _end_rotation, "only the newest webhook secret stays good"),
    ):
        commands.add_parser(name, help=words).set_defaults(run=run)


def _set_keys(_options: argparse.Namespace) -> None:
    known = vault.read("stripe")
    api_key = _asked("API key (sk_… or rk_…)", ("sk_", "rk_"))
    if known is not None:
        vault.write("stripe", {**known, "api_key": api_key})
    else:
        secret = _asked("Webhook secret (whsec_…)", ("whsec_",))
        vault.create("stripe", {"api_key": api_key, "webhook_secrets": [secret]})
    print(f"{vault.name_of('stripe')} has the API key. {_TAKEN_UP}")


def _rotate(_options: argparse.Namespace) -> None:
    known = _known()
    new = _asked("New webhook secret (whsec_…)", ("whsec_",))
    others = [each for each in known["webhook_secrets"] if each != new]
    live = [new, *others][:LIVE_SECRETS]
    vault.write("stripe", {**known, "webhook_secrets": live})
    print(f"{len(live)} webhook secrets are good. {_TAKEN_UP}")


def _end_rotation(_options: argparse.Namespace) -> None:
    known = _known()
    vault.write("stripe", {**known, "webhook_secrets": known["webhook_secrets"][:1]})
    print(f"1 webhook secret is good. {_TAKEN_UP}")


def _known() -> dict[str, Any]:
    """Raises CommandFailed."""
    known = vault.read("stripe")
    if known is None:
        raise CommandFailed("the stage has no Stripe keys yet: stripe set-keys comes first")
    return known


def _asked(what: str, prefixes: tuple[str, ...]) -> str:
    """Raises CommandFailed."""
    given = (getpass(f"{what}: ") if sys.stdin.isatty() else sys.stdin.readline()).strip()
    if not given.startswith(prefixes) or not given.isascii() or " " in given:
        raise CommandFailed(f"{what} is expected")
    return given
