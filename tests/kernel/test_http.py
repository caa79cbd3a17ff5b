"""A route from end to end: its callers, its refusals and their texts."""

from __future__ import annotations

import json
from typing import Annotated, Any

import msgspec
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from chalice.app import Blueprint, Chalice
from chalice.test import Client

from chalicelib.kernel.errors import Conflict, FieldError, TooMany, Unavailable, Words
from chalicelib.kernel.web import auth, http
from chalicelib.kernel.web.http import Reply, replayable, route
from chalicelib.kernel.web.requests import Call
from tests.api import Answer, Api, token


class Wish(msgspec.Struct, forbid_unknown_fields=True):
    points: Annotated[int, msgspec.Meta(ge=1, le=100)]


class Wishes:
    """The next results of the views, and their calls."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.failure: Exception | None = None

    def take(self, call: Call) -> Reply:
        self.calls.append(call)
        if self.failure:
            raise self.failure
        return replayable({"id": "wsh_1"}, status=201, replayed=len(self.calls) > 1)


@pytest.fixture
def wishes() -> Wishes:
    return Wishes()


@pytest.fixture
def wishing(wishes: Wishes, monkeypatch: pytest.MonkeyPatch) -> Api:
    monkeypatch.setattr(http, "ROUTES", [])
    blueprint = Blueprint(__name__)
    path = "/v1/wishes/{id}"
    route(blueprint, "POST", path, summary="x", roles=[auth.OPS], body=Wish, key=True)(wishes.take)
    route(blueprint, "GET", path, summary="x")(wishes.take)
    app = Chalice("wishes", configure_logs=False)
    app.register_blueprint(blueprint)
    api = Api()
    api._http = Client(app).http
    return api


def wish(api: Api, body: Any = None, **kwargs: Any) -> Answer:
    asked = {"as_": token("mbr_1", auth.OPS), "key": "12345678", **kwargs}
    return api.post("/v1/wishes/wsh_9", body or {"points": 5}, **asked)


def test_a_view_gets_typed_values(wishing: Api, wishes: Wishes) -> None:
    answer = wish(wishing)
    assert (answer.status, answer.body) == (201, {"id": "wsh_1"})
    assert "Idempotent-Replayed" not in answer.headers
    (call,) = wishes.calls
    assert (call.member_id, call.path, call.key) == ("mbr_1", {"id": "wsh_9"}, "12345678")
    assert (call.body, call.language) == (Wish(5), "en")
    assert wish(wishing).headers["Idempotent-Replayed"] == "true"


def test_an_id_is_derived_from_caller_route_path_and_key(wishing: Api, wishes: Wishes) -> None:
    wish(wishing)
    wish(wishing, {"points": 6})
    wish(wishing, key="another-key")
    wish(wishing, as_=token("mbr_2", auth.OPS))
    wishing.post("/v1/wishes/other", {"points": 5}, as_=token("mbr_1", auth.OPS), key="12345678")
    first, same, *others = [call.derived_id("wsh") for call in wishes.calls]
    assert first == same
    assert len({first, *others}) == 4
    digests = [call.content_digest for call in wishes.calls]
    assert digests[0] != digests[1]
    assert digests[0] == digests[2]


@pytest.mark.parametrize(
    ("status", "code", "changes"),
    [
        (403, "forbidden", {"as_": token},),
        (400, "idempotency_key_required", {"key": None}),
        (400, "unknown_field", {"body": {"points": 5, "x": 1}}),
        (400, "invalid_request", {"body": {"points": 1.5}}),
        (400, "invalid_json", {"body": b"{"}),
        (413, "payload_too_large", {"body": b" " * 1_000_001}),
        (415, "unsupported_media_type", {"headers": {"Content-Type": "text/plain"}}),
    ],
)  # fmt: skip
def test_a_refusal_is_a_problem_and_the_view_is_not_called(
    wishing: Api, wishes: Wishes, status: int, code: str, changes: dict[str, Any]
) -> None:
    if "as_" in changes:
        changes = {"as_": token("mbr_1", auth.MEMBER)}
    answer = wish(wishing, **changes)
    assert (answer.status, answer.body["code"], answer.body["status"]) == (status, code, status)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert wishes.calls == []


def test_texts_follow_accept_language_and_codes_do_not(wishing: Api) -> None:
    said = {}
    for language in ("zh-CN", "en"):
        answer = wish(wishing, {"points": 0}, headers={"Accept-Language": language})
        assert answer.headers["Content-Language"] == language
        assert answer.body["code"] == "invalid_request"
        assert answer.body["errors"][0]["field"] == "points"
        said[language] = (answer.body["title"], answer.body["errors"][0]["message"])
    assert said["zh-CN"][0] == "请求内容有误"
    assert said["zh-CN"][1] == "不能小于 1"
    assert said["en"][0] == "The request is not valid"
    assert wish(wishing, {"points": 0}, headers={"Accept-Language": ""}).body["title"][0] == "请"


def test_facts_of_an_error_are_members_and_fill_its_texts(
    wishing: Api, wishes: Wishes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Conflict, "hint", Words("还差 {missing} 分", "{missing} are missing"))
    wishes.failure = Conflict(missing=3)
    body = wish(wishing).body
    assert (body["missing"], body["detail"]) == (3, "3 are missing")


def test_the_fields_are_the_detail_of_an_error_without_a_hint(wishing: Api, wishes: Wishes) -> None:
    wishes.failure = Conflict(FieldError("sku", "taken", Words("已存在", "is {taken}")))
    assert wish(wishing).body["detail"] == "sku is {taken}"
    chinese = wish(wishing, headers={"Accept-Language": "zh-CN"})
    assert chinese.body["detail"] == "sku：已存在"


def test_too_many_and_unavailable_have_a_retry_after(wishing: Api, wishes: Wishes) -> None:
    wishes.failure = TooMany(retry_after_s=42)
    answer = wish(wishing)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "42")
    wishes.failure = ReadTimeoutError(endpoint_url="an engine")
    answer = wish(wishing)
    assert (answer.status, answer.body["code"]) == (503, "unavailable")
    assert answer.headers["Retry-After"] == "1"


def test_the_cause_of_an_outage_is_logged_by_its_code_only(
    wishing: Api, wishes: Wishes, caplog: pytest.LogCaptureFixture
) -> None:
    wishes.failure = Unavailable()
    said = {"Error": {"Code": "InvalidParameter", "Message": "+8613800138000 is no phone"}}
    wishes.failure.__cause__ = ClientError(said, "Publish")
    assert wish(wishing).status == 503
    (record,) = [each for each in caplog.records if each.message == "unavailable"]
    assert record.cause == "InvalidParameter"
    assert "13800138000" not in caplog.text


def test_a_bug_is_a_500_without_a_trace(wishing: Api, wishes: Wishes) -> None:
    wishes.failure = KeyError("a secret")
    answer = wish(wishing)
    assert (answer.status, answer.body["code"]) == (500, "internal_error")
    assert "secret" not in json.dumps(answer.body)


def test_a_path_value_that_cannot_be_an_id_is_a_404(wishing: Api, wishes: Wishes) -> None:
    for value in ("x" * 129, "a b"):
        answer = wishing.get(f"/v1/wishes/{value}")
        assert (answer.status, answer.body["code"]) == (404, "not_found")
    assert wishes.calls == []


def test_no_answer_is_cached(wishing: Api) -> None:
    assert wish(wishing).headers["Cache-Control"] == "no-store"
    assert wish(wishing, {"points": 0}).headers["Cache-Control"] == "no-store"
