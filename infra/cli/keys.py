"""`keys create`: the keys that a stage signs, encrypts and hashes with."""

from __future__ import annotations

import argparse
import base64
import secrets
from typing import Any

from infra.cli import vault

KEY_BYTES = 32


def add_to(groups: Any) -> None:
    group = groups.add_parser("keys", help="the stage's keys")
    commands = group.add_subparsers(metavar="COMMAND", required=True)
    create = commands.add_parser(
        "create", help="make the stage's keys at random if it has none; existing ones stay"
    )
    create.add_argument(
        "--stage", default=argparse.SUPPRESS, help="the stage (default: $JIFEN_STAGE)"
    )
    create.set_defaults(run=_create)


def new_keys() -> dict[str, Any]:
    """Random keys in the shape of the secret `jifen-<stage>-keys`."""
    return {
        "access_token": [{"id": "k1", "key": _new_key()}],
        "field": [{"id": "f1", "key": _new_key()}],
        "hash": _new_key(),
        "cursor": _new_key(),
    }


def _new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def _create(_options: argparse.Namespace) -> None:
    # Lost keys cannot be made again: sealed and hashed values are lost with them.
    if vault.create("keys", new_keys()):
        print(f"made {vault.name_of('keys')}: keep a copy where this account's loss cannot reach")
    else:
        print(f"{vault.name_of('keys')} is there already, left as it is")
