"""The captcha's provider: whether a token proves a person.

Source: reCAPTCHA, hCaptcha and Turnstile share one protocol, `siteverify`: a form of `secret`,
`response` and `remoteip`, answered by JSON with `success`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import msgspec

from chalicelib.kernel import secrets
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import Unavailable

if TYPE_CHECKING:
    from urllib3 import PoolManager

TIMEOUT_S = 3
_OK = 200


class _Verdict(msgspec.Struct):
    success: bool


def is_asked() -> bool:
    """Whether the stage has a captcha."""
    return bool(config().members.captcha_verify_url)


@cache
def _pool() -> PoolManager:
    import urllib3

    return urllib3.PoolManager(timeout=TIMEOUT_S, retries=False)


def is_passed(token: str, source_ip: str) -> bool:
    """Whether the provider knows this token as that of a person; each token is good once.

    Raises Unavailable if the provider does not say.
    """
    from urllib3.exceptions import HTTPError

    form = {"secret": secrets.captcha(), "response": token, "remoteip": source_ip}
    url = config().members.captcha_verify_url
    try:
        answer = _pool().request("POST", url, fields=form, encode_multipart=False)
        if answer.status != _OK:
            raise Unavailable()
        return msgspec.json.decode(answer.data, type=_Verdict).success
    except (HTTPError, msgspec.MsgspecError) as error:
        raise Unavailable() from error
