"""Linking and unlinking phones and e-mails of a member."""

from __future__ import annotations

from datetime import datetime

from chalicelib.kernel import clock, ids
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, with_fresh_reads
from chalicelib.members import queries, rules
from chalicelib.members.actions.challenges import Proof, prove, use_up
from chalicelib.members.actions.registrations import add_identity
from chalicelib.members.errors import (
    IdentityAlreadyLinked,
    IdentityTaken,
    LastIdentity,
    TooManyIdentities,
)
from chalicelib.members.tables.items import IdentityItem, LinkedItem, ProfileItem


def link_identity(
    member_id: str, identity_id: str, content: bytes, challenge_id: str, code: str, now: datetime
) -> tuple[LinkedItem, bool]:
    """Link the challenge's destination to the member: (identity, replayed).

    Raises OtpInvalid, IdentityTaken, IdentityAlreadyLinked, TooManyIdentities,
    IdempotencyKeyReused, Unauthenticated.
    """

    def write() -> LinkedItem:
        queries.profile(member_id)
        proof = prove(challenge_id, code, now)
        return with_fresh_reads(lambda: _link(member_id, identity_id, content, proof, now))

    return replay_outranks_refusal(write, lambda: _linked(member_id, identity_id, content))


def _link(
    member_id: str, identity_id: str, content: bytes, proof: Proof, now: datetime
) -> LinkedItem:
    owner = queries.member_with(proof.identity)
    if owner is not None:
        raise IdentityAlreadyLinked() if owner == member_id else IdentityTaken()
    writes = WriteSet()
    use_up(writes, proof)
    row = add_identity(
        writes,
        member_id,
        identity_id,
        proof.destination,
        now_ms=clock.to_ms(now),
        content=content,
    )
    writes.update(
        ProfileItem.key(member_id),
        [ProfileItem.identities.add(1)],
        condition=ProfileItem.identities < rules.MAX_IDENTITIES,
        or_raise=TooManyIdentities,
    )
    writes.commit()
    return row


def _linked(member_id: str, identity_id: str, content: bytes) -> LinkedItem | None:
    return replay_of(queries.stored(LinkedItem.key(member_id, identity_id)), content)


def unlink_identity(member_id: str, identity_id: str) -> None:
    """Unlink a phone or e-mail; anybody can link it then.

    Raises NotFound, LastIdentity.
    """
    with_fresh_reads(lambda: _unlink(member_id, identity_id))


def _unlink(member_id: str, identity_id: str) -> None:
    key = LinkedItem.key(member_id, identity_id)
    known = ids.is_id("idn", identity_id)
    row = or_not_found(queries.stored(key) if known else None)
    writes = WriteSet()
    writes.delete(key, condition=LinkedItem.pk.exists())
    writes.delete(IdentityItem.key(row.identity), condition=IdentityItem.member_id == member_id)
    writes.update(
        ProfileItem.key(member_id),
        [ProfileItem.identities.add(-1)],
        condition=ProfileItem.identities > 1,
        or_raise=LastIdentity,
    )
    writes.commit()
