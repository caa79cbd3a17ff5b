"""Replays for ops: what a rule would have cost, by the events of a period."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.earning.actions import replays as acts
from chalicelib.earning.queries import replays as queries
from chalicelib.earning.routes import replay_views as views
from chalicelib.earning.routes.replay_views import ReplayIn, ReplayJobView, replay_view
from chalicelib.earning.routes.rules import READERS, WRITERS
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.csv_cells import csv_text
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.web.auth import ADMIN, FINANCE, OPS
from chalicelib.kernel.web.http import Reply, answer_of, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import JobStarted

replays_admin = Blueprint(__name__)


@route(
    replays_admin, "POST", "/v1/admin/earning-rules/{id}/replay",
    summary="Hold the events of a period against a rule's newest terms, in a job; nothing is paid",
    roles=WRITERS, body=ReplayIn, answer=JobStarted, status=202, key=True,
    example={"request": {"from": "2026-11-01", "to": "2026-11-20"},
             "answer": {"job_id": views.JOB["id"]}},
)  # fmt: skip
def replay_rule(call: Call) -> Reply:
    rule_id, body = call.path["id"], call.body
    asked = acts.Asked(call.derived_id("job"), rule_id, body.first, body.to, call.member_id)
    act = audit.act_of(call, "earning_rule.replay", rule_id)
    made = acts.start_replay(asked, call.content_digest, act, call.now)
    return answer_of(made, lambda replay: JobStarted(replay.id))


@route(
    replays_admin, "GET", "/v1/admin/earning-rules/{id}/replays",
    summary="List the replays of a rule, the newest first",
    roles=READERS, query=PageQuery, answer=Page[ReplayJobView],
    example={"answer": {"data": [views.JOB], "next_cursor": None}},
)  # fmt: skip
def list_replays(call: Call) -> Reply:
    found = queries.list_replays(call.path["id"], call.query)
    return Reply(found.shown(lambda replay: replay_view(replay, to_ms(call.now))))


@route(
    replays_admin, "GET", "/v1/admin/jobs/{id}/days.csv",
    summary="The days of a replay as a CSV file, as far as it is",
    roles=(OPS, FINANCE, ADMIN), answer=str, produces="text/csv; charset=utf-8",
    example={"answer": views.CSV},
)  # fmt: skip
def export_replay(call: Call) -> Reply:
    found = queries.get_replay(call.path["id"])
    columns = [each.in_language(call.language) for each in views.COLUMNS]
    text = csv_text(columns, (views.cells_of(each) for each in views.result_of(found).days))
    name = f'attachment; filename="replay-{found.first}-{found.last}.csv"'
    return Reply(text, headers={"Content-Disposition": name})
