"""The address book: at most 20 addresses; the profile names the default one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from chalicelib.kernel import clock, crypto
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, NotFound, or_not_found
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, with_fresh_reads
from chalicelib.members import queries, rules
from chalicelib.members.errors import AddressBookFull
from chalicelib.members.rules import BookAddress
from chalicelib.members.rules.addresses import check_may_unset
from chalicelib.members.tables.items import AddressItem, ProfileItem


def add_address(
    member_id: str,
    address_id: str,
    content: bytes,
    address: BookAddress,
    *,
    is_default: bool,
    now: datetime,
) -> tuple[AddressItem, bool]:
    """Add an address, as the default if there is none: (the address, replayed).

    Raises AddressBookFull, IdempotencyKeyReused, Unauthenticated.
    """
    item = AddressItem.key(member_id, address_id)
    item.sealed = crypto.encrypt(address.encode(), member_id)
    item.content = content
    item.version = 1
    item.created_at = clock.to_ms(now)

    return replay_outranks_refusal(
        lambda: _add(item, member_id, is_default=is_default),
        lambda: replay_of(queries.find_address_item(member_id, address_id), content),
    )


def _add(item: AddressItem, member_id: str, *, is_default: bool) -> AddressItem:
    queries.profile(member_id)
    chosen = ProfileItem.default_address
    writes = WriteSet()
    writes.put_new(item, or_raise=IdempotencyKeyReused)
    writes.update(
        ProfileItem.key(member_id),
        [ProfileItem.addresses.add(1), chosen.set(item.id if is_default else chosen | item.id)],
        condition=ProfileItem.addresses < rules.MAX_ADDRESSES,
        or_raise=AddressBookFull,
    )
    writes.commit()
    return item


def change_address(
    member_id: str, address_id: str, changes: dict[str, str | None], *, is_default: bool | None
) -> None:
    """Change the given fields of an address, and make it the default if `is_default`.

    Raises NotFound, Invalid naming the field, Unauthenticated.
    """
    with_fresh_reads(lambda: _change(member_id, address_id, changes, is_default))


def _change(
    member_id: str, address_id: str, changes: dict[str, str | None], is_default: bool | None
) -> None:
    seen = or_not_found(queries.find_address_item(member_id, address_id))
    if is_default is False:
        check_may_unset(address_id, queries.profile(member_id).default_address)
    writes = WriteSet()
    key = AddressItem.key(member_id, address_id)
    condition = AddressItem.version == seen.version
    if changes:
        old = queries.address_in(seen, member_id)
        sealed = crypto.encrypt(_merged(old, changes).encode(), member_id)
        actions: list[Any] = [AddressItem.sealed.set(sealed), AddressItem.version.add(1)]
        writes.update(key, actions, condition=condition)
    elif is_default:
        writes.check(key, AddressItem.pk.exists(), or_raise=NotFound)
    if is_default:
        writes.update(
            ProfileItem.key(member_id),
            [ProfileItem.default_address.set(address_id)],
            condition=ProfileItem.pk.exists(),
        )
    if len(writes):
        writes.commit()


def _merged(old: BookAddress, changes: dict[str, str | None]) -> BookAddress:
    import msgspec

    if changes.keys() & {"country", "province", "city", "district"}:
        # The code of another place.
        changes = {"division_code": None, **changes}
    return rules.in_division(rules.valid_address(msgspec.structs.replace(old, **changes)))


def remove_address(member_id: str, address_id: str) -> None:
    """Remove an address; a removed default has no successor until one is chosen or added.

    Raises NotFound, Unauthenticated.
    """
    with_fresh_reads(lambda: _remove(member_id, address_id))


def _remove(member_id: str, address_id: str) -> None:
    or_not_found(queries.find_address_item(member_id, address_id))
    chosen = ProfileItem.default_address
    changes: list[Any] = [ProfileItem.addresses.add(-1)]
    if queries.profile(member_id).default_address == address_id:
        changes.append(chosen.remove())
        still = chosen == address_id
    else:
        still = chosen.does_not_exist() | (chosen != address_id)
    writes = WriteSet()
    writes.delete(
        AddressItem.key(member_id, address_id),
        condition=AddressItem.pk.exists(),
        or_raise=NotFound,
    )
    writes.update(ProfileItem.key(member_id), changes, condition=still)
    writes.commit()
