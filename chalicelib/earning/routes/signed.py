"""Routes for partners: the body's signature identifies the caller before the body is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from chalice.app import Blueprint
from msgspec.structs import replace

from chalicelib.earning import rules
from chalicelib.earning.errors import SignatureExpired, SignatureInvalid
from chalicelib.kernel import clock, secrets
from chalicelib.kernel.errors import FieldError, Invalid, JifenError, Words
from chalicelib.kernel.signatures import TOLERANCE_S
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call, decode_body

FUTURE = timedelta(seconds=300)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
HEADERS = (
    ("Jifen-Key", "the partner's id"),
    (
        "Jifen-Signature",
        "`t=<unix seconds>,v1=<64 lowercase hex digits>`: HMAC-SHA256 whose key is the secret's"
        " UTF-8 bytes, as they were handed out, and whose message is the digits of `t`, a full"
        " stop and the body's bytes exactly as sent (none without a body). Method and path are"
        f" not signed. `t` may be {TOLERANCE_S} s off; one of up to 4 `v1` must be right",
    ),
)
View = Callable[[Call, str], Reply]


def partner_route(
    blueprint: Blueprint,
    method: str,
    path: str,
    *,
    body: Any = None,
    body_required: bool = True,
    may_raise: Sequence[type[JifenError]] = (),
    **said: Any,
) -> Callable[[View], Callable[[Call], Reply]]:
    """Register a view of a call and the partner who signed it; other arguments are those of
    `route`.

    The view reads the body itself if it may be of several types (a tuple).
    """

    def register(view: View) -> Callable[[Call], Reply]:
        @wraps(view)
        def checked(call: Call) -> Reply:
            partner = _partner_of(call)
            if body is not None and not isinstance(body, tuple):
                content = call.raw_body or (b"" if body_required else b"{}")
                call = replace(call, body=decode_body(content, body))
            return view(call, partner)

        bodies = body if isinstance(body, tuple) or body is None else (body,)
        refusals: list[type[JifenError]] = [SignatureInvalid, SignatureExpired, *may_raise]
        return route(
            blueprint,
            method,
            path,
            body=bodies,
            body_required=body_required,
            may_raise=refusals,
            headers=HEADERS,
            **said,
        )(checked)

    return register


def _partner_of(call: Call) -> str:
    """The partner who signed the call.

    Raises SignatureInvalid, SignatureExpired.
    """
    partner = call.headers.get("jifen-key", "")
    rules.check_signature(
        call.headers.get("jifen-signature", ""),
        call.raw_body,
        secrets.partner_secrets(partner),
        int(clock.machine_now().timestamp()),
    )
    return partner


def check_told_at(at: datetime, now: datetime) -> None:
    """Check that a partner's clock could tell this time: an empty date comes as year 1.

    Raises Invalid.
    """
    if at > now + FUTURE:
        words = Words("发生时间在将来", "lies in the future")
        raise Invalid(FieldError("occurred_at", "in_the_future", words))
    if at < EARLIEST:
        words = Words("发生时间早于 2000 年", "lies before the year 2000")
        raise Invalid(FieldError("occurred_at", "out_of_range", words))
