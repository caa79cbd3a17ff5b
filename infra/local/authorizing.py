"""Asks a route's Lambda authorizer, as API Gateway does before it calls the function."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from infra.local.requests import API_ID
from infra.local.settings import ACCOUNT_ID, REGION, STAGE

Authorizer = Callable[[dict[str, Any], Any], Mapping[str, Any]]

UNAUTHORIZED = "UNAUTHORIZED"
DENIED = "ACCESS_DENIED"
MISCONFIGURED = "AUTHORIZER_CONFIGURATION_ERROR"
FAILED = "AUTHORIZER_FAILURE"


class Refused(Exception):
    """API Gateway answers by itself; the argument is the type of the answer."""


def authorize(authorizer: Authorizer, event: dict[str, Any], context: Any) -> dict[str, str]:
    """The authorizer's context of the caller, every value as text.

    Raises Refused.
    """
    token = _token(event["headers"], getattr(authorizer, "config", None))
    arn = _method_arn(event)
    asked = {"type": "TOKEN", "authorizationToken": token, "methodArn": arn}
    try:
        said = authorizer(asked, context)
    except Exception as error:
        # API Gateway tells "not authenticated" from a broken authorizer by this very text.
        refusal = UNAUTHORIZED if str(error) == "Unauthorized" else FAILED
        raise Refused(refusal) from error
    if not isinstance(said, Mapping) or "principalId" not in said:
        raise Refused(MISCONFIGURED)
    if not _allows(said.get("policyDocument", {}), arn):
        raise Refused(DENIED)
    known = {"principalId": said["principalId"], "integrationLatency": 0}
    return {name: _text(value) for name, value in {**(said.get("context") or {}), **known}.items()}


def _token(headers: Mapping[str, str], config: Any) -> str:
    wanted = getattr(config, "header", None) or "Authorization"
    token = headers.get(wanted.lower(), "")
    if not token:
        raise Refused(UNAUTHORIZED)
    return token


def _method_arn(event: Mapping[str, Any]) -> str:
    place = f"{REGION}:{ACCOUNT_ID}:{API_ID}/{STAGE}"
    return f"arn:aws:execute-api:{place}/{event['httpMethod']}/{event['path'].lstrip('/')}"


def _allows(policy: Mapping[str, Any], arn: str) -> bool:
    """Whether some statement allows the call and none denies it."""
    effects = {
        statement.get("Effect")
        for statement in policy.get("Statement", [])
        if _fits(_listed(statement.get("Action")), "execute-api:Invoke")
        and _fits(_listed(statement.get("Resource")), arn)
    }
    return effects == {"Allow"}


def _listed(value: Any) -> list[str]:
    return list(value) if isinstance(value, list) else [str(value)]


def _fits(patterns: list[str], text: str) -> bool:
    """`*` stands for any text and `?` for one character."""
    translated = (
        re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".") for pattern in patterns
    )
    return any(re.fullmatch(each, text, re.DOTALL) for each in translated)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)
