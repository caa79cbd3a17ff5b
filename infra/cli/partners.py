"""`partners add|rotate|list|remove`: secrets that shops sign their events with."""

from __future__ import annotations

import argparse
import re
import secrets
from typing import Any, NamedTuple

from infra.cli import operators, vault
from infra.cli.errors import CommandFailed
from infra.cli.terminal import confirm

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
    listed = commands.add_parser("list", help="ids, numbers of valid secrets, dates of the newest")
    listed.set_defaults(run=_list)
    remove = commands.add_parser("remove", help="end a partner's secrets: its requests are refused")
    remove.add_argument("--yes", action="store_true", help="do not ask whether that is meant")
    for command, run in ((add, _add), (rotate, _rotate), (remove, _remove)):
        command.add_argument("id", type=partner_id, help="such as shop-1")
        command.set_defaults(run=run)


def partner_id(text: str) -> str:
    """Raises argparse's error unless it is lower case, digits and hyphens, 2 to 40."""
    if not _PARTNER.match(text):
        raise argparse.ArgumentTypeError("2 to 40 of a-z, 0-9 and -, as in shop-1")
    return text


class Dates(NamedTuple):
    """When a partner was added and got its newest secret, as the audit knows; None before that."""

    added: str | None
    rotated: str | None


def _add(options: argparse.Namespace) -> None:
    known = vault.read("partners")
    if options.id in (known or {}):
        raise CommandFailed(f"{options.id} is there already: rotate gives it a new secret")
    new = secrets.token_urlsafe(SECRET_BYTES)
    operators.record("partner.add", _subject(options.id))
    if known is not None or not vault.create("partners", {options.id: [new]}):
        vault.write("partners", {**(vault.read("partners") or {}), options.id: [new]})
    _tell(options.id, new)


def _rotate(options: argparse.Namespace) -> None:
    known = _known(options.id)
    new = secrets.token_urlsafe(SECRET_BYTES)
    live = [new, *known[options.id]][:LIVE_SECRETS]
    operators.record("partner.rotate", _subject(options.id), live_secrets=len(live))
    vault.write("partners", {**known, options.id: live})
    _tell(options.id, new)


def _list(_options: argparse.Namespace) -> None:
    known = vault.read("partners") or {}
    if not known:
        print("no partner yet: partners add makes one")
        return
    rows = [("partner", "secrets", "added", "newest secret")]
    for partner, live in sorted(known.items()):
        added, rotated = _dates(partner)
        since = (added or "-", rotated or added or "-")
        rows.append((partner, str(len(live[:LIVE_SECRETS])), *since))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(map(str.ljust, row, widths)).rstrip())


def _dates(partner: str) -> Dates:
    from chalicelib.audit.queries import acts_on
    from chalicelib.kernel.clock import from_ms, rfc3339
    from chalicelib.kernel.cursors import PageQuery

    newest: dict[str, str] = {}
    for act in acts_on(_subject(partner), PageQuery(limit=100), lambda act: act).data:
        if act.action == "partner.remove":
            break
        newest.setdefault(act.action, rfc3339(from_ms(act.at_ms)))
    return Dates(newest.get("partner.add"), newest.get("partner.rotate"))


def _remove(options: argparse.Namespace) -> None:
    _known(options.id)
    if not options.yes:
        confirm(options.id, "remove")
    operators.record("partner.remove", _subject(options.id))
    # Read again: another operator may have changed a partner during the confirmation.
    left = {name: live for name, live in _known(options.id).items() if name != options.id}
    vault.write("partners", left)
    print(f"{options.id} is no partner any more. Functions refuse it within five minutes;")
    print("what it has held ends at its time, what its events have earned stays.")


def _known(partner: str) -> dict[str, list[str]]:
    """All partners, this one among them.

    Raises CommandFailed.
    """
    known = vault.read("partners") or {}
    if partner not in known:
        raise CommandFailed(f"{partner} is not a partner of this stage")
    return known


def _subject(partner: str) -> str:
    return f"partner:{partner}"


def _tell(partner: str, secret: str) -> None:
    print(f"partner {partner}")
    print(f"secret  {secret}")
    print("It is not shown again. Functions take it up within five minutes.")
