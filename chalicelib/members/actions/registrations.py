"""Registration of members and identities, and roles of the staff."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from chalicelib.kernel import clock, ids
from chalicelib.kernel.errors import IdempotencyKeyReused, Invalid, Moved
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.kernel.web import auth
from chalicelib.members import queries
from chalicelib.members.actions.referrals import give_code
from chalicelib.members.rules import Consent, Destination
from chalicelib.members.rules.providers import Account, Known
from chalicelib.members.tables import seals
from chalicelib.members.tables.items import IdentityItem, LinkedItem, ProfileItem


def add_member(
    writes: WriteSet,
    whose: Destination | Account,
    *,
    language: str,
    now_ms: int,
    consent: Consent | None = None,
    roles: Collection[str] = (),
    referred_by: str | None = None,
    devices: bytes | None = None,
) -> str:
    """Add a new member with one identity to `writes`; return their id.

    The commit fails with Moved if somebody has the identity by then.
    """
    member_id = ids.new_id("mbr")
    item = ProfileItem.key(member_id)
    item.nickname = None if isinstance(whose, Destination) else whose.nickname
    item.language = language
    item.consent = consent
    item.roles = set(roles) or None
    item.devices = devices
    item.identities = 1
    item.addresses = 0
    item.created_at = now_ms
    item.referred_by = referred_by
    give_code(writes, item, member_id)
    writes.put_new(item, or_raise=Moved)
    is_uninvited = referred_by is None
    add_identity(
        writes, member_id, ids.new_id("idn"), whose, now_ms=now_ms, is_uninvited=is_uninvited
    )
    return member_id


def add_identity(
    writes: WriteSet,
    member_id: str,
    identity_id: str,
    whose: Destination | Account,
    *,
    now_ms: int,
    content: bytes | None = None,
    is_uninvited: bool = False,
) -> LinkedItem:
    """Add to `writes` that a destination or an account is the member's, if it is nobody's then.

    Refused with IdempotencyKeyReused if the id is another identity's, which a key gave it.
    """
    row = LinkedItem.key(member_id, identity_id)
    if isinstance(whose, Destination):
        row.kind = whose.kind
        hashes = [seals.identity_hash_of(whose)]
        row.sealed = seals.seal(whose, member_id)
    else:
        row.kind = whose.provider
        hashes = seals.account_hashes_of(whose)
        row.sealed = seals.seal_known(Known().joined(whose), member_id)
    row.identity = hashes[0]
    row.also = set(hashes[1:]) or None
    row.content = content
    row.created_at = now_ms
    for identity in hashes:
        add_owner(writes, identity, member_id, now_ms, is_uninvited=is_uninvited)
    writes.put_new(row, or_raise=IdempotencyKeyReused)
    return row


def add_owner(
    writes: WriteSet, identity: str, member_id: str, now_ms: int, *, is_uninvited: bool = False
) -> None:
    """Add to `writes` that a hash is the member's; the commit fails with Moved if it is anybody's
    by then. `is_uninvited`: it is known that nobody invited the member."""
    owner = IdentityItem.key(identity)
    owner.member_id = member_id
    owner.created_at = now_ms
    owner.uninvited = member_id if is_uninvited else None
    writes.put_new(owner, or_raise=Moved)


def enrol(
    destination: Destination, *, roles: Collection[str], now: datetime, language: str = "zh-CN"
) -> str:
    """Find or create the member with this destination, and add roles; return their id.

    Only the operators' command line and seeds call it: it needs no code.

    Raises Invalid for an unknown role.
    """
    _check_roles(roles)

    def attempt() -> str:
        writes = WriteSet()
        found = queries.member_with(seals.identity_hash_of(destination))
        if found is None:
            now_ms = clock.to_ms(now)
            found = add_member(writes, destination, language=language, now_ms=now_ms, roles=roles)
        elif roles:
            writes.update(
                ProfileItem.key(found),
                [ProfileItem.roles.add(set(roles))],
                condition=ProfileItem.pk.exists(),
            )
        if len(writes):
            writes.commit()
        return found

    return with_fresh_reads(attempt)


def revoke_role(member_id: str, role: str) -> None:
    """Revoke a role; tokens that carry it end within 15 minutes.

    Raises Invalid for an unknown role.
    """
    _check_roles([role])
    writes = WriteSet()
    writes.update(
        ProfileItem.key(member_id),
        [ProfileItem.roles.delete({role})],
        condition=ProfileItem.pk.exists(),
    )
    with_fresh_reads(writes.commit)


def _check_roles(roles: Collection[str]) -> None:
    if not set(roles) <= set(auth.STAFF_ROLES):
        raise Invalid()
