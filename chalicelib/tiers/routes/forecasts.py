"""What a ladder would do, for the staff before they publish it."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from chalicelib import audit
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import JobStarted, Progress
from chalicelib.tiers.actions import forecasts
from chalicelib.tiers.routes.admin import WRITERS
from chalicelib.tiers.routes.blueprint import tiers
from chalicelib.tiers.routes.views import LADDER_REQUEST
from chalicelib.tiers.rules.forecasts import Forecast, Status, rows_of
from chalicelib.tiers.rules.ladder import LadderDraft

_ROW: dict[str, Any] = {
    "tier": "gold",
    "members": 310,
    "rise": 0,
    "fall": 0,
    "stay": 310,
    "then": 341,
    "fall_later": 12,
}
JOB: dict[str, Any] = {
    "id": "job_5c3bqbzkmvnl2hwmbkqk5pnjhm", "type": "forecast_tiers", "status": "done",
    "progress": {"done": 1, "total": 1}, "members": 341, "rise": 31, "fall": 0, "stay": 310,
    "fall_later": 12, "unreadable": 0,
    "tiers": [{"tier": "normal", "members": 31, "rise": 31, "fall": 0, "stay": 0, "then": 0,
               "fall_later": 0}, _ROW],
    "made_by": "mbr_5c3bqbzkmvnl2hwmbkqk5pnjhm", "created_at": "2026-11-21T08:00:00Z",
}  # fmt: skip


class ForecastRowView(msgspec.Struct):
    """A tier: `members` have it now, and at once `rise` out of it, `fall` or `stay`. `then` have it
    by the new ladder; of these, `fall_later` would lose it once its time is over, if they do no
    more."""

    tier: str
    members: int
    rise: int
    fall: int
    stay: int
    then: int
    fall_later: int


class ForecastJobView(msgspec.Struct):
    """A forecast of a ladder; without progress for two hours it has failed.

    `members` are those who have done anything for a tier so far as they were looked at; all others
    are at the lowest. `unreadable` standings were left out.
    """

    id: str
    type: Literal["forecast_tiers"]
    status: Status
    progress: Progress
    members: int
    rise: int
    fall: int
    stay: int
    fall_later: int
    unreadable: int
    tiers: list[ForecastRowView]
    made_by: str
    created_at: str


@route(
    tiers, "POST", "/v1/admin/tiers/forecast",
    summary="How many members would rise, fall or stay by a ladder, in a job; nothing changes",
    roles=WRITERS, body=LadderDraft, answer=JobStarted, status=202, key=True,
    example={"request": LADDER_REQUEST, "answer": {"job_id": JOB["id"]}},
)  # fmt: skip
def forecast_tiers(call: Call) -> Reply:
    act = audit.act_of(call, "tiers.forecast", "tiers")
    job_id = call.derived_id("job")
    made = forecasts.start_forecast(job_id, call.body, call.content_digest, act, call.now)
    return answer_of(made, lambda forecast: JobStarted(forecast.id))


def forecast_view(forecast: Forecast, now_ms: int) -> ForecastJobView:
    """A forecast's job for the staff."""
    rows = rows_of(forecast)
    return ForecastJobView(
        id=forecast.id,
        type="forecast_tiers",
        status=forecast.status(now_ms),
        progress=Progress(int(forecast.is_done), 1),
        members=forecast.members,
        rise=sum(row.rise for row in rows),
        fall=sum(row.fall for row in rows),
        stay=sum(row.stay for row in rows),
        fall_later=sum(row.fall_later for row in rows),
        unreadable=forecast.unreadable,
        tiers=[shaped(ForecastRowView, row) for row in rows],
        made_by=forecast.made_by,
        created_at=rfc3339_ms(forecast.created_at_ms),
    )
