"""External ids of members: linked by the staff or by the shop whose id it is."""

from __future__ import annotations

from datetime import datetime

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.kernel import clock
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.members import queries
from chalicelib.members.errors import ExternalIdTaken, TooManyExternalIds
from chalicelib.members.rules.externals import MAX_EXTERNAL_IDS, ExternalId
from chalicelib.members.tables.externals import ExternalItem, external_hash_of
from chalicelib.members.tables.items import IdentityItem, ProfileItem


def link_external(
    member_id: str, system: str, external_id: str, now: datetime, act: Act | None = None
) -> bool:
    """Link a system's id to a member; whether it was linked to them before.

    What waits for the id, such as a shop's events, is applied soon after, as for a new phone.

    Raises NotFound, ExternalIdTaken, TooManyExternalIds.
    """
    external = ExternalId(system, external_id, clock.to_ms(now))
    return with_fresh_reads(lambda: _link(member_id, external, act))


def _link(member_id: str, external: ExternalId, act: Act | None) -> bool:
    hashed = external_hash_of(external)
    holder = queries.member_with(hashed)
    if holder is not None and holder != member_id:
        raise ExternalIdTaken()
    if holder == member_id:
        return True
    writes = WriteSet()
    owner = IdentityItem.key(hashed)
    owner.member_id, owner.created_at = member_id, external.created_at
    profile = queries.find_profile(member_id)
    if profile is None:
        raise NotFound()
    owner.uninvited = member_id if profile.referred_by is None else None
    writes.put_new(owner, or_raise=ExternalIdTaken)
    writes.put(ExternalItem.of(member_id, external))
    known = ProfileItem.external_ids
    writes.update(
        ProfileItem.key(member_id),
        [known.add(1)],
        condition=ProfileItem.pk.exists() & (known.does_not_exist() | (known < MAX_EXTERNAL_IDS)),
        or_raise=TooManyExternalIds,
    )
    if act is not None:
        audit.record(writes, act.changing({}, {"system": external.system}))
    writes.commit()
    return False


def unlink_external(member_id: str, system: str, external_id: str, act: Act) -> None:
    """Unlink a system's id; it names nobody then.

    Raises NotFound.
    """
    external = ExternalId(system, external_id)
    with_fresh_reads(lambda: _unlink(member_id, external, act))


def _unlink(member_id: str, external: ExternalId, act: Act) -> None:
    hashed = external_hash_of(external)
    if queries.member_with(hashed) != member_id:
        raise NotFound()
    writes = WriteSet()
    writes.delete(IdentityItem.key(hashed), condition=IdentityItem.member_id == member_id)
    writes.delete(ExternalItem.key(member_id, hashed))
    writes.update(
        ProfileItem.key(member_id),
        [ProfileItem.external_ids.add(-1)],
        condition=ProfileItem.external_ids > 0,
    )
    audit.record(writes, act.changing({"system": external.system}, {}))
    writes.commit()
