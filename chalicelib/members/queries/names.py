"""The names by which a member is found: phones, e-mails, accounts at providers."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeVar

from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.store.reads import ReadSet
from chalicelib.kernel.store.tables import Item
from chalicelib.members import rules
from chalicelib.members.rules import Destination
from chalicelib.members.tables import seals
from chalicelib.members.tables.items import IdentityItem

_I = TypeVar("_I", bound=Item)


class Named(NamedTuple):
    """A member whom a name leads to, and whether it is known that nobody invited them."""

    member_id: str
    is_uninvited: bool


def stored(key: _I) -> _I | None:
    """The stored item of a key, read consistently."""
    found: _I | None = type(key).find(key.pk, key.sk)
    return found


def destination_of(*, phone: str | None = None, email: str | None = None) -> Destination:
    """The given phone or e-mail, normalised.

    Raises Invalid naming `phone` or `email`.
    """
    if (phone is None) == (email is None):
        raise Invalid()
    if phone is not None:
        return rules.phone_destination(phone, "phone")
    return rules.email_destination(str(email), "email")


def identity_hash(*, phone: str | None = None, email: str | None = None) -> str:
    """The keyed hash of a phone or an e-mail in facts and other contexts, 64 hex digits.

    Raises Invalid naming the field.
    """
    return seals.identity_hash_of(destination_of(phone=phone, email=email))


def member_with(identity: str) -> str | None:
    """The id of the member who has this identity now."""
    found = named_with(identity)
    return found.member_id if found else None


def named_with(identity: str) -> Named | None:
    """The member who has this identity now."""
    found = stored(IdentityItem.key(identity))
    return _named(found) if found else None


def want_named_with(reads: ReadSet, identity: str) -> Callable[[], Named | None]:
    """As `named_with`, in a caller's `ReadSet`.

    Returns a function that gives the member after `read`.
    """
    key = IdentityItem.key(identity)
    found = reads.want(IdentityItem, key.pk, key.sk)
    return lambda: _named(row) if (row := found()) else None


def _named(row: IdentityItem) -> Named:
    return Named(row.member_id, row.uninvited == row.member_id)
