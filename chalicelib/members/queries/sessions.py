"""Reads of sessions."""

from __future__ import annotations

from typing import Any

from chalicelib.kernel import ids
from chalicelib.members.tables.items import MEMBER, SESSION, SessionItem


def find_session(member_id: str, session_id: str) -> SessionItem | None:
    if not ids.is_id("ses", session_id) or not ids.is_id("mbr", member_id):
        return None
    key = SessionItem.key(member_id, session_id)
    found: SessionItem | None = SessionItem.find(key.pk, key.sk)
    return found


def sessions(member_id: str, now_ms: int, **page: Any) -> Any:
    """A query of the member's live sessions, newest first."""
    return SessionItem.query(
        MEMBER + member_id,
        SessionItem.sk.startswith(SESSION),
        filter_condition=SessionItem.expires_at > now_ms,
        scan_index_forward=False,
        consistent_read=True,
        **page,
    )


def signed_in_at(member_id: str, session_id: str) -> int | None:
    """When a session began (epoch milliseconds), None if it has ended."""
    found = find_session(member_id, session_id)
    return found.created_at if found else None
