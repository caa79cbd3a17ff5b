"""A member closes the account: marked first, erased when the time to think it over has passed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.kernel import clock
from chalicelib.kernel.store.writes import WriteSet, delete_each, unmoved, with_fresh_reads
from chalicelib.members import queries
from chalicelib.members.tables.externals import EXTERNAL
from chalicelib.members.tables.items import (
    ERASED,
    IDENTITY,
    MEMBER,
    ErasedItem,
    IdentityItem,
    LinkedItem,
    MembersItem,
    ProfileItem,
)


def mark_for_erasure(
    writes: WriteSet, member_id: str, due_ms: int, seen_ms: int | None = None
) -> None:
    """Add to a transaction: the member is erased at `due_ms` (epoch milliseconds) unless they sign
    in before. The commit is refused with Moved if `seen_ms` is not what was marked before.

    One of the staff is not marked: the acts of the staff need their names.
    """
    mark = ProfileItem.erase_at
    writes.update(
        ProfileItem.key(member_id),
        [mark.set(due_ms)],
        condition=ProfileItem.pk.exists()
        & ProfileItem.roles.does_not_exist()
        & ProfileItem.merging.does_not_exist()
        & unmoved(mark, seen_ms),
    )


def forget_member(member_id: str, due_ms: int, now: datetime) -> bool:
    """Erase a member whose time has come, in one transaction: nobody has their phones, e-mails and
    external ids any more, and their profile is gone. False if they have signed in meanwhile."""
    return with_fresh_reads(lambda: _free_identities(member_id, due_ms, now))


def forget_rest(member_id: str) -> None:
    """Delete all that lies beside the profile of an erased member. Safe to repeat."""
    rows = MembersItem.query(MEMBER + member_id, consistent_read=True)
    delete_each([row for row in rows if row.sk != ERASED])


def _free_identities(member_id: str, due_ms: int, now: datetime) -> bool:
    profile = queries.find_profile(member_id)
    if profile is None or profile.erase_at != due_ms:
        return False
    writes = WriteSet()
    erased = ErasedItem.key(member_id)
    erased.erased_at, erased.merged = clock.to_ms(now), profile.merged
    writes.put(erased)
    counted = ProfileItem.identities, ProfileItem.external_ids
    same: Any = ProfileItem.erase_at == due_ms
    for attribute, seen in zip(counted, (profile.identities, profile.external_ids), strict=True):
        same &= unmoved(attribute, seen)
    writes.delete(ProfileItem.key(member_id), condition=same)
    for identity in _identities_of(member_id):
        writes.delete(IdentityItem.key(identity))
    writes.commit()
    return True


def _identities_of(member_id: str) -> list[str]:
    """The hashes of all names by which others find a member: 50 at most."""
    linked: Any = LinkedItem.query(
        MEMBER + member_id, LinkedItem.sk.startswith(IDENTITY), consistent_read=True
    )
    outside = MembersItem.query(
        MEMBER + member_id, MembersItem.sk.startswith(EXTERNAL), consistent_read=True
    )
    names = [name for row in linked for name in sorted(row.hashes)]
    return names + [row.sk.removeprefix(EXTERNAL) for row in outside]
