"""The stage's secrets, by powertools Parameters from Secrets Manager, kept for five minutes."""

from __future__ import annotations

import base64
from typing import Any, NamedTuple

from chalicelib.kernel.config import config

MAX_AGE_S = 300


class Key(NamedTuple):
    id: str
    key: bytes


def _secret(name: str) -> dict[str, Any]:
    from aws_lambda_powertools.utilities import parameters

    value: dict[str, Any] = parameters.get_secret(
        config().secret(name), transform="json", max_age=MAX_AGE_S
    )
    return value


def keys(purpose: str) -> list[Key]:
    """Live keys of a purpose: the first signs, all verify. `access_token` or `field`."""
    return [Key(k["id"], base64.b64decode(k["key"])) for k in _secret("keys")[purpose]]


def key(purpose: str) -> bytes:
    """The one key of a purpose that is never rotated: `hash` or `cursor`."""
    return base64.b64decode(_secret("keys")[purpose])


def partner_secrets(partner_id: str) -> list[str]:
    """At most two live secrets of a partner, none if nobody knows it."""
    found: list[str] = _secret("partners").get(partner_id, [])
    return found[:2]
