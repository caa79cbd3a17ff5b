"""Reads of members: profiles, identities, addresses, sessions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from chalicelib.kernel import crypto, ids
from chalicelib.kernel.errors import Unauthenticated, or_not_found
from chalicelib.kernel.spelling import one_line
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.tables import naming, readable
from chalicelib.members import rules
from chalicelib.members.errors import AccountMerged, MemberErased
from chalicelib.members.queries.merging import (
    current,
    find_merged,
    merged_into,
)
from chalicelib.members.queries.merging import ids_of as ids_of
from chalicelib.members.queries.merging import is_same as is_same
from chalicelib.members.queries.names import (
    Named,
    destination_of,
    identity_hash,
    member_with,
    named_with,
    stored,
    want_named_with,
)
from chalicelib.members.queries.sessions import find_session as find_session
from chalicelib.members.queries.sessions import sessions as sessions
from chalicelib.members.queries.sessions import signed_in_at as signed_in_at
from chalicelib.members.rules import Address, BookAddress, Contact, Destination, Member
from chalicelib.members.rules.providers import PROVIDERS, Known
from chalicelib.members.tables import seals
from chalicelib.members.tables.items import (
    ADDRESS,
    IDENTITY,
    MEMBER,
    PROFILE,
    SESSION,
    AddressItem,
    ContactItem,
    ErasedItem,
    LinkedItem,
    ProfileItem,
    SessionItem,
)


def find_member(
    *, member_id: str | None = None, phone: str | None = None, email: str | None = None
) -> str | None:
    """The id of the member with this id, phone or e-mail, read consistently; None if nobody. An
    old id leads to the member into whom it was merged.

    Raises Invalid naming the field.
    """
    if member_id is not None:
        return member_id if find_profile(member_id) else merged_into(member_id)
    return member_with(identity_hash(phone=phone, email=email))


def birthday_of(member_id: str) -> str | None:
    """A member's birthday, `MM-DD`; None if they told none, or are gone."""
    found = find_profile(member_id)
    return found.birthday if found else None


def registered_at(member_id: str) -> int | None:
    """When a member registered, in epoch milliseconds; None if they are gone."""
    found = find_profile(member_id)
    if found is not None:
        return found.created_at
    left = find_merged(member_id)
    return left.registered_at if left else None


def named(member_id: str) -> Named | None:
    """The member with this id."""
    found = find_profile(member_id)
    return _named(found) if found else _alias(member_id)


def want_named(reads: ReadSet, member_id: str) -> Callable[[], Named | None]:
    """As `named`, in a caller's `ReadSet`.

    Returns a function that gives the member after `read`.
    """
    if not ids.is_id("mbr", member_id):
        return lambda: None
    key = ProfileItem.key(member_id)
    found = reads.want(ProfileItem, key.pk, key.sk)
    return lambda: _named(row) if (row := found()) else _alias(member_id)


def _named(row: ProfileItem) -> Named:
    return Named(row.id, row.referred_by is None)


def _alias(member_id: str) -> Named | None:
    into = merged_into(member_id)
    return Named(into, is_uninvited=False) if into else None


def find_profile(member_id: str) -> ProfileItem | None:
    if not ids.is_id("mbr", member_id):
        return None
    return stored(ProfileItem.key(member_id))


def profile(member_id: str) -> ProfileItem:
    """Raises Unauthenticated if a token's member is gone: AccountMerged if they are another now."""
    found = find_profile(member_id)
    if found is None:
        raise AccountMerged() if merged_into(member_id) else Unauthenticated()
    return found


def erased_at(member_id: str) -> int | None:
    """When a member is to be erased (epoch milliseconds), None if they have not asked for it.

    Raises Unauthenticated if the member is gone.
    """
    return profile(member_id).erase_at


def is_staff(member_id: str) -> bool:
    found = find_profile(member_id)
    return found is not None and bool(found.roles)


def identities(member_id: str) -> list[LinkedItem]:
    """The ways in which a member signs in, the one linked last first, spare ones behind."""
    return _newest_first(_rows(LinkedItem, member_id, IDENTITY))


def _newest_first(rows: Iterable[LinkedItem]) -> list[LinkedItem]:
    return sorted(rows, key=lambda row: (not row.is_spare, row.created_at, row.id), reverse=True)


def known_in(row: LinkedItem, member_id: str) -> Known:
    """What is sealed of a person at WeChat or QQ."""
    with naming(row):
        return seals.unseal_known(row.sealed, member_id)


def shown_in(row: LinkedItem, member_id: str) -> str:
    """A name that the owner of an identity can recognise: masked, or a provider's."""
    if row.kind in PROVIDERS:
        return known_in(row, member_id).shown
    return destination_in(row, member_id).masked


def destination_in(row: LinkedItem, member_id: str) -> Destination:
    with naming(row):
        return seals.unseal(row.sealed, "phone" if row.kind == "phone" else "email", member_id)


def member(member_id: str) -> Member:
    """Raises Unauthenticated if a token's member is gone: AccountMerged if they are another now."""
    found = _find_member(member_id)
    if found is None:
        raise AccountMerged() if merged_into(member_id) else Unauthenticated()
    return found


def search(
    *, member_id: str | None = None, phone: str | None = None, email: str | None = None
) -> Member | None:
    """The member with exactly this id, phone or e-mail; an old id leads to who they are now.

    Raises Invalid naming the field.
    """
    if member_id is None:
        member_id = member_with(identity_hash(phone=phone, email=email))
    return _member_now(member_id) if member_id else None


def any_member(member_id: str) -> Member:
    """Raises NotFound, MemberErased."""
    found = search(member_id=member_id)
    if found is None and is_erased(current(member_id)):
        raise MemberErased()
    return or_not_found(found)


def is_erased(member_id: str) -> bool:
    """Whether this id was a member's who has been erased."""
    return ids.is_id("mbr", member_id) and stored(ErasedItem.key(member_id)) is not None


def contact_of(member_id: str) -> Contact:
    """A member's phone, e-mail and language, decrypted; empty if the member is gone."""
    found = _member_now(member_id)
    if found is None:
        return Contact(None, None, "zh-CN", None)
    phone = found.phone.text if found.phone else None
    email = found.email.text if found.email else None
    return Contact(phone, email, found.language, found.nickname)


def nickname_of(member_id: str) -> str | None:
    """A member's nickname for others, on one line; None if it has no visible character."""
    row = find_profile(member_id) or find_profile(current(member_id))
    return one_line(row.nickname or "") or None if row else None


def _member_now(member_id: str) -> Member | None:
    """A member; of an old id, the one into whom it was merged."""
    found = _find_member(member_id)
    if found is None and (into := merged_into(member_id)) is not None:
        return _find_member(into)
    return found


def _find_member(member_id: str) -> Member | None:
    """A member with phone and e-mail, by one request."""
    if not ids.is_id("mbr", member_id):
        return None
    found = list(
        ContactItem.query(
            MEMBER + member_id, ContactItem.sk.between(IDENTITY, PROFILE), consistent_read=True
        )
    )
    row = next((each for each in found if isinstance(each, ProfileItem)), None)
    if row is None:
        return None
    linked: dict[str, Destination] = {}
    for identity in _newest_first(each for each in found if isinstance(each, LinkedItem)):
        if identity.kind not in (*linked, *PROVIDERS):
            linked[identity.kind] = destination_in(identity, member_id)
    return Member(
        id=member_id,
        nickname=row.nickname,
        avatar=row.avatar,
        phone=linked.get("phone"),
        email=linked.get("email"),
        language=row.language,
        roles=frozenset(row.roles or ()),
        consent=row.consent,
        created_at=row.created_at,
        tier=row.tier or rules.LOWEST_TIER,
        birthday=row.birthday,
        merged_from=tuple(sorted(row.merged or ())),
    )


def find_address_item(member_id: str, address_id: str) -> AddressItem | None:
    if not ids.is_id("adr", address_id):
        return None
    return stored(AddressItem.key(member_id, address_id))


def address_in(row: AddressItem, member_id: str) -> BookAddress:
    with naming(row):
        return BookAddress.decode(crypto.decrypt(row.sealed, member_id))


def find_address(member_id: str, address_id: str) -> Address | None:
    """A member's address; None if they have none with this id."""
    row = find_address_item(member_id, address_id)
    return address_in(row, member_id).names if row else None


def want_address(reads: ReadSet, member_id: str, address_id: str) -> Callable[[], Address | None]:
    """As `find_address`, in a caller's `ReadSet`.

    Returns a function that gives the address after `read`.
    """
    if not ids.is_id("adr", address_id):
        return lambda: None
    key = AddressItem.key(member_id, address_id)
    found = reads.want(AddressItem, key.pk, key.sk)
    return lambda: address_in(row, member_id).names if (row := found()) else None


def default_address(member_id: str) -> Address | None:
    found = find_profile(member_id)
    if found is None or found.default_address is None:
        return None
    return find_address(member_id, found.default_address)


def addresses(member_id: str) -> list[AddressItem]:
    """The readable addresses of a member, newest first: at most 20."""
    found = readable(_rows(AddressItem, member_id, ADDRESS))
    return sorted(found, key=lambda row: (row.created_at, row.id), reverse=True)


def _rows(model: Any, member_id: str, prefix: str) -> Iterator[Any]:
    rows: Iterator[Any] = model.query(
        MEMBER + member_id, model.sk.startswith(prefix), consistent_read=True
    )
    return rows
