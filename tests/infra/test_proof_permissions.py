"""Past balances and verifications make only calls that their policies allow."""

from __future__ import annotations

import pytest

from chalicelib import ledger
from chalicelib.kernel import clock, ids
from chalicelib.ledger import events as ledger_events
from chalicelib.ledger.actions import totals, verification
from chalicelib.ledger.queries import prove_account
from chalicelib.ledger.rules.jobs import PARTS
from infra.local import schedules
from tests.api import token
from tests.infra.permissions import Guard
from tests.world import World

AT = "2026-11-21T08:00:00Z"


def test_the_api_may_read_past_balances_and_jobs_may_verify_the_ledger(
    guard: Guard, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "_PAUSE_S", 0)
    member, finance = world.member(100), token(ids.new_id("mbr"), "finance")
    sent = ledger.transfer_reference(ids.new_id("trf"))
    account_id, now = ledger.points_account(member), clock.now()
    why = ledger.Cause(sent, "test", 0)
    ledger.transfer_to_escrow(account_id, ids.new_id("x"), b"sealed", 1, why, now)
    with guard.acting_as("APIHandler"):
        for path in (f"?at={clock.rfc3339(now)}", "/entries?unit=growth", "/statements/2026-11"):
            assert world.api.get(f"/v1/me/points{path}", as_=token(member)).status == 200, path
        for path in (f"verify?member_id={member}", "totals?from=2026-11-01&to=2026-11-02"):
            assert world.api.get(f"/v1/admin/ledger/{path}", as_=finance).status == 200, path
        job_id = world.api.get("/v1/admin/ledger/verify", as_=finance).body["job_id"]
        assert world.api.get(f"/v1/admin/jobs/{job_id}", as_=finance).status == 200
    with guard.acting_as("VerifyLedger"):
        ledger_events.verify_ledger(schedules.event("verify_ledger", AT), None)
    with guard.acting_as("VerifySegments"):
        for part in range(PARTS):
            verification.continue_part(job_id, part, 0, lambda: False)
        prove_account(account_id, verification.new_tally(now))
    assert ("dynamodb:BatchGetItem", "LedgerTable.Arn") in guard.seen
    with guard.acting_as("CloseDays"):
        totals.close_days(clock.now(), lambda: True)
