"""Login codes for the staff: how many, and how many were refused, by hour. Nobody is named."""

from __future__ import annotations

from typing import Annotated

import msgspec

from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.web.auth import ADMIN, OPS
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.members.queries.login_codes import CodeHour, code_hours
from chalicelib.members.routes.blueprint import members
from chalicelib.members.rules.codes import REASONS


class CodeHoursQuery(msgspec.Struct, forbid_unknown_fields=True):
    """The last `hours`, the present one among them."""

    hours: Annotated[int, msgspec.Meta(ge=1, le=168)] = 24


class RefusedCodes(msgspec.Struct):
    """Codes that were refused: too soon after the last one (`delay`), too many for one phone or
    e-mail, for a caller, a device or a range of numbers; the hour's `cap` was reached; the number
    is `blocked`; a `captcha` was asked for."""

    delay: int
    destination: int
    ip: int
    device: int
    range: int
    cap: int
    blocked: int
    captcha: int


class CodeHourView(msgspec.Struct):
    """An hour from `at` on: `texts` are codes that went out by SMS."""

    at: str
    texts: int
    refused: RefusedCodes


class CodeHoursView(msgspec.Struct):
    """Hours, the present one first; `texts_at_most` may go out in each."""

    texts_at_most: int
    data: list[CodeHourView]


_REFUSED = {**dict.fromkeys(REASONS, 0), "delay": 3, "range": 12}


@route(
    members, "GET", "/v1/admin/login-codes",
    summary="Login codes by hour: sent by SMS, and refused by reason",
    roles=[OPS, ADMIN], query=CodeHoursQuery, answer=CodeHoursView,
    example={"answer": {
        "texts_at_most": 10000,
        "data": [{"at": "2026-11-21T08:00:00Z", "texts": 128, "refused": _REFUSED}],
    }},
)  # fmt: skip
def list_code_hours(call: Call) -> Reply:
    asked: CodeHoursQuery = call.query
    shown = [_view(each) for each in code_hours(asked.hours, call.now)]
    return Reply(CodeHoursView(config().members.otp_texts_hour, shown))


def _view(hour: CodeHour) -> CodeHourView:
    return CodeHourView(rfc3339_ms(hour.at), hour.texts, RefusedCodes(**hour.refused))
