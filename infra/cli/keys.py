"""`keys create`, `rotate`: the keys that a stage signs, encrypts and hashes with."""

from __future__ import annotations

import argparse
import base64
import secrets
from typing import Any

from infra.cli import vault
from infra.cli.errors import CommandFailed

KEY_BYTES = 32
ROTATED = ("access_token", "field")
# A process keeps secrets for five minutes, and is told of new ones by nobody.
SIGNS_AFTER_S = 600
# Tokens of the key before the newest live a quarter of an hour.
AGAIN_AFTER_S = 1200
# Of these the last but one stays, for tokens that are on their way: what is sealed stays sealed.
TWO_ARE_LIVE = ("access_token",)


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
    rotate = commands.add_parser(
        "rotate", help="make a new key that signs ten minutes from now; the last one stays good"
    )
    rotate.add_argument("purpose", choices=ROTATED, help="what the key is for")
    rotate.add_argument(
        "--stage", default=argparse.SUPPRESS, help="the stage (default: $JIFEN_STAGE)"
    )
    rotate.set_defaults(run=_rotate)


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


def rotated(held: list[dict[str, Any]], purpose: str, now_s: int) -> list[dict[str, Any]]:
    """The keys of a purpose with a new one first.

    Raises CommandFailed while tokens of the key that would go may still be sent.
    """
    since = held[0].get("since", 0)
    if since and now_s < since + AGAIN_AFTER_S:
        raise CommandFailed(f"{held[0]['id']} is too new: rotate again in half an hour")
    number = 1 + max(int(each["id"][1:]) for each in held)
    made = {"id": f"{held[0]['id'][0]}{number}", "key": _new_key(), "since": now_s + SIGNS_AFTER_S}
    return [made, held[0]] if purpose in TWO_ARE_LIVE else [made, *held]


def _rotate(options: argparse.Namespace) -> None:
    from chalicelib.kernel import clock

    kept = vault.read("keys")
    if kept is None:
        raise CommandFailed(f"{vault.name_of('keys')} is not there: keys create makes it")
    purpose: str = options.purpose
    kept[purpose] = rotated(kept[purpose], purpose, int(clock.machine_now().timestamp()))
    vault.write("keys", kept)
    live = ", ".join(each["id"] for each in kept[purpose])
    print(f"live keys of {purpose}: {live}; {kept[purpose][0]['id']} signs in ten minutes")
