"""The rotation of refresh tokens: each is exchanged once, a used one ends its session."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from chalicelib.kernel import clock
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.members import queries, rules
from chalicelib.members.actions.sessions import CLEANED_AFTER_S, Known, Login, access, end_sessions
from chalicelib.members.errors import AccountMerged, RefreshTokenInvalid
from chalicelib.members.rules import devices
from chalicelib.members.tables import seals
from chalicelib.members.tables.items import SessionItem
from chalicelib.members.tables.seals import RefreshToken


class _Held(NamedTuple):
    """The token that a session holds, and the session's end in epoch ms."""

    token: RefreshToken
    ends_at: int


def refresh(text: str, now: datetime, *, in_browser: bool = False, source_ip: str = "") -> Login:
    """Exchange a refresh token for new tokens, once. A used one ends its session.

    A browser loses answers, when a page is left, and sends one token from several tabs. For a
    minute after a rotation it gets the same token again, for the token before it and for itself.

    Raises RefreshTokenInvalid, AccountMerged.
    """
    token = seals.read_refresh_token(text)
    if token is None:
        raise RefreshTokenInvalid()
    following = (
        seals.successor(token)
        if in_browser
        else seals.new_refresh_token(token.member_id, token.session_id)
    )
    now_ms, at = clock.to_ms(now), devices.network_of(source_ip)
    held = with_fresh_reads(
        lambda: _rotate(token, following, now_ms, in_browser=in_browser, network=at)
    )
    found = queries.find_profile(token.member_id)
    if found is None or found.erase_at:
        raise RefreshTokenInvalid()
    known = Known(found.roles or (), found.consent)
    issued = access(token.member_id, token.session_id, known, now)
    return Login(token.member_id, issued, held.token.text, held.ends_at, created=False)


def _rotate(
    token: RefreshToken,
    following: RefreshToken,
    now_ms: int,
    *,
    in_browser: bool = False,
    network: str | None = None,
) -> _Held:
    session = queries.find_session(token.member_id, token.session_id)
    if session is None or session.expires_at <= now_ms:
        raise AccountMerged() if queries.merged_into(token.member_id) else RefreshTokenInvalid()
    is_again = rules.is_in_grace(session.last_used_at, now_ms)
    if is_again and session.refresh_hash == following.hash:
        # It was written, but its answer was lost: in this call, or in the last one of a browser.
        return _Held(following, session.expires_at)
    if session.refresh_hash != token.hash:
        # A used token means a theft: end the session for the thief and the member.
        end_sessions(token.member_id, [token.session_id])
        raise RefreshTokenInvalid()
    if in_browser and is_again and session.last_used_at > session.created_at:
        return _Held(token, session.expires_at)  # a slower tab may still send the one before
    ends_at = rules.session_ends_at(session.created_at, now_ms)
    writes = WriteSet()
    writes.update(
        SessionItem.key(token.member_id, token.session_id),
        [
            SessionItem.refresh_hash.set(following.hash),
            SessionItem.last_used_at.set(now_ms),
            SessionItem.expires_at.set(ends_at),
            SessionItem.ttl.set(ends_at // 1000 + CLEANED_AFTER_S),
            *([SessionItem.network.set(network)] if network else []),
        ],
        condition=SessionItem.refresh_hash == token.hash,
    )
    writes.commit()
    return _Held(following, ends_at)
