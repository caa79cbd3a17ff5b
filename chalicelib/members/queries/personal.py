"""Who a member is and what lies beside their profile, for an export of all that is theirs."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

import msgspec

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.cursors import every
from chalicelib.members import queries
from chalicelib.members.queries.externals import external_ids, notes_about
from chalicelib.members.rules.providers import PROVIDERS
from chalicelib.members.tables.items import LinkedItem, SessionItem


def export_of(member_id: str, now_ms: int) -> dict[str, Iterable[Any]]:
    """The profile, names for signing in (in clear), addresses, devices, ids elsewhere, notes of the
    staff.

    Raises Unauthenticated if the member is gone.
    """
    return {
        "profile": [_profile(member_id)],
        "identities": (_identity(row, member_id) for row in queries.identities(member_id)),
        "addresses": (
            {"id": row.id, **msgspec.structs.asdict(queries.address_in(row, member_id))}
            for row in queries.addresses(member_id)
        ),
        "sessions": (_session(row) for row in queries.sessions(member_id, now_ms)),
        "external_ids": (
            {"system": each.system, "id": each.id, "created_at": rfc3339_ms(each.created_at)}
            for each in external_ids(member_id)
        ),
        "notes_of_staff": (
            {"text": note.text, "created_at": rfc3339_ms(note.created_at_ms)}
            for note in every(partial(notes_about, member_id))
        ),
    }


def _profile(member_id: str) -> dict[str, Any]:
    found = queries.profile(member_id)
    consent = found.consent
    return {
        "id": member_id,
        "nickname": found.nickname,
        "avatar": found.avatar,
        "language": found.language,
        "roles": sorted(found.roles or ()),
        "default_address": found.default_address,
        "consent": msgspec.structs.asdict(consent) if consent else None,
        "created_at": rfc3339_ms(found.created_at),
    }


def _identity(row: LinkedItem, member_id: str) -> dict[str, Any]:
    shown: dict[str, Any] = {"id": row.id, "kind": row.kind}
    if row.kind in PROVIDERS:
        shown |= msgspec.structs.asdict(queries.known_in(row, member_id))
    else:
        shown["text"] = queries.destination_in(row, member_id).text
    return {**shown, "created_at": rfc3339_ms(row.created_at)}


def _session(row: SessionItem) -> dict[str, Any]:
    times = ("created_at", "last_used_at", "expires_at")
    told = {name: rfc3339_ms(getattr(row, name)) for name in times}
    return {"id": row.id, "user_agent": row.user_agent, **told}
