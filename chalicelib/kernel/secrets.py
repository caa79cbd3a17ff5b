"""The stage's secrets, by powertools Parameters from Secrets Manager, kept for five minutes."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.observe import logger
from chalicelib.kernel.outages import code_of, is_outage

MAX_AGE_S = 300


class Key(NamedTuple):
    """A key by its id; it signs from `since` on, epoch seconds of the machine's clock."""

    id: str
    key: bytes
    since: int = 0


class Stripe(NamedTuple):
    """Our key to Stripe, and its webhook secrets: two while one rotates."""

    api_key: str
    webhook_secrets: tuple[str, ...]


@cache
def _provider() -> Any:
    import boto3
    from aws_lambda_powertools.utilities.parameters import SecretsProvider
    from botocore.config import Config

    # By boto3's own session, as every other client: one of its own would read 7 MB of JSON anew.
    client = boto3.client("secretsmanager", config=Config(connect_timeout=1, read_timeout=2))
    return SecretsProvider(boto3_client=client)


def _secret(name: str) -> dict[str, Any]:
    """Raises Unavailable if Secrets Manager cannot answer now, else GetParameterError."""
    from aws_lambda_powertools.utilities.parameters import GetParameterError

    try:
        value: dict[str, Any] = _provider().get(
            config().secret(name), transform="json", max_age=MAX_AGE_S
        )
    except GetParameterError as error:
        if is_outage(error.__context__ or error):
            raise Unavailable() from error
        raise
    return value


def keys(purpose: str) -> tuple[Key, ...]:
    """Live keys of a purpose: the first signs, all verify. `access_token` or `field`.

    A new key signs nothing before its `since`: each process has read it by then.
    """
    made: tuple[Key, ...] = _made(purpose, _live_keys)
    now_s = clock.machine_now().timestamp()
    begun = [each for each in made if each.since <= now_s]
    return (*begun, *(each for each in made if each.since > now_s))


def key(purpose: str) -> bytes:
    """The one key of a purpose that is never rotated: `hash` or `cursor`."""
    made: bytes = _made(purpose, base64.b64decode)
    return made


def _live_keys(held: list[dict[str, Any]]) -> tuple[Key, ...]:
    return tuple(
        Key(each["id"], base64.b64decode(each["key"]), each.get("since", 0)) for each in held
    )


# {purpose: (the secret's part, what is made of it)}
_known: dict[str, tuple[Any, Any]] = {}


def _made(purpose: str, make: Callable[[Any], Any]) -> Any:
    """What is made of a purpose's part of the secret, once for each time that it is read."""
    held = _secret("keys")[purpose]
    known = _known.get(purpose)
    if known is None or known[0] is not held:
        known = _known[purpose] = (held, make(held))
    return known[1]


def partner_secrets(partner_id: str) -> list[str]:
    """A partner's live secrets, at most two; none for an unknown partner."""
    from aws_lambda_powertools.utilities.parameters import GetParameterError

    try:
        known: dict[str, list[str]] = _secret("partners")
    except GetParameterError as error:
        if code_of(error.__context__ or error) != "ResourceNotFoundException":
            raise
        known = {}  # the stage's first partner is yet to come
    return known.get(partner_id, [])[:2]


def stripe() -> Stripe:
    """The stage's Stripe secrets.

    Raises Unavailable if Secrets Manager cannot answer, or the stage has none yet.
    """
    from aws_lambda_powertools.utilities.parameters import GetParameterError

    try:
        known = _secret("stripe")
    except GetParameterError as error:
        if code_of(error.__context__ or error) != "ResourceNotFoundException":
            raise
        logger().error("the stage has no Stripe keys", secret=config().secret("stripe"))
        raise Unavailable() from error
    return Stripe(known["api_key"], tuple(known["webhook_secrets"])[:2])


def captcha() -> str:
    """The secret with which the captcha's provider knows us.

    Raises Unavailable if Secrets Manager cannot answer, or the stage has none yet.
    """
    from aws_lambda_powertools.utilities.parameters import GetParameterError

    try:
        secret: str = _secret("captcha")["secret"]
    except GetParameterError as error:
        if code_of(error.__context__ or error) != "ResourceNotFoundException":
            raise
        logger().error("the stage has no captcha secret", secret=config().secret("captcha"))
        raise Unavailable() from error
    return secret


def app_secret(app_id: str) -> str:
    """The secret of one of our apps at WeChat or QQ.

    Raises Unavailable if Secrets Manager cannot answer, or the stage has no secret of this app.
    """
    from aws_lambda_powertools.utilities.parameters import GetParameterError

    try:
        known: dict[str, str] = _secret("sign-in")
    except GetParameterError as error:
        if code_of(error.__context__ or error) != "ResourceNotFoundException":
            raise
        known = {}
    if app_id not in known:
        logger().error("an app has no secret", secret=config().secret("sign-in"), app_id=app_id)
        raise Unavailable()
    return known[app_id]
