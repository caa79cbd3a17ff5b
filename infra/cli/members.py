"""`members grant|revoke|show`: staff accounts; the first one of a stage is made here."""

from __future__ import annotations

import argparse
from typing import Any

from infra.cli import operators
from infra.cli.errors import CommandFailed


def add_to(groups: Any) -> None:
    from chalicelib.kernel.web.auth import STAFF_ROLES

    group = groups.add_parser("members", help="staff roles of members")
    commands = group.add_subparsers(metavar="COMMAND", required=True)
    grant = commands.add_parser(
        "grant", help="give a role; the member is made if there is none with this phone or e-mail"
    )
    revoke = commands.add_parser(
        "revoke", help="take a role away; tokens that carry it end within 15 minutes"
    )
    show = commands.add_parser("show", help="the member with this phone or e-mail, and their roles")
    for command, run in ((grant, _grant), (revoke, _revoke), (show, _show)):
        command.set_defaults(run=run)
        who = command.add_mutually_exclusive_group(required=True)
        who.add_argument("--phone", help="as +8613800138000, or a Chinese number without +86")
        who.add_argument("--email")
    for command in (grant, revoke):
        command.add_argument("--role", required=True, choices=STAFF_ROLES)


def _grant(options: argparse.Namespace) -> None:
    from chalicelib.kernel import clock
    from chalicelib.members import actions, queries

    destination = queries.destination_of(phone=options.phone, email=options.email)
    # A new member has an id once enrolled: the role comes after its record.
    member_id = actions.enrol(destination, roles=[], now=clock.now())
    operators.record("member.grant", member_id, role=options.role)
    actions.enrol(destination, roles=[options.role], now=clock.now())
    _print(member_id)


def _revoke(options: argparse.Namespace) -> None:
    from chalicelib.members import actions

    member_id = _known(options)
    operators.record("member.revoke", member_id, role=options.role)
    actions.revoke_role(member_id, options.role)
    _print(member_id)


def _show(options: argparse.Namespace) -> None:
    _print(_known(options))


def _known(options: argparse.Namespace) -> str:
    """Raises CommandFailed if nobody has the phone or e-mail."""
    from chalicelib.members import find_member

    found = find_member(phone=options.phone, email=options.email)
    if found is None:
        raise CommandFailed("no member has this phone or e-mail")
    return found


def _print(member_id: str) -> None:
    from chalicelib.kernel import clock
    from chalicelib.members import queries

    member = queries.member(member_id)
    print(f"member   {member.id}")
    print(f"phone    {member.phone.masked if member.phone else '-'}")
    print(f"e-mail   {member.email.masked if member.email else '-'}")
    print(f"nickname {member.nickname or '-'}")
    print(f"roles    {', '.join(['member', *sorted(member.roles)])}")
    print(f"since    {clock.rfc3339_ms(member.created_at)}")
