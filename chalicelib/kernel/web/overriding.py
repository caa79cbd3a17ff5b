"""`X-HTTP-Method-Override: PATCH` in a POST, for clients whose network has no PATCH.

WeChat's mini programs are such.
Source: https://developers.weixin.qq.com/miniprogram/dev/api/network/request/wx.request.html
"""

from __future__ import annotations

from typing import Any

from chalicelib.kernel.errors import FieldError, Invalid, Words

HEADER = "X-HTTP-Method-Override"
PATCH, POST = "PATCH", "POST"


def method_of(event: dict[str, Any]) -> str:
    """The method that API Gateway's event means.

    Raises Invalid for a POST that means anything but a PATCH: it must not be taken for a POST.
    """
    method: str = event["requestContext"]["httpMethod"]
    headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
    meant = headers.get(HEADER.lower())
    if method != POST or meant is None:
        return method
    if meant.strip().upper() != PATCH:
        raise Invalid(FieldError(HEADER, "not_one_of", Words(f"须为 {PATCH}", f"must be {PATCH}")))
    return PATCH
