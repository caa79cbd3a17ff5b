"""`partners add|rotate`: secrets that shops sign their events with."""

from __future__ import annotations

import argparse
import re
import secrets
from typing import Any

from infra.cli import vault
from infra.cli.errors import CommandFailed

LIVE_SECRETS = 2
SECRET_BYTES = 32
_PARTNER = re.compile(r"[a-z0-9][a-z0-9-]{1,39}\Z")


def add_to(groups: Any) -> None:
    group = groups.add_parser("partners", help="secrets of the shops that send events")
    commands = group.add_subparsers(metavar="COMMAND", required=True)
    add = commands.add_parser("add", help="a new partner; prints its secret, once")
    rotate = commands.add_parser(
        "rotate", help="a new secret beside the last one, which stays good; prints it, once"
    )
    for command, run in ((add, _add), (rotate, _rotate)):
        command.add_argument("id", type=partner_id, help="such as shop-1")
        command.set_defaults(run=run)


def partner_id(text: str) -> str:
    """Raises argparse's error unless it is lower case, digits and hyphens, 2 to 40."""
    if not _PARTNER.match(text):
        raise argparse.ArgumentTypeError("2 to 40 of a-z, 0-9 and -, as in shop-1")
    return text


def _add(options: argparse.Namespace) -> None:
    new = secrets.token_urlsafe(SECRET_BYTES)
    if vault.create("partners", {options.id: [new]}):
        return _tell(options.id, new)
    known = vault.read("partners") or {}
    if options.id in known:
        raise CommandFailed(f"{options.id} is there already: rotate gives it a new secret")
    vault.write("partners", {**known, options.id: [new]})
    return _tell(options.id, new)


def _rotate(options: argparse.Namespace) -> None:
    known = vault.read("partners") or {}
    if options.id not in known:
        raise CommandFailed(f"{options.id} is not a partner of this stage")
    new = secrets.token_urlsafe(SECRET_BYTES)
    live = [new, *known[options.id]][:LIVE_SECRETS]
    vault.write("partners", {**known, options.id: live})
    _tell(options.id, new)


def _tell(partner: str, secret: str) -> None:
    print(f"partner {partner}")
    print(f"secret  {secret}")
    print("It is not shown again. Functions take it up within five minutes.")
