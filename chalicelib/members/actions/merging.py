"""Two members are one person: names, addresses, notes and consents of one move to the other, then
one transaction takes the profile away and leaves the id, which leads to the other from then on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from pynamodb.expressions.update import Action

from chalicelib.kernel import crypto
from chalicelib.kernel.errors import FieldError, Invalid, JifenError, Moved, NotFound, Words
from chalicelib.kernel.store.writes import WriteSet, delete_each, unmoved, with_fresh_reads
from chalicelib.members import queries
from chalicelib.members.actions.sessions import end_all_sessions
from chalicelib.members.errors import MemberErased, MemberMerged, MergeInProgress, MergeWithSelf
from chalicelib.members.rules import merging as rules
from chalicelib.members.rules.merging import Reason, Side
from chalicelib.members.tables.externals import EXTERNAL, NOTE, ExternalItem, StaffNoteItem
from chalicelib.members.tables.items import (
    ADDRESS,
    IDENTITY,
    MEMBER,
    AddressItem,
    IdentityItem,
    LinkedItem,
    MembersItem,
    ProfileItem,
)
from chalicelib.members.tables.merging import ALIAS, MergedItem
from chalicelib.members.tables.policies import CONSENT, ConsentItem
from chalicelib.members.tables.referrals import ReferralCodeItem

_ROWS_AT_ONCE = 8
_FILLED = ("nickname", "avatar", "consent", "default_address", "birthday", "birthday_told_at")


class Pair(NamedTuple):
    """A member who is merged, and the one into whom."""

    member_id: str
    into: str

    @property
    def name(self) -> str:
        return f"{self.member_id}:{self.into}"


class _Kind(NamedTuple):
    """Rows beside a profile: how a transaction takes the names along, what is sealed to the
    member, and the profile's counter."""

    model: Any
    prefix: str
    sealed: str | None = None
    counter: Any = None
    names: Callable[[Any], set[str]] = lambda _: set()


_NAMED = (
    _Kind(LinkedItem, IDENTITY, "sealed", ProfileItem.identities, lambda row: row.hashes),
    _Kind(ExternalItem, EXTERNAL, "sealed", ProfileItem.external_ids, lambda row: {row.hashed}),
    _Kind(AddressItem, ADDRESS, "sealed", ProfileItem.addresses),
)
_BESIDE = (_Kind(StaffNoteItem, NOTE, "text"), _Kind(ConsentItem, CONSENT))


def reasons_against(pair: Pair) -> list[Reason]:
    """What of the two profiles stands against a merge.

    Raises MergeWithSelf, NotFound, MemberErased, MemberMerged, MergeInProgress, Invalid naming
    `into`.
    """
    return rules.reasons_against(*map(_side, _both(pair)))


def begin_merge(writes: WriteSet, pair: Pair, others: Iterable[Reason]) -> None:
    """Add that two members are being merged: neither can be merged otherwise or erased meanwhile.
    `others` are what stands against it beside their profiles.

    The commit is refused with Moved if one of them has changed since.

    Raises MergeBlocked, MergeWithSelf, NotFound, MemberErased, MemberMerged, MergeInProgress,
    Invalid naming `into`.
    """
    seen = _both(pair)
    rules.check_unblocked([*rules.reasons_against(*map(_side, seen)), *others])
    mark = ProfileItem.merging
    for profile in seen:
        same = ProfileItem.pk.exists() & mark.does_not_exist()
        same &= ProfileItem.erase_at.does_not_exist()
        same &= unmoved(ProfileItem.merged, profile.merged)
        same &= unmoved(ProfileItem.roles, profile.roles)
        key = ProfileItem(profile.pk, profile.sk)
        writes.update(key, [mark.set(pair.name)], condition=same)


def move_rows(pair: Pair) -> None:
    """End the sessions of the one, and move their rows to the other. Safe to repeat."""
    end_all_sessions(pair.member_id)
    for kind in (*_NAMED, *_BESIDE):
        _move(pair, kind)


def finish_merge(writes: WriteSet, pair: Pair, now_ms: int) -> list[str]:
    """Add that the one is the other from now on; all their ids, that of the one first.

    The commit is refused with Moved if either has changed since, or rows have come.
    """
    gone, kept = _in_merge(pair.member_id, pair), _in_merge(pair.into, pair)
    ids = [pair.member_id, *sorted(gone.merged or ())]
    same: Any = ProfileItem.merging == pair.name
    for kind in _NAMED:
        counted = getattr(gone, kind.counter.attr_name)
        if counted:
            raise Moved()
        same &= unmoved(kind.counter, counted)
    same &= unmoved(ProfileItem.referral_code, gone.referral_code)
    same &= unmoved(ProfileItem.birthday, gone.birthday)
    writes.delete(ProfileItem.key(pair.member_id), condition=same)
    _leave_ids(writes, pair, gone, ids, now_ms)
    if gone.referral_code is not None:
        code = ReferralCodeItem.key(gone.referral_code)
        writes.update(code, [ReferralCodeItem.member_id.set(pair.into)])
    changes = [ProfileItem.merged.add(set(ids)), ProfileItem.merging.remove()]
    changes += _filled(gone, kept)
    if kept.referred_by in ids:
        changes.append(ProfileItem.referred_by.remove())
    unchanged = ProfileItem.merging == pair.name
    for name in (*_FILLED, "referred_by"):
        if name != "consent":
            unchanged &= unmoved(getattr(ProfileItem, name), getattr(kept, name))
    writes.update(ProfileItem.key(pair.into), changes, condition=unchanged)
    return ids


def drop_rest(pair: Pair) -> None:
    """Move what came at the last moment, and delete the rest beside the old id. Safe to repeat."""
    for kind in _BESIDE:
        _move(pair, kind)
    rows = MembersItem.query(MEMBER + pair.member_id, consistent_read=True)
    delete_each([row for row in rows if row.sk != ALIAS])


def _both(pair: Pair) -> tuple[ProfileItem, ProfileItem]:
    if pair.member_id == pair.into:
        raise MergeWithSelf()
    found = []
    for member_id in pair:
        profile = queries.find_profile(member_id)
        if profile is None:
            raise _why_gone(member_id, is_target=member_id == pair.into)
        found.append(profile)
    if any(profile.merging for profile in found):
        raise MergeInProgress()
    return found[0], found[1]


def _why_gone(member_id: str, *, is_target: bool) -> JifenError:
    into = queries.merged_into(member_id)
    if into is not None:
        return MemberMerged(merged_into=into)
    if queries.is_erased(member_id):
        return MemberErased()
    if is_target:
        words = Words("没有该会员", "is no member")
        return Invalid(FieldError("into", "unknown", words))
    return NotFound()


def _side(profile: ProfileItem) -> Side:
    return Side(
        identities=profile.identities,
        external_ids=profile.external_ids or 0,
        merged=len(profile.merged or ()),
        is_staff=bool(profile.roles),
        is_leaving=bool(profile.erase_at),
    )


def _in_merge(member_id: str, pair: Pair) -> ProfileItem:
    found = queries.find_profile(member_id)
    if found is None or found.merging != pair.name:
        raise Moved()
    return found


def _leave_ids(
    writes: WriteSet, pair: Pair, gone: ProfileItem, ids: list[str], now_ms: int
) -> None:
    """Add where each id leads: those that led to the one lead to the other in one step."""
    left = MergedItem.key(pair.member_id)
    left.merged_into, left.merged_at = pair.into, now_ms
    left.registered_at, left.referred_by = gone.created_at, gone.referred_by
    writes.put(left)
    for earlier in ids[1:]:
        writes.update(MergedItem.key(earlier), [MergedItem.merged_into.set(pair.into)])


def _filled(gone: ProfileItem, kept: ProfileItem) -> Iterator[Action]:
    """What the other had not told is taken over."""
    for name in _FILLED:
        told = getattr(gone, name)
        if told is not None and getattr(kept, name) is None:
            yield getattr(ProfileItem, name).set(told)


def _move(pair: Pair, kind: _Kind) -> None:
    while with_fresh_reads(lambda: _move_some(pair, kind)):
        pass


def _move_some(pair: Pair, kind: _Kind) -> bool:
    """Move some rows in one transaction; whether there were any."""
    found = kind.model.query(
        MEMBER + pair.member_id,
        kind.model.sk.startswith(kind.prefix),
        limit=_ROWS_AT_ONCE,
        consistent_read=True,
    )
    rows = list(found)
    if not rows:
        return False
    kinds = {each.kind for each in queries.identities(pair.into) if not each.is_spare}
    writes = WriteSet()
    for row in rows:
        _add_move(writes, pair, kind, row, kinds)
    if kind.counter is not None:
        for member_id, more in ((pair.member_id, -len(rows)), (pair.into, len(rows))):
            counted = [kind.counter.add(more)]
            here = ProfileItem.merging == pair.name
            writes.update(ProfileItem.key(member_id), counted, condition=here)
    writes.commit()
    return True


def _add_move(writes: WriteSet, pair: Pair, kind: _Kind, row: Any, kinds: set[str]) -> None:
    told = {name: value for name, value in row.attribute_values.items() if name not in ("pk", "sk")}
    if kind.sealed is not None:
        plain = crypto.decrypt(told[kind.sealed], pair.member_id)
        told[kind.sealed] = crypto.encrypt(plain, pair.into)
    moved = kind.model(MEMBER + pair.into, row.sk, **told)
    if kind.model is LinkedItem:
        moved.is_spare = True if row.kind in kinds else None
    there = kind.model.pk.exists()
    if kind.model is LinkedItem:
        there &= unmoved(LinkedItem.also, row.also)
    writes.delete(kind.model(row.pk, row.sk), condition=there)
    writes.put(moved)
    for name in kind.names(row):
        owner = IdentityItem.key(name)
        is_theirs = IdentityItem.member_id == pair.member_id
        writes.update(owner, [IdentityItem.member_id.set(pair.into)], condition=is_theirs)
