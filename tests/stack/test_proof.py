"""A verification of the whole ledger on the running stack: job, stream, queue, function, answer."""

from __future__ import annotations

from tests.stack.mall import Mall, read


def test_the_ledger_of_a_running_mall_is_verified_by_a_job(mall: Mall) -> None:
    mall.members(3, points=100)
    finance = mall.person("finance").token
    started = read(mall.get("/v1/admin/ledger/verify", as_=finance), 202)
    mall.drain()
    job = read(mall.get(f"/v1/admin/jobs/{started['job_id']}", as_=finance))
    assert (job["status"], job["progress"]["done"]) == ("done", job["progress"]["total"])
    result = job["result"]
    assert (result["ok"], result["problems"]) == (True, [])
    assert result["accounts"] >= 3
