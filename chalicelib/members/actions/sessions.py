"""Sessions: log in, log out."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from chalicelib.kernel import clock
from chalicelib.kernel.errors import Moved, NotFound
from chalicelib.kernel.store.writes import WriteSet, unmoved, with_fresh_reads
from chalicelib.kernel.web import auth
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.requests import Caller
from chalicelib.members import queries, rules
from chalicelib.members.actions.challenges import Proof, prove, use_up
from chalicelib.members.actions.consents import Place, add_consent, is_news
from chalicelib.members.actions.referrals import check_known, invited_by
from chalicelib.members.actions.registrations import add_member, enrol
from chalicelib.members.rules import Consent, devices
from chalicelib.members.rules.policies import claim_of
from chalicelib.members.rules.referrals import AFTER_REGISTRATION, Invited, Outcome
from chalicelib.members.tables import seals
from chalicelib.members.tables.items import IdentityItem, ProfileItem, SessionItem
from chalicelib.members.tables.seals import RefreshToken

CLEANED_AFTER_S = 7 * 86_400
_A_TRANSACTION = 50


class Device(NamedTuple):
    """The language and user agent of a login; `id` is what the device calls itself."""

    language: str
    user_agent: str
    id: str | None = None
    source_ip: str = ""

    @property
    def network(self) -> str | None:
        return devices.network_of(self.source_ip)

    @property
    def hash(self) -> bytes | None:
        """The keyed hash of the id, for risk."""
        return seals.device_hash(self.id) if self.id else None

    @property
    def mark(self) -> bytes:
        """What the device is known by among a member's own."""
        return self.hash or seals.browser_hash(self.user_agent, self.network or "")


class Known(NamedTuple):
    """What a login needs to know of its member; `erasure_cancelled` by this login."""

    roles: Collection[str]
    consent: Consent | None
    is_new_device: bool = False
    erasure_cancelled: bool = False


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
    found = queries.member_with(proof.identity)
    if found is None:
        invited = check_known(invited_by(referral_code, [proof.identity]))
        member_id = add_member(
            writes,
            proof.destination,
            language=device.language,
            now_ms=now_ms,
            consent=consent,
            referred_by=invited.by,
            devices=devices.with_device(None, device.mark),
        )
        known = Known((), consent)
    else:
        invited = Invited(outcome=AFTER_REGISTRATION if referral_code else None)
        member_id = found
        known = welcome_back(writes, proof.identity, member_id, device, consent)
    token = open_session(writes, member_id, device, known, consent, now_ms)
    writes.commit()
    login = login_of(token, known, end_of_new(now_ms), now, created=found is None)
    return login._replace(referral=invited.outcome)


def login_of(
    token: RefreshToken, known: Known, ends_at: int, now: datetime, *, created: bool
) -> Login:
    """The login of an open session."""
    issued = access(token.member_id, token.session_id, known, now)
    return Login(token.member_id, issued, token.text, ends_at, created, known.erasure_cancelled)


def welcome_back(
    writes: WriteSet, identity: str, member_id: str, device: Device, consent: Consent | None
) -> Known:
    """Add a known member's changes of language, device and consent. A login cancels an erasure
    that was asked for."""
    found = queries.find_profile(member_id)
    if found is None:
        raise Moved()
    owner = IdentityItem.key(identity)
    writes.check(owner, IdentityItem.member_id == member_id, or_raise=Moved)
    changes = [
        ProfileItem.language.set(device.language),
        ProfileItem.devices.set(devices.with_device(found.devices, device.mark)),
        ProfileItem.erase_at.remove(),
    ]
    agreed = found.consent
    if consent is not None and is_news(consent, agreed):
        agreed = consent
        changes.append(ProfileItem.consent.set(consent))
    same = ProfileItem.pk.exists() & unmoved(ProfileItem.devices, found.devices)
    writes.update(ProfileItem.key(member_id), changes, condition=same)
    # A member of an earlier release has no known devices: this one is their first.
    is_new = bool(found.devices) and not devices.is_known(found.devices, device.mark)
    return Known(found.roles or (), agreed, is_new, bool(found.erase_at))


def open_session(
    writes: WriteSet,
    member_id: str,
    device: Device,
    known: Known,
    consent: Consent | None,
    now_ms: int,
    *,
    code: str | None = None,
) -> RefreshToken:
    """Add a new session to `writes`, and the consent if it is news; return its first refresh token.

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
    item.device, item.network = device.hash, device.network
    item.is_new = 1 if known.is_new_device else None
    item.created_at = item.last_used_at = now_ms
    item.expires_at = end_of_new(now_ms)
    item.ttl = item.expires_at // 1000 + CLEANED_AFTER_S
    writes.put_new(item, or_raise=Moved)
    if known.consent is consent and consent is not None:
        place = Place("sign_in", token.session_id, device.network, device.hash)
        add_consent(writes, member_id, consent, place)
    return token


def end_of_new(now_ms: int) -> int:
    return rules.session_ends_at(now_ms, now_ms)


def access(member_id: str, session_id: str, known: Known, now: datetime) -> str:
    """An access token of a session, which tells of the member's roles and consent."""
    roles = frozenset({MEMBER, *known.roles})
    return auth.issue(Caller(member_id, session_id, roles, claim_of(known.consent)), now)


def access_again(caller: Caller, now: datetime) -> str:
    """A new access token of the same session, which tells of the member's latest consent.

    Raises Unauthenticated if the member is gone.
    """
    found = queries.profile(caller.member_id)
    known = Known(found.roles or (), found.consent)
    return access(caller.member_id, caller.session_id, known, now)


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
    before = queries.member_with(seals.identity_hash_of(destination))
    member_id = enrol(destination, roles=roles, now=now, language=language)
    writes, now_ms = WriteSet(), clock.to_ms(now)
    has = queries.profile(member_id)
    known = Known(has.roles or (), has.consent)
    token = open_session(writes, member_id, Device(language, "jifen"), known, None, now_ms)
    with_fresh_reads(writes.commit)
    return login_of(token, known, end_of_new(now_ms), now, created=before is None)


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
