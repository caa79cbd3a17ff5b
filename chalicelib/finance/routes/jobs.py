"""Jobs of all contexts: progress and results."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib.coupons import CouponJobView, coupon_job_view
from chalicelib.coupons import find_job as find_coupon_job
from chalicelib.earning import ReplayJobView, find_replay, replay_view
from chalicelib.finance.queries.rebuilds import find_rebuild
from chalicelib.finance.routes.settlement_views import RebuildView, rebuild_view
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.web.auth import ADMIN, FINANCE, OPS
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import JOB_EXAMPLE, JobView, find_job, job_view, parts_of
from chalicelib.orders import ImportJobView, find_import, import_view
from chalicelib.tiers import ForecastJobView, find_forecast, forecast_view

jobs = Blueprint(__name__)


@route(
    jobs, "GET", "/v1/admin/jobs/{id}",
    summary="Get a job's progress and result",
    roles=(OPS, FINANCE, ADMIN),
    answer=(
        JobView, RebuildView, ImportJobView, ReplayJobView, CouponJobView, ForecastJobView,
    ),
    example={"answer": JOB_EXAMPLE},
)  # fmt: skip
def show_job(call: Call) -> Reply:
    job_id, now_ms = call.path["id"], to_ms(call.now)
    if verification := find_job(job_id):
        return Reply(job_view(verification, parts_of(job_id), now_ms))
    if made := find_import(job_id):
        return Reply(import_view(made, now_ms))
    if replay := find_replay(job_id):
        return Reply(replay_view(replay, now_ms))
    if coupon_job := find_coupon_job(job_id):
        return Reply(coupon_job_view(coupon_job, now_ms))
    if forecast := find_forecast(job_id):
        return Reply(forecast_view(forecast, now_ms))
    return Reply(rebuild_view(or_not_found(find_rebuild(job_id)), now_ms))
