"""Accounts of the local stack: seeded ones, and others made by name on request."""

from __future__ import annotations

from hashlib import sha256
from typing import Any, NamedTuple

from chalicelib.kernel import clock, ids
from chalicelib.members.actions.consents import Agreement, Place, agree
from chalicelib.members.actions.sessions import sign_in_as
from chalicelib.members.queries import policies
from chalicelib.members.rules.policies import KINDS


class Account(NamedTuple):
    """Somebody of the seeded mall, known by a phone that really logs in by OTP."""

    role: str
    name: str
    phone: str


SEEDED = (
    Account("member", "李雷", "+8613800138001"),
    Account("member", "韩梅梅", "+8613800138002"),
    Account("agent", "客服小王", "+8613800138011"),
    Account("ops", "运营小张", "+8613800138012"),
    Account("finance", "财务小赵", "+8613800138013"),
    Account("admin", "管理员", "+8613800138014"),
)


def accounts() -> list[dict[str, str]]:
    """The seeded accounts: {role, name, phone}."""
    return [account._asdict() for account in SEEDED]


def token(role: str, name: str | None = None) -> dict[str, Any]:
    """A session without a code, of somebody who agrees to what is published when their account is
    made: {access_token, member_id, phone}."""
    phone = phone_of(role, name)
    roles = () if role == "member" else (role,)
    login = sign_in_as(phone=phone, roles=roles, now=clock.now())
    if login.created and _agree(login.member_id):
        login = sign_in_as(phone=phone, roles=roles, now=clock.now())
    return {"access_token": login.access_token, "member_id": login.member_id, "phone": phone}


def _agree(member_id: str) -> bool:
    """Agree to the policies that count now; whether there are any."""
    now, published = clock.now(), policies.published_now()
    current = {kind: published.current(kind, clock.to_ms(now)) for kind in KINDS}
    names = {kind: each.name for kind, each in current.items() if each}
    if names:
        asked = Agreement(ids.new_id("cns"), b"", names.get("terms"), names.get("privacy"))
        agree(member_id, asked, Place("sign_in", None, None), now)
    return bool(names)


def phone_of(role: str, name: str | None) -> str:
    """The phone of an account: the seeded one's, or one that its name and role decide."""
    for account in SEEDED:
        if account.role == role and name in (None, account.name):
            return account.phone
    number = int.from_bytes(sha256(f"{role}|{name}".encode()).digest()[:8], "big")
    return f"+86139{number % 10**8:08d}"
