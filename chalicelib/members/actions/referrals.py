"""Referral codes: each member has one, and a new member may come by somebody's."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.kernel.errors import FieldError, Invalid, Moved, Words
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.members import queries
from chalicelib.members.rules.referrals import (
    APPLIED,
    OWN_CODE,
    UNKNOWN_CODE,
    Invited,
    ReferredBy,
    new_code,
)
from chalicelib.members.tables.items import ProfileItem
from chalicelib.members.tables.referrals import FormerItem, ReferralCodeItem


def give_code(writes: WriteSet, profile: ProfileItem, member_id: str) -> str:
    """Add a code of their own to a member's profile, and lead it to them.

    The commit fails with Moved if somebody has the code by then.
    """
    code = new_code()
    row = ReferralCodeItem.key(code)
    row.member_id = member_id
    writes.put_new(row, or_raise=Moved)
    profile.referral_code = code
    return code


def code_of(member_id: str) -> str:
    """The code of a member: one of an earlier release gets theirs when it is first asked for.

    Raises Unauthenticated if the member is gone.
    """

    def attempt() -> str:
        found = queries.profile(member_id)
        own: str | None = found.referral_code
        if own is not None:
            return own
        writes, given = WriteSet(), ProfileItem.key(member_id)
        code = give_code(writes, given, member_id)
        unset = ProfileItem.pk.exists() & ProfileItem.referral_code.does_not_exist()
        change = [ProfileItem.referral_code.set(code)]
        writes.update(ProfileItem.key(member_id), change, condition=unset)
        writes.commit()
        return code

    return with_fresh_reads(attempt)


def member_with_code(code: str) -> str | None:
    """The id of the member whose code it is."""
    found = queries.stored(ReferralCodeItem.key(code))
    return str(found.member_id) if found else None


def invited_by(code: str | None, identities: Iterable[str]) -> Invited:
    """Who invited a new member by the code that they bring, if it counts: nobody invites who has
    a phone, an e-mail or an account that was theirs before."""
    if code is None:
        return Invited()
    owner = member_with_code(code)
    if owner is None:
        return Invited(outcome=UNKNOWN_CODE)
    owners = queries.ids_of(owner)
    former = (FormerItem.key(each, owner_id) for each in identities for owner_id in owners)
    if any(map(queries.stored, former)):
        return Invited(outcome=OWN_CODE)
    return Invited(owner, APPLIED)


def check_known(invited: Invited) -> Invited:
    """Raises Invalid naming `referral_code` for a code that nobody has."""
    if invited.outcome == UNKNOWN_CODE:
        words = Words("邀请码不存在", "is no code of a member")
        raise Invalid(FieldError("referral_code", "unknown", words))
    return invited


def remember_former(writes: WriteSet, identity: str, member_id: str, now_ms: int) -> None:
    """Add that a member has unlinked an identity."""
    row = FormerItem.key(identity, member_id)
    row.until = now_ms
    writes.put(row)


def referred_by(member_id: str) -> ReferredBy | None:
    """Who invited a member; None if nobody did."""
    found = queries.find_profile(member_id)
    if found is not None:
        return ReferredBy(found.referred_by, found.created_at) if found.referred_by else None
    left = queries.find_merged(member_id)
    return ReferredBy(left.referred_by, left.registered_at) if left and left.referred_by else None


def share_device(one: str, other: str) -> bool:
    """Whether two members have signed in on one device."""
    return bool(_devices(one) & _devices(other))


def _devices(member_id: str) -> set[bytes]:
    # Sessions without a device, as those of earlier releases, tell nothing.
    return {each.device for each in queries.sessions(member_id, 0) if each.device}
