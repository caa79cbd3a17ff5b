"""The code that a member shows at a till."""

from __future__ import annotations

import msgspec

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members.routes.blueprint import members
from chalicelib.members.tables import seals

_QR_BORDER = 4


class TillCodeView(msgspec.Struct):
    """A code for the till, good for a minute and a half: `qr` is it as an SVG image."""

    code: str
    expires_at: str
    qr: str


@route(
    members, "GET", "/v1/me/code",
    summary="My code for the till: a shop scans it to know who I am",
    roles=[MEMBER], answer=TillCodeView,
    example={"answer": {
        "code": "MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43UOV3HO6DZ",
        "expires_at": "2026-11-21T08:01:30Z", "qr": "<svg/>",
    }},
)  # fmt: skip
def show_code(call: Call) -> Reply:
    made = seals.till_code(call.member_id, int(call.now.timestamp()))
    code = seals.seal_till_code(made)
    return Reply(TillCodeView(code, rfc3339_ms(made.expires_at * 1000), _qr(code)))


def _qr(code: str) -> str:
    """The code as an SVG image that takes the size of its place."""
    import segno

    made: str = segno.make_qr(code, error="m").svg_inline(
        border=_QR_BORDER, omitsize=True, dark="#000", light="#fff"
    )
    return made
