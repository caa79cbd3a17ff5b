"""Sessions: log in, refresh, log out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from chalicelib.kernel import clock
from chalicelib.kernel.errors import Moved, NotFound
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.kernel.web import auth
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.requests import Caller
from chalicelib.members import queries, rules
from chalicelib.members.actions.challenges import Proof, prove, use_up
from chalicelib.members.actions.referrals import check_known, invited_by
from chalicelib.members.actions.registrations import add_member, enrol
from chalicelib.members.errors import RefreshTokenInvalid
from chalicelib.members.rules import Consent
from chalicelib.members.rules.referrals import (
    AFTER_REGISTRATION,
    Outcome,
)
from chalicelib.members.tables import seals
from chalicelib.members.tables.items import IdentityItem, ProfileItem, SessionItem
from chalicelib.members.tables.seals import RefreshToken

_CLEANED_AFTER_S = 7 * 86_400
_A_TRANSACTION = 50


class Device(NamedTuple):
    """The language and user agent of a login."""

    language: str
    user_agent: str


class Login(NamedTuple):
    """A session's tokens; `created` is true if the login registered the member.

    The refresh token is good until `ends_at`, in epoch ms.
    """

    member_id: str
    access_token: str
    refresh_token: str
    ends_at: int
    created: bool
    erasure_cancelled: bool = False
    referral: Outcome | None = None


def log_in(
    challenge_id: str,
    code: str,
    device: Device,
    consent: Consent | None,
    now: datetime,
    referral_code: str | None = None,
) -> Login:
    """Open a session for the challenge's destination; register a member if nobody has it.

    A referral code counts for a new member alone: one that nobody has is refused, and the login's
    code stays good.

    Raises OtpInvalid, Invalid naming `referral_code`.
    """
    proof = prove(challenge_id, code, now)
    return with_fresh_reads(lambda: _log_in(proof, device, consent, now, referral_code))


def _log_in(
    proof: Proof,
    device: Device,
    consent: Consent | None,
    now: datetime,
    referral_code: str | None,
) -> Login:
    writes = WriteSet()
    use_up(writes, proof)
    now_ms = clock.to_ms(now)
    known = queries.member_with(proof.identity)
    roles: Collection[str] = ()
    cancelled = False
    referral: Outcome | None = None
    if known is None:
        invited = check_known(invited_by(referral_code, [proof.identity]))
        referral = invited.outcome
        member_id = add_member(
            writes,
            proof.destination,
            language=device.language,
            now_ms=now_ms,
            consent=consent,
            referred_by=invited.by,
        )
    else:
        referral = AFTER_REGISTRATION if referral_code else None
        member_id = known
        found = welcome_back(writes, proof.identity, member_id, device, consent)
        roles, cancelled = found.roles or (), bool(found.erase_at)
    token = open_session(writes, member_id, device, now_ms)
    writes.commit()
    login = login_of(token, roles, end_of_new(now_ms), now, created=known is None)
    return login._replace(erasure_cancelled=cancelled, referral=referral)


def login_of(
    token: RefreshToken, roles: Collection[str], ends_at: int, now: datetime, *, created: bool
) -> Login:
    """The login of an open session."""
    access = _access(token.member_id, token.session_id, roles, now)
    return Login(token.member_id, access, token.text, ends_at, created)


def welcome_back(
    writes: WriteSet, identity: str, member_id: str, device: Device, consent: Consent | None
) -> ProfileItem:
    """Add a known member's changes of language and consent; return the profile as it was. A login
    cancels an erasure that was asked for."""
    found = queries.find_profile(member_id)
    if found is None:
        raise Moved()
    owner = IdentityItem.key(identity)
    writes.check(owner, IdentityItem.member_id == member_id, or_raise=Moved)
    changes = [ProfileItem.language.set(device.language), ProfileItem.erase_at.remove()]
    if consent is not None:
        changes.append(ProfileItem.consent.set(consent))
    writes.update(ProfileItem.key(member_id), changes, condition=ProfileItem.pk.exists())
    return found


def open_session(
    writes: WriteSet, member_id: str, device: Device, now_ms: int, *, code: str | None = None
) -> RefreshToken:
    """Add a new session to `writes`; return its first refresh token.

    A provider's `code` and the session's id give that token again.
    """
    session_id = seals.new_session_id(now_ms)
    token = (
        seals.granted_token(member_id, session_id, code)
        if code
        else seals.new_refresh_token(member_id, session_id)
    )
    item = SessionItem.key(member_id, token.session_id)
    item.refresh_hash = token.hash
    item.user_agent = device.user_agent or None
    item.created_at = item.last_used_at = now_ms
    item.expires_at = end_of_new(now_ms)
    item.ttl = item.expires_at // 1000 + _CLEANED_AFTER_S
    writes.put_new(item, or_raise=Moved)
    return token


def end_of_new(now_ms: int) -> int:
    return rules.session_ends_at(now_ms, now_ms)


def _access(member_id: str, session_id: str, roles: Collection[str], now: datetime) -> str:
    return auth.issue(Caller(member_id, session_id, frozenset({MEMBER, *roles})), now)


def sign_in_as(
    *,
    phone: str | None = None,
    email: str | None = None,
    roles: Collection[str] = (),
    now: datetime,
    language: str = "zh-CN",
) -> Login:
    """Open a session without a code for a member by phone or e-mail, with roles added.

    Only infra calls it: the command line, the seed and the local stack's tokens.

    Raises Invalid for a bad phone or e-mail, or an unknown role.
    """
    destination = queries.destination_of(phone=phone, email=email)
    known = queries.member_with(seals.identity_hash_of(destination))
    member_id = enrol(destination, roles=roles, now=now, language=language)
    writes = WriteSet()
    now_ms = clock.to_ms(now)
    token = open_session(writes, member_id, Device(language, "jifen"), now_ms)
    with_fresh_reads(writes.commit)
    has = queries.profile(member_id).roles or ()
    return login_of(token, has, end_of_new(now_ms), now, created=known is None)


class _Held(NamedTuple):
    """The token that a session holds, and the session's end in epoch ms."""

    token: RefreshToken
    ends_at: int


def refresh(text: str, now: datetime, *, in_browser: bool = False) -> Login:
    """Exchange a refresh token for new tokens, once. A used one ends its session.

    A browser loses answers, when a page is left, and sends one token from several tabs. For a
    minute after a rotation it gets the same token again, for the token before it and for itself.

    Raises RefreshTokenInvalid.
    """
    token = seals.read_refresh_token(text)
    if token is None:
        raise RefreshTokenInvalid()
    following = (
        seals.successor(token)
        if in_browser
        else seals.new_refresh_token(token.member_id, token.session_id)
    )
    now_ms = clock.to_ms(now)
    held = with_fresh_reads(lambda: _rotate(token, following, now_ms, in_browser=in_browser))
    found = queries.find_profile(token.member_id)
    if found is None or found.erase_at:
        raise RefreshTokenInvalid()
    access = _access(token.member_id, token.session_id, found.roles or (), now)
    return Login(token.member_id, access, held.token.text, held.ends_at, created=False)


def _rotate(
    token: RefreshToken, following: RefreshToken, now_ms: int, *, in_browser: bool = False
) -> _Held:
    session = queries.find_session(token.member_id, token.session_id)
    if session is None or session.expires_at <= now_ms:
        raise RefreshTokenInvalid()
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
            SessionItem.ttl.set(ends_at // 1000 + _CLEANED_AFTER_S),
        ],
        condition=SessionItem.refresh_hash == token.hash,
    )
    writes.commit()
    return _Held(following, ends_at)


def end_session(member_id: str, session_id: str, now: datetime) -> None:
    """End one session of a member.

    Raises NotFound if the member has no such session.
    """
    session = queries.find_session(member_id, session_id)
    if session is None or session.expires_at <= clock.to_ms(now):
        raise NotFound()
    end_sessions(member_id, [session_id])


def end_session_of(refresh_token: str, but: str) -> None:
    """End the session that this token was given for, unless it is `but`; a text that is no token
    ends none."""
    token = seals.read_refresh_token(refresh_token)
    if token is not None and token.session_id != but:
        end_sessions(token.member_id, [token.session_id])


def end_all_sessions(member_id: str) -> None:
    """End every session of a member."""
    end_sessions(member_id, [session.id for session in queries.sessions(member_id, 0)])


def end_sessions(member_id: str, session_ids: list[str]) -> None:
    """End these sessions. Idempotent."""
    for start in range(0, len(session_ids), _A_TRANSACTION):
        writes = WriteSet()
        for session_id in session_ids[start : start + _A_TRANSACTION]:
            writes.delete(SessionItem.key(member_id, session_id))
        with_fresh_reads(writes.commit)
