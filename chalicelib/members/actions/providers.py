"""The exchange of a code for a person's account at WeChat or QQ. It writes no more than a count."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.kernel import clock, secrets
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import JifenError, TooMany
from chalicelib.kernel.fetching import NoAnswer, fetch_json
from chalicelib.kernel.observe import logger
from chalicelib.kernel.store.writes import update_alone
from chalicelib.members import rules
from chalicelib.members.errors import ProviderCodeInvalid, ProviderRefused, ProviderUnavailable
from chalicelib.members.rules import codes, providers
from chalicelib.members.rules.providers import Account, Authorization, Client, Refused
from chalicelib.members.tables import seals
from chalicelib.members.tables.items import RateItem

RETRY_AFTER_S = 5
_CODE = {"grant_type": "authorization_code"}

Said = Mapping[str, Any]


def count_try(source_ip: str, now: datetime) -> None:
    """Count a sign-in of a caller: guessed codes would use up our calls to the provider.

    Raises TooMany with retry_after_s.
    """
    now_ms = clock.to_ms(now)
    counted = seals.rate_key("sign-in-ip", rules.origin(source_ip))
    left_s = codes.left_of_window(now_ms, codes.HOUR_S)
    key = RateItem.key(counted, codes.HOUR_S, codes.window(now_ms, codes.HOUR_S))
    ttl = RateItem.ttl.set(now_ms // 1000 + left_s + codes.DAY_S)
    most = config().sign_in.sign_ins_per_ip_hour
    within = RateItem.uses.does_not_exist() | (RateItem.uses < most)
    if not most or not update_alone(key, [RateItem.uses.add(1), ttl], condition=within):
        raise TooMany(retry_after_s=left_s)


def exchange(asked: Authorization, code: str) -> Account:
    """The account that a code stands for. The provider takes each code once.

    Raises ProviderCodeInvalid, ProviderRefused, ProviderUnavailable.
    """
    client, redirect = asked
    secret = secrets.app_secret(client.app_id)
    try:
        if client.app == "mini_program":
            return _of_mini_program(client, secret, code)
        if client.provider == "wechat":
            return _of_wechat(client, secret, code)
        return _of_qq(client, secret, code, redirect)
    except Refused as refused:
        raise _as_error(refused, client) from refused
    except NoAnswer as silence:
        raise ProviderUnavailable(retry_after_s=RETRY_AFTER_S) from silence


def _as_error(refused: Refused, client: Client) -> JifenError:
    if refused.why == providers.USED:
        return ProviderCodeInvalid()
    if refused.why == providers.BLOCKED:
        return ProviderRefused()
    if refused.why == providers.OURS:
        _tell(refused, client)
    return ProviderUnavailable(retry_after_s=RETRY_AFTER_S)


def _tell(refused: Refused, client: Client) -> None:
    """An app id, a secret or a right is wrong: a person has to mend it."""
    logger().error(
        "a provider refuses our app",
        provider=client.provider,
        app_id=client.app_id,
        number=refused.number,
    )


def _of_mini_program(client: Client, secret: str, code: str) -> Account:
    """Raises NoAnswer, Refused."""
    settings = config().sign_in
    is_qq = client.provider == "qq"
    host = settings.qq_mini_program_api_base if is_qq else settings.wechat_api_base
    query = {"appid": client.app_id, "secret": secret, "js_code": code, **_CODE}
    said = providers.wechat_answer(fetch_json(f"{host}/sns/jscode2session", query))
    openid, unionid = providers.text_of(said, "openid"), providers.optional_text_of(said, "unionid")
    return Account(client.provider, client.app_id, openid, unionid)


def _of_wechat(client: Client, secret: str, code: str) -> Account:
    """Raises NoAnswer, Refused."""
    host = config().sign_in.wechat_api_base
    query = {"appid": client.app_id, "secret": secret, "code": code, **_CODE}
    said = providers.wechat_answer(fetch_json(f"{host}/sns/oauth2/access_token", query))
    openid, unionid = providers.text_of(said, "openid"), providers.optional_text_of(said, "unionid")
    asked = {"access_token": providers.text_of(said, "access_token"), "openid": openid}

    def person() -> Said:
        return providers.wechat_answer(fetch_json(f"{host}/sns/userinfo", asked))

    # Without it we would register again whoever our other apps know.
    shown = _told(person, client, is_needed=unionid is None)
    unionid = unionid or providers.optional_text_of(shown, "unionid")
    return Account("wechat", client.app_id, openid, unionid, providers.nickname_of(shown))


def _of_qq(client: Client, secret: str, code: str, redirect: str) -> Account:
    """Raises NoAnswer, Refused."""
    host = config().sign_in.qq_api_base
    ours = {"client_id": client.app_id, "client_secret": secret, "redirect_uri": redirect}
    query = {**ours, "code": code, **_CODE, "fmt": "json"}
    said = providers.qq_answer(fetch_json(f"{host}/oauth2.0/token", query))
    token = {"access_token": providers.text_of(said, "access_token"), "fmt": "json"}
    person = _person_at_qq(host, token)
    openid = providers.text_of(person, "openid")
    asked = {**token, "oauth_consumer_key": client.app_id, "openid": openid}

    def shown() -> Said:
        return providers.qq_answer(fetch_json(f"{host}/user/get_user_info", asked))

    nickname = providers.nickname_of(_told(shown, client, is_needed=False))
    unionid = providers.optional_text_of(person, "unionid")
    return Account("qq", client.app_id, openid, unionid, nickname)


def _person_at_qq(host: str, token: dict[str, str]) -> Said:
    """Raises NoAnswer, Refused."""
    try:
        return providers.qq_answer(fetch_json(f"{host}/oauth2.0/me", {**token, "unionid": "1"}))
    except Refused as refused:
        if refused.why != providers.OURS:
            raise
    # An app has to ask QQ for the right to a unionid.
    return providers.qq_answer(fetch_json(f"{host}/oauth2.0/me", token))


def _told(ask: Callable[[], Said], client: Client, *, is_needed: bool) -> Said:
    """What a provider tells of a person besides who they are; nothing if it does not now.

    Raises NoAnswer, Refused if it is needed, and a later try may bring it.
    """
    try:
        return ask()
    except NoAnswer:
        if is_needed:
            raise
    except Refused as refused:
        if is_needed and refused.why == providers.BUSY:
            raise
        _tell(refused, client)
    return {}
