"""The ledger for the staff: verification and its jobs, totals by day."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from chalice.app import Blueprint

from chalicelib.kernel.clock import program_day, to_ms
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.spelling import pasted
from chalicelib.kernel.texts import kind
from chalicelib.kernel.web.auth import ADMIN, FINANCE, OPS
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.ledger import queries
from chalicelib.ledger.actions.verification import start_verification
from chalicelib.ledger.errors import TotalsNotClosed
from chalicelib.ledger.routes.points import Unit
from chalicelib.ledger.rules import UNITS
from chalicelib.ledger.rules.jobs import SEGMENTS, Job, Part, status_of, walked
from chalicelib.ledger.rules.verification import Tally

ledger_admin = Blueprint(__name__)

AUDITORS = (OPS, FINANCE, ADMIN)
MOST_DAYS = 366


class ProblemView(msgspec.Struct):
    """A problem of the entry `seq`, or of the account itself if that is null."""

    account: str
    seq: int | None
    code: str
    detail: str


class VerificationView(msgspec.Struct):
    """The result of a verification; `problems` has the first hundred of `problem_count`."""

    accounts: int
    entries: int
    ok: bool
    problem_count: int
    problems: list[ProblemView]


class JobStarted(msgspec.Struct):
    """A running job; `GET /v1/admin/jobs/{id}` shows its progress."""

    job_id: str


class Progress(msgspec.Struct):
    """The number of finished parts, and of all parts."""

    done: int
    total: int


class JobView(msgspec.Struct):
    """A job; without progress for two hours it has failed."""

    id: str
    type: Literal["verify"]
    status: Literal["running", "done", "failed"]
    progress: Progress
    result: VerificationView | None
    created_at: str


class DayTotalsView(msgspec.Struct):
    """A day of the program: `outstanding` is the total of all members when it ended.

    `opening + accrued - redeemed - expired + transferred + adjusted + written_off` is
    `outstanding`. `transferred` is net: below 0 if more went into escrow than came out;
    `in_escrow` is the sum in escrow.
    """

    day: date
    unit: Unit
    opening: int
    accrued: int
    redeemed: int
    expired: int
    transferred: int
    adjusted: int
    written_off: int
    entries: int
    outstanding: int
    in_escrow: int


class Totals(msgspec.Struct):
    data: list[DayTotalsView]


class VerifyQuery(msgspec.Struct, forbid_unknown_fields=True):
    """The member whose accounts to verify; without it, a job verifies all accounts."""

    member_id: Annotated[str, kind(64, pasted, None)] | None = None


class TotalsQuery(msgspec.Struct, forbid_unknown_fields=True, rename={"first": "from"}):
    """Days of the program, both included; not after today."""

    first: date
    to: date
    unit: Unit = "points"


RESULT_EXAMPLE = {"accounts": 3, "entries": 12, "ok": True, "problem_count": 0, "problems": []}
JOB_EXAMPLE = {
    "id": "job_5c3bqbzkmvnl2hwmbkqk5pnjhm", "type": "verify", "status": "done",
    "progress": {"done": 64, "total": 64}, "result": RESULT_EXAMPLE,
    "created_at": "2026-11-21T08:00:00Z",
}  # fmt: skip
DAY_EXAMPLE = {
    "day": "2026-11-21", "unit": "points", "opening": 5000, "accrued": 2080, "redeemed": 800,
    "expired": 0, "transferred": -100, "adjusted": 0, "written_off": 0, "entries": 4,
    "outstanding": 6180, "in_escrow": 100,
}  # fmt: skip


@route(
    ledger_admin, "GET", "/v1/admin/ledger/verify",
    summary="Verify a member's accounts, or all accounts by a job (202)",
    roles=AUDITORS, query=VerifyQuery, answer=(VerificationView, JobStarted), also=[202],
    example={"answer": RESULT_EXAMPLE},
)  # fmt: skip
def verify_accounts(call: Call) -> Reply:
    member_id = call.query.member_id
    if member_id is None:
        return Reply(JobStarted(start_verification(call.now)), 202)
    tally = Tally(until_ms=to_ms(call.now))
    for unit in UNITS:
        queries.prove_account(queries.account_of(member_id, unit), tally)
    return Reply(_verification(tally))


@route(
    ledger_admin, "GET", "/v1/admin/ledger/totals",
    summary="Points in and out of the program by day, and the total of all members",
    roles=AUDITORS, query=TotalsQuery, answer=Totals, may_raise=[TotalsNotClosed],
    example={"answer": {"data": [DAY_EXAMPLE]}},
)  # fmt: skip
def show_totals(call: Call) -> Reply:
    asked: TotalsQuery = call.query
    if asked.to > program_day(call.now):
        raise Invalid(FieldError("to", "in_the_future", Words("不得晚于今天", "is after today")))
    if not 0 <= (asked.to - asked.first).days < MOST_DAYS:
        words = Words("须为 1 至 366 天", "begins a span of 1 to 366 days")
        raise Invalid(FieldError("from", "invalid_span", words))
    days = queries.totals_between(asked.unit, asked.first, asked.to)
    return Reply(Totals([shaped(DayTotalsView, day) for day in days]))


def _verification(tally: Tally) -> VerificationView:
    problems = [ProblemView(*problem) for problem in tally.problems]
    return VerificationView(tally.accounts, tally.entries, not tally.found, tally.found, problems)


def job_view(job: Job, parts: list[Part], now_ms: int) -> JobView:
    """A verification's job for the staff."""
    return shaped(
        JobView,
        job,
        status=status_of(job, parts, now_ms),
        progress=Progress(walked(parts), SEGMENTS),
        result=_verification(job.result) if job.result is not None else None,
    )
