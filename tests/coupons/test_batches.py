"""Batches of codes: taken out of the total, redeemed once, exported again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chalicelib.coupons.actions import codes
from chalicelib.coupons.queries.jobs import find_job, redeemed_of
from chalicelib.coupons.rules.codes import Code, written
from chalicelib.coupons.rules.jobs import CouponJob
from chalicelib.coupons.rules.templates import Template
from chalicelib.kernel import ids
from tests.api import Answer, Api, new_key, token
from tests.conftest import Time
from tests.coupons.giving import given, left, template
from tests.world import World

pytestmark = pytest.mark.usefixtures("engine")


@pytest.fixture
def ops() -> str:
    return token(ids.new_id("mbr"), "ops")


@pytest.fixture
def member(api: Api) -> str:
    return World(api).member()


def path_of(made: Template) -> str:
    return f"/v1/admin/coupon-templates/{made.id}/code-batches"


def batch(api: Api, ops: str, made: Template, count: int = 5) -> CouponJob:
    started = api.post(path_of(made), {"count": count}, as_=ops, key=new_key())
    assert started.status == 202, started.body
    job = find_job(started.body["job_id"])
    assert job is not None
    return job


def redeem(api: Api, code: str, member: str, key: str | None = None) -> Answer:
    path = f"/v1/coupons/codes/{code}/claims"
    return api.post(path, as_=token(member), key=key or new_key())


def test_each_code_of_a_batch_gives_one_coupon(api: Api, ops: str, member: str) -> None:
    made = template(total=6, per_member=None)
    job = batch(api, ops, made, 5)
    assert (given(made), left(made)) == (5, 1)
    texts = list(codes.all_codes(job))
    assert len(set(texts)) == 5
    key = new_key()
    first, again = (redeem(api, texts[0], member, key) for _ in range(2))
    assert (first.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    used = redeem(api, texts[0].lower(), World(api).member())
    assert (used.status, used.body["code"]) == (409, "coupon_code_used")
    assert redeem(api, texts[1], member).status == 201
    assert (redeemed_of(job), given(made), left(made)) == (2, 5, 1)
    shown = api.get(path_of(made), as_=ops).body["data"]
    assert [(each["count"], each["redeemed"], each["status"]) for each in shown] == [
        (5, 2, "running")
    ]


def test_no_more_codes_are_made_than_there_are_coupons(api: Api, ops: str) -> None:
    made = template(total=4)
    refused = api.post(path_of(made), {"count": 5}, as_=ops, key=new_key())
    assert (refused.status, refused.body["code"]) == (409, "coupons_gone")
    assert (given(made), left(made)) == (0, 4)
    assert api.get(path_of(made), as_=ops).body["data"] == []


def test_a_key_makes_one_batch(api: Api, ops: str) -> None:
    made, key = template(total=9), new_key()
    first, again = (api.post(path_of(made), {"count": 3}, as_=ops, key=key) for _ in range(2))
    assert again.body == first.body
    other = api.post(path_of(made), {"count": 4}, as_=ops, key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert given(made) == 3


def test_a_mistyped_code_is_told_and_a_guessed_one_counts(
    api: Api, member: str, time: Time
) -> None:
    time.advance_to_noon()
    ops = token(ids.new_id("mbr"), "ops")
    job = batch(api, ops, template(per_member=None), 1)
    text = next(codes.all_codes(job))
    mistyped = redeem(api, text[:-1] + ("0" if text[-1] != "0" else "1"), member)
    assert (mistyped.status, mistyped.body["errors"][0]["code"]) == (400, "mistyped")
    forged = written(Code(job.number or 0, 0), lambda *_: b"forged")
    beyond = written(Code(job.number or 0, 1), codes.mac_of)
    for each in (forged, beyond):
        guessed = redeem(api, each, member)
        assert (guessed.status, guessed.body["code"]) == (404, "coupon_code_not_found")
    for _ in range(8):
        redeem(api, forged, member)
    late = redeem(api, text, member)
    assert (late.status, late.body["code"]) == (429, "too_many_wrong_coupon_codes")
    time.advance(hours=1)
    assert redeem(api, text, member).status == 201


def test_the_file_of_a_batch_is_written_by_a_job_and_again(
    api: Api, ops: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.coupons.actions.sweeping import run_job
    from chalicelib.kernel import clock

    bucket = Bucket()
    monkeypatch.setattr(codes, "_s3", lambda: bucket)
    made = template()
    job = batch(api, ops, made, 3)
    assert run_job(job.id, clock.now())
    assert not run_job(job.id, clock.now())
    shown = api.get(f"/v1/admin/jobs/{job.id}", as_=ops).body
    assert (shown["status"], shown["progress"]) == ("done", {"done": 3, "total": 3})
    assert shown["result"]["url"].startswith("https://bucket/exports/")
    [file] = bucket.files.values()
    assert file.decode("utf-8-sig").split() == ["code", *codes.all_codes(job)]
    again = api.post(f"{path_of(made)}/{job.id}/exports", as_=ops)
    assert (again.status, again.body["status"]) == (202, "running")
    twice = api.post(f"{path_of(made)}/{job.id}/exports", as_=ops)
    assert (twice.status, twice.body["code"]) == (409, "not_allowed_in_this_state")
    assert run_job(job.id, clock.now())
    assert len(set(bucket.files.values())) == 1
    agent = api.get(path_of(made), as_=token(ids.new_id("mbr"), "agent")).body["data"]
    assert [each["url"] for each in agent] == [None]


class Bucket:
    """Keeps files as S3 does."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def upload_file(self, path: str, _: str, name: str, **__: Any) -> None:
        self.files[name] = Path(path).read_bytes()

    def generate_presigned_url(self, _: str, **asked: Any) -> str:
        return f"https://bucket/{asked['Params']['Key']}"
