"""Linking and unlinking of the ways in which a member signs in."""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel import clock, ids
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.store.writes import (
    WriteSet,
    replay_outranks_refusal,
    unmoved,
    with_fresh_reads,
)
from chalicelib.members import queries, rules
from chalicelib.members.actions.challenges import Proof, prove, use_up
from chalicelib.members.actions.referrals import remember_former
from chalicelib.members.actions.registrations import add_identity
from chalicelib.members.errors import (
    IdentityAlreadyLinked,
    IdentityTaken,
    LastIdentity,
    TooManyIdentities,
)
from chalicelib.members.rules import Destination
from chalicelib.members.rules.providers import Account
from chalicelib.members.tables.items import IdentityItem, LinkedItem, ProfileItem


def link_identity(
    member_id: str, identity_id: str, content: bytes, challenge_id: str, code: str, now: datetime
) -> tuple[LinkedItem, bool]:
    """Link the challenge's destination to the member: (identity, replayed).

    Raises OtpInvalid, IdentityTaken, IdentityAlreadyLinked, TooManyIdentities,
    IdempotencyKeyReused, Unauthenticated.
    """

    def write() -> LinkedItem:
        profile = queries.profile(member_id)
        proof = prove(challenge_id, code, now)
        return with_fresh_reads(lambda: _link(profile, identity_id, content, proof, now))

    return replay_outranks_refusal(write, lambda: find_linked(member_id, identity_id, content))


def _link(
    profile: ProfileItem, identity_id: str, content: bytes, proof: Proof, now: datetime
) -> LinkedItem:
    member_id, owner = profile.id, queries.member_with(proof.identity)
    if owner is not None:
        raise IdentityAlreadyLinked() if owner == member_id else IdentityTaken()
    writes = WriteSet()
    use_up(writes, proof)
    return link_new(
        writes,
        member_id,
        identity_id,
        proof.destination,
        content=content,
        now=now,
        is_uninvited=profile.referred_by is None,
    )


def link_new(
    writes: WriteSet,
    member_id: str,
    identity_id: str,
    whose: Destination | Account,
    *,
    content: bytes,
    now: datetime,
    is_uninvited: bool = False,
) -> LinkedItem:
    """Commit `writes` with a new identity of a member; nobody has it.

    Raises TooManyIdentities, IdempotencyKeyReused, Moved.
    """
    now_ms = clock.to_ms(now)
    row = add_identity(
        writes,
        member_id,
        identity_id,
        whose,
        now_ms=now_ms,
        content=content,
        is_uninvited=is_uninvited,
    )
    writes.update(
        ProfileItem.key(member_id),
        [ProfileItem.identities.add(1)],
        condition=ProfileItem.identities < rules.MAX_IDENTITIES,
        or_raise=TooManyIdentities,
    )
    writes.commit()
    return row


def find_linked(member_id: str, identity_id: str, content: bytes) -> LinkedItem | None:
    """The identity that an earlier try with the same key linked, None without one.

    Raises IdempotencyKeyReused.
    """
    return replay_of(queries.stored(LinkedItem.key(member_id, identity_id)), content)


def unlink_identity(member_id: str, identity_id: str, now: datetime) -> None:
    """Unlink a way to sign in; anybody can link it then.

    Raises NotFound, LastIdentity.
    """
    with_fresh_reads(lambda: _unlink(member_id, identity_id, now))


def _unlink(member_id: str, identity_id: str, now: datetime) -> None:
    key = LinkedItem.key(member_id, identity_id)
    known = ids.is_id("idn", identity_id)
    row = or_not_found(queries.stored(key) if known else None)
    writes = WriteSet()
    # Another login may have added a hash since it was read.
    is_same = LinkedItem.pk.exists() & unmoved(LinkedItem.also, row.also)
    writes.delete(key, condition=is_same)
    for identity in row.hashes:
        remember_former(writes, identity, member_id, clock.to_ms(now))
        writes.delete(IdentityItem.key(identity), condition=IdentityItem.member_id == member_id)
    writes.update(
        ProfileItem.key(member_id),
        [ProfileItem.identities.add(-1)],
        condition=ProfileItem.identities > 1,
        or_raise=LastIdentity,
    )
    writes.commit()
