"""Members who are one person: an old id leads to the member into whom it was merged."""

from __future__ import annotations

from collections.abc import Callable

from chalicelib.kernel import ids
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.members.queries.names import stored
from chalicelib.members.tables.items import ErasedItem, ProfileItem
from chalicelib.members.tables.merging import MergedItem


def find_merged(member_id: str) -> MergedItem | None:
    """What is left of a member who was merged, read consistently."""
    return stored(MergedItem.key(member_id)) if ids.is_id("mbr", member_id) else None


def want_registered(reads: ReadSet, member_id: str) -> Callable[[], int | None]:
    """When a member registered, in a caller's `ReadSet`, in epoch milliseconds.

    Returns a function that gives the time after `read`, or None if they are gone.
    """
    if not ids.is_id("mbr", member_id):
        return lambda: None
    own, old = ProfileItem.key(member_id), MergedItem.key(member_id)
    profile = reads.want(ProfileItem, own.pk, own.sk)
    left = reads.want(MergedItem, old.pk, old.sk)

    def registered_at() -> int | None:
        if row := profile():
            return int(row.created_at)
        return int(merged.registered_at) if (merged := left()) else None

    return registered_at


def merged_into(member_id: str) -> str | None:
    """The member into whom this one was merged; None if they were not."""
    found = find_merged(member_id)
    return found.merged_into if found else None


def current(member_id: str) -> str:
    """The id that a member has now."""
    return merged_into(member_id) or member_id


def is_same(owner_id: str, member_id: str) -> bool:
    """Whether what was an owner's is a member's now: nothing is read if the ids are the same."""
    return owner_id == member_id or merged_into(owner_id) == member_id


def ids_of(member_id: str) -> list[str]:
    """All ids of a member, their own first: what was listed under one of them is theirs."""
    if not ids.is_id("mbr", member_id):
        return [member_id]
    for model in (ProfileItem, ErasedItem):
        key = model.key(member_id)
        # An erasure begins right after the profile went, and must miss no id.
        is_late = model is ErasedItem
        found: ProfileItem | ErasedItem | None = model.find(key.pk, key.sk, consistent=is_late)
        if found is not None:
            return [member_id, *sorted(found.merged or ())]
    return [member_id]
