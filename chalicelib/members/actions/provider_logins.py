"""Sign-in by WeChat and QQ: authorizations, sessions, linked accounts.

A provider takes each code once, so the exchange comes first and alone, and all writes after it are
one transaction. A crash between them leaves nothing but a used code.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import FieldError, Invalid, Moved, Words
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, with_fresh_reads
from chalicelib.members import queries
from chalicelib.members.actions.identities import find_linked, link_new
from chalicelib.members.actions.providers import count_try, exchange
from chalicelib.members.actions.referrals import invited_by
from chalicelib.members.actions.registrations import add_member, add_owner
from chalicelib.members.actions.sessions import (
    Device,
    Known,
    Login,
    end_of_new,
    login_of,
    open_session,
    welcome_back,
)
from chalicelib.members.errors import (
    IdentityAlreadyLinked,
    IdentityTaken,
    ProviderNotConfigured,
    SignInStateInvalid,
)
from chalicelib.members.rules import Consent, devices, providers
from chalicelib.members.rules.providers import Account, App, Authorization, Client, Provider
from chalicelib.members.rules.referrals import AFTER_REGISTRATION, Invited
from chalicelib.members.tables import seals, states
from chalicelib.members.tables.items import GrantItem, LinkedItem, StateItem

_KEPT_S = 86_400


class Started(NamedTuple):
    """A sign-in to go on with at the provider: its page (None in an app), and the state."""

    page: str | None
    state: str


class Sent(NamedTuple):
    """What a client sends after the provider: `browser` is of its cookie, "" without one."""

    provider: Provider
    app: App
    code: str
    state: str | None
    browser: str
    source_ip: str

    @property
    def bound(self) -> bytes:
        return seals.bound_to(self.state or "", self.browser)


def start_sign_in(
    provider: Provider,
    app: App,
    redirect: str | None,
    *,
    user_agent: str,
    browser: str,
    now: datetime,
) -> Started:
    """A new state, and the page on which a person agrees. It writes nothing.

    Raises ProviderNotConfigured, Invalid naming `redirect`.
    """
    settings = config().sign_in
    is_inside = providers.is_wechat_browser(user_agent)
    client = providers.client_of(settings, provider, app, is_inside=is_inside)
    if client is None:
        raise ProviderNotConfigured()
    asked = Authorization(client, _allowed(client, redirect))
    state = states.new_state(asked, browser if app == "h5" else "", int(now.timestamp()))
    return Started(providers.page_of(settings, asked, state), state)


def _allowed(client: Client, redirect: str | None) -> str:
    """Raises Invalid, ProviderNotConfigured."""
    allowed = providers.redirects(config().sign_in, client)
    if not allowed:
        raise ProviderNotConfigured()
    if redirect is not None and redirect not in allowed:
        words = Words("不在允许的回跳地址之内", "is none of the addresses that are allowed")
        raise Invalid(FieldError("redirect", "not_allowed", words))
    return allowed[0] if redirect is None else redirect


def log_in_at(
    sent: Sent,
    device: Device,
    consent: Consent | None,
    now: datetime,
    referral_code: str | None = None,
) -> Login:
    """Open a session for the account that a code stands for; register a member if nobody has it.

    A referral code counts for a new member alone. One that nobody has stops no login here: the
    provider gives no second try.

    The same client that sends the same code within two minutes gets the same session.

    Raises ProviderNotConfigured, SignInStateInvalid, TooMany, ProviderCodeInvalid,
    ProviderRefused, ProviderUnavailable.
    """

    def write() -> Login:
        # First: a state that was used is refused, and the provider knows its code no more.
        if found := _granted(sent, now):
            return found
        account = _exchanged(sent, now)
        return with_fresh_reads(lambda: _log_in(account, sent, device, consent, now, referral_code))

    return replay_outranks_refusal(write, lambda: _granted(sent, now))[0]


def _exchanged(sent: Sent, now: datetime) -> Account:
    """Raises what `log_in_at` raises."""
    asked = _asked(sent, now)
    count_try(sent.source_ip, now)
    return exchange(asked, sent.code)


def _grant_key(sent: Sent) -> GrantItem:
    return GrantItem.key(seals.grant_hash(sent.provider, sent.app, sent.code))


def _granted(sent: Sent, now: datetime) -> Login | None:
    """The session that this client's code opened a moment ago, if nobody has used its token yet."""
    grant, now_ms = queries.stored(_grant_key(sent)), clock.to_ms(now)
    if grant is None or grant.bound != sent.bound:
        return None
    if now_ms - grant.used_at > providers.SAME_CODE_MS:
        return None
    token = seals.granted_token(grant.member_id, grant.session_id, sent.code)
    session = queries.find_session(grant.member_id, grant.session_id)
    profile = queries.find_profile(grant.member_id)
    if session is None or profile is None or session.refresh_hash != token.hash:
        return None
    known = Known(profile.roles or (), profile.consent)
    return login_of(token, known, session.expires_at, now, created=grant.created)


def _asked(sent: Sent, now: datetime) -> Authorization:
    """The authorization that a code belongs to, by its state; a mini program has none.

    Raises ProviderNotConfigured, SignInStateInvalid.
    """
    settings = config().sign_in
    candidates = list(providers.authorizations(settings, sent.provider, sent.app))
    if not candidates:
        raise ProviderNotConfigured()
    if sent.app == "mini_program":
        return candidates[0]
    browser = sent.browser if sent.app == "h5" else ""
    if sent.app == "h5" and not states.is_browser(browser):
        raise SignInStateInvalid()
    asked = states.asked_by(sent.state or "", browser, candidates, int(now.timestamp()))
    if asked is None or queries.stored(StateItem.key(seals.state_hash(str(sent.state)))):
        raise SignInStateInvalid()
    return asked


def _log_in(
    account: Account,
    sent: Sent,
    device: Device,
    consent: Consent | None,
    now: datetime,
    referral_code: str | None,
) -> Login:
    writes, now_ms = WriteSet(), clock.to_ms(now)
    hashes = seals.account_hashes_of(account)
    owners = [queries.member_with(each) for each in hashes]
    # Two members may be one person, until ops merge them: the one whom this app knows signs in.
    owner = next(filter(None, owners), None)
    if owner is None:
        invited = invited_by(referral_code, hashes)
        member_id = add_member(
            writes,
            account,
            language=device.language,
            now_ms=now_ms,
            consent=consent,
            referred_by=invited.by,
            devices=devices.with_device(None, device.mark),
        )
        known = Known((), consent)
    else:
        invited = Invited(outcome=AFTER_REGISTRATION if referral_code else None)
        member_id = owner
        identity = hashes[owners.index(owner)]
        known = welcome_back(writes, identity, member_id, device, consent)
        _join(writes, account, member_id, owners, now_ms)
    token = open_session(writes, member_id, device, known, consent, now_ms, code=sent.code)
    _use_up(writes, sent, member_id, token.session_id, now_ms, created=owner is None)
    writes.commit()
    login = login_of(token, known, end_of_new(now_ms), now, created=owner is None)
    return login._replace(referral=invited.outcome)


def _join(
    writes: WriteSet, account: Account, member_id: str, owners: list[str | None], now_ms: int
) -> None:
    """Add what this login tells anew of a known person: this app's openid, or the unionid."""
    if None not in owners:
        return
    hashes = seals.account_hashes_of(account)
    row = next((each for each in queries.identities(member_id) if each.hashes & set(hashes)), None)
    if row is None:
        raise Moved()
    known = queries.known_in(row, member_id).joined(account)
    for identity, owner in zip(hashes, owners, strict=True):
        if owner is None:
            add_owner(writes, identity, member_id, now_ms)
    also = row.hashes.union(hashes) - {row.identity}
    writes.update(
        LinkedItem.key(member_id, row.id),
        [LinkedItem.also.set(also), LinkedItem.sealed.set(seals.seal_known(known, member_id))],
        condition=LinkedItem.sealed == row.sealed,
    )


def _use_up(
    writes: WriteSet, sent: Sent, member_id: str, session_id: str, now_ms: int, *, created: bool
) -> None:
    """Add that the code opened this session, and that the state was used."""
    grant = _grant_key(sent)
    grant.member_id, grant.session_id, grant.bound = member_id, session_id, sent.bound
    grant.created, grant.used_at, grant.ttl = created, now_ms, now_ms // 1000 + _KEPT_S
    # A provider that gives a code out again, years later, is not refused.
    writes.put(grant)
    use_state(writes, sent, now_ms)


def use_state(writes: WriteSet, sent: Sent, now_ms: int) -> None:
    """Add that a state was used: it is good for one commit."""
    if sent.app == "mini_program":
        return
    used = StateItem.key(seals.state_hash(str(sent.state)))
    used.used_at, used.ttl = now_ms, now_ms // 1000 + _KEPT_S
    writes.put_new(used, or_raise=SignInStateInvalid)


def link_account(
    member_id: str, identity_id: str, content: bytes, sent: Sent, now: datetime
) -> tuple[LinkedItem, bool]:
    """Link the account that a code stands for to a member: (identity, replayed).

    Raises IdentityTaken, IdentityAlreadyLinked, TooManyIdentities, IdempotencyKeyReused,
    Unauthenticated, and what `log_in_at` raises.
    """

    def write() -> LinkedItem:
        queries.profile(member_id)
        account = _exchanged(sent, now)
        return with_fresh_reads(lambda: _link(member_id, identity_id, content, sent, account, now))

    return replay_outranks_refusal(write, lambda: find_linked(member_id, identity_id, content))


def _link(
    member_id: str, identity_id: str, content: bytes, sent: Sent, account: Account, now: datetime
) -> LinkedItem:
    owners = {queries.member_with(each) for each in seals.account_hashes_of(account)} - {None}
    if owners:
        raise IdentityAlreadyLinked() if owners == {member_id} else IdentityTaken()
    writes = WriteSet()
    use_state(writes, sent, clock.to_ms(now))
    return link_new(writes, member_id, identity_id, account, content=content, now=now)
