"""The address of a caller, also of one who comes through CloudFront."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from typing import Any

from chalicelib.kernel.config import config

HEADER = "jifen-edge"


def caller_address(event: Mapping[str, Any], headers: Mapping[str, str]) -> str:
    """The address that the request comes from; `headers` by their names in small letters.

    API Gateway sees CloudFront's address when a request comes through it. CloudFront proves itself
    by a header that it sets over a caller's own, and has added the caller's address to the
    forwarded ones, before API Gateway added that of CloudFront.
    Source: CloudFront, "Request and response behavior for custom origins", X-Forwarded-For.
    """
    seen: str = event["requestContext"].get("identity", {}).get("sourceIp", "")
    key, told = config().edge_key, headers.get(HEADER, "")
    if not key or not hmac.compare_digest(told.encode(), key.encode()):
        return seen
    forwarded = [each.strip() for each in headers.get("x-forwarded-for", "").split(",")]
    return forwarded[-2] if len(forwarded) > 1 else seen
