"""How partners name a member: by an id, a phone, an e-mail, or a code that the member shows."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from chalicelib import members
from chalicelib.kernel.errors import Invalid, check_exactly_one
from chalicelib.kernel.texts import ID

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
Email = Annotated[str, msgspec.Meta(min_length=3, max_length=254)]
ExternalIdText = Annotated[str, msgspec.Meta(min_length=1, max_length=128, pattern=ID)]
TillCode = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]


class MemberRef(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """Exactly one of the five; `external_id` is the partner's own id of the member, `code` is what
    the member shows at the till."""

    member_id: Name | None = None
    phone: Name | None = None
    email: Email | None = None
    external_id: ExternalIdText | None = None
    code: TillCode | None = None


def identity_of(who: MemberRef, at: str, partner: str) -> str | None:
    """The keyed hash of a phone, an e-mail or the partner's own id of a member; None for a
    member's id or a code. An error names `at`.

    Raises Invalid naming the field.
    """
    check_one(who, at)
    if who.member_id is not None or who.code is not None:
        return None
    if who.external_id is not None:
        return members.external_identity(partner, who.external_id)
    try:
        return members.identity_hash(phone=who.phone, email=who.email)
    except Invalid as error:
        raise error.below(at) from error


def shown_by(who: Any, at: str, now: datetime) -> members.Shown | None:
    """The member who shows a code; None where none is given.

    Raises Invalid, TillCodeInvalid.
    """
    check_one(who, at)
    field = f"{at}.code" if at else "code"
    return members.member_of_code(who.code, field, now) if who.code is not None else None


def check_one(who: Any, at: str) -> None:
    """Check that exactly one of member_id, phone, email, external_id, code is given.

    Raises Invalid.
    """
    given = {"member_id": who.member_id, "phone": who.phone, "email": who.email}
    check_exactly_one(at, **given, external_id=who.external_id, code=who.code)
