"""The audit: an act has one record in its transaction, sealed and listed newest first."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from chalicelib import audit
from chalicelib.audit import queries
from chalicelib.audit.actions import actor_of
from chalicelib.audit.errors import ActRecorded
from chalicelib.audit.rules import FIRST_MONTH, months_back
from chalicelib.audit.tables import ActItem, act_key, subject_key
from chalicelib.kernel import clock, ids
from chalicelib.kernel.cursors import PageQuery
from chalicelib.kernel.errors import IdempotencyKeyReused
from chalicelib.kernel.store.writes import WriteSet
from chalicelib.kernel.web.auth import ADMIN, AGENT, FINANCE, MEMBER, OPS
from chalicelib.kernel.web.requests import Call, Caller
from chalicelib.members.tables.items import ProfileItem
from tests.api import Api, token
from tests.audit.acts import ACTOR, an_act, pages, recorded
from tests.conftest import Time


def listed(api: Api, query: str = "", role: str = OPS) -> list[Any]:
    answer = api.get(f"/v1/admin/audit{query}", as_=token("mbr_staff", role))
    assert answer.status == 200, answer.body
    data: list[Any] = answer.body["data"]
    return data


def test_an_act_is_shown_whole(api: Api) -> None:
    act = recorded(an_act(at=datetime(2026, 11, 21, 8, tzinfo=UTC)))
    assert listed(api, f"?subject={act.subject}") == [
        {
            "id": act.id,
            "action": "account.freeze",
            "subject": act.subject,
            "actor": {"member_id": "mbr_staff", "roles": ["member", "ops"]},
            "source_ip": "203.0.113.7",
            "user_agent": "Firefox/144.0",
            "request_id": "req-1",
            "before": {"status": "active"},
            "after": {"status": "frozen"},
            "reason": "盗号申诉",
            "created_at": "2026-11-21T08:00:00Z",
        }
    ]


def test_an_act_and_its_record_are_written_together_or_not_at_all(engine: str) -> None:
    act = an_act()
    writes = WriteSet()
    audit.record(writes, act)
    missing = ProfileItem.key(act.subject)
    writes.check(missing, ProfileItem.pk.exists(), or_raise=IdempotencyKeyReused)
    with pytest.raises(IdempotencyKeyReused):
        writes.commit()
    assert audit.find_act(act) is None


def test_a_retried_act_is_recorded_once_even_months_later(api: Api, time: Time) -> None:
    act = recorded(an_act())
    for _ in range(2):
        time.advance(days=45)
        with pytest.raises(ActRecorded):
            recorded(replace(act, at_ms=clock.to_ms(clock.now()), reason="again"))
    assert [each["reason"] for each in listed(api, f"?subject={act.subject}")] == ["盗号申诉"]
    assert audit.find_act(act) == act


def test_another_request_under_the_same_key_is_no_retry(engine: str) -> None:
    act = recorded(an_act(content=b"one"))
    assert audit.find_act(act) == act
    for other in (replace(act, content=b"two"), replace(act, action="account.unfreeze")):
        with pytest.raises(IdempotencyKeyReused):
            audit.find_act(other)


def test_reason_and_place_open_only_in_their_own_record(engine: str) -> None:
    act, other = recorded(an_act()), recorded(an_act(reason=None))
    item = ActItem.get(subject_key(act.subject), act_key(act.id))
    stored = repr(item.to_dynamodb_dict())
    assert not [word for word in ("盗号", "203.0.113.7", "Firefox") if word in stored]
    assert "盗号".encode() not in item.sealed_reason
    stolen = ActItem.get(subject_key(other.subject), act_key(other.id))
    stolen.sealed_ip = item.sealed_ip
    from chalicelib.kernel.errors import Unreadable

    with pytest.raises(Unreadable):
        stolen.value()


def test_an_act_whose_reason_was_erased_is_shown_without_it(api: Api) -> None:
    act = recorded(an_act())
    item = ActItem.get(subject_key(act.subject), act_key(act.id))
    sealed = ActItem.sealed_reason, ActItem.sealed_ip, ActItem.sealed_agent
    item.update([each.remove() for each in sealed])
    (shown,) = listed(api, f"?subject={act.subject}")
    gone = [shown[name] for name in ("reason", "source_ip", "user_agent")]
    assert (gone, shown["after"]) == ([None] * 3, act.after)


def test_a_subjects_acts_are_paged_newest_first(api: Api, time: Time) -> None:
    subject, made = ids.new_id("mbr"), []
    for _ in range(5):
        made.append(recorded(an_act(subject)).id)
        recorded(an_act())
        time.advance(days=20)
    made.reverse()
    assert pages(api, f"subject={subject}&limit=2", FINANCE) == [made[:2], made[2:4], made[4:]]


def test_all_acts_are_paged_back_through_the_months(api: Api, time: Time) -> None:
    made = []
    for days in (0, 0, 31, 124, 0, 0):
        time.advance(days=days, seconds=1)
        made.append(recorded(an_act()).id)
    for limit in (1, 2, 4, 100):
        # Large pages lead to the end. Small ones would list the acts of all tests before.
        seen = pages(api, f"limit={limit}", ADMIN, until=made[0] if limit < 100 else None)
        assert all(len(page) == limit for page in seen[:-1])
        flat = [act for page in seen for act in page]
        assert len(flat) == len(set(flat))
        assert [act for act in flat if act in made] == made[::-1]


def test_a_page_within_one_month_takes_one_query(
    engine: str, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    time.advance(days=4_000)  # later than acts of tests on 29 February
    made = [recorded(an_act(at=clock.now())).id for _ in range(3)]
    asked: list[str] = []
    query = ActItem.by_month.query

    def counted(month: str, *args: Any, **paging: Any) -> Any:
        asked.append(month)
        return query(month, *args, **paging)

    monkeypatch.setattr(ActItem.by_month, "query", counted)
    found = queries.all_acts(PageQuery(limit=2), clock.now(), lambda act: act.id)
    assert (set(found.data) <= set(made), len(asked)) == (True, 1)


def test_acts_are_listed_by_the_programs_months_back_to_the_first() -> None:
    last_second = datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC)  # in Shanghai, 23:59:59
    next_second = datetime(2026, 11, 30, 16, 0, 0, tzinfo=UTC)
    months = [ActItem.of(an_act(at=at)).month for at in (last_second, next_second)]
    assert months == ["2026-11", "2026-12"]
    assert list(months_back("2027-02")) == ["2027-02", "2027-01", "2026-12", FIRST_MONTH]
    assert list(months_back(FIRST_MONTH)) == [FIRST_MONTH]
    assert list(months_back("2020-01")) == ["2020-01"]  # a clock that is wrong


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?subject=", "subject"),
        (f"?subject={'x' * 129}", "subject"),
        ("?subject=a%20b", "subject"),
        ("?limit=0", "limit"),
        ("?limit=101", "limit"),
        ("?cursor=x", "cursor"),
        ("?actor=", "actor"),
        ("?actor=mbr_1&subject=mbr_2", "actor"),
        ("?day=2026-11-31", "day"),
        ("?day=1", "day"),
        ("?day=0001-01-01", "day"),
        ("?day=9999-12-31", "day"),
        ("?by=mbr_1", "by"),
    ],
)
def test_a_bad_query_names_its_parameter(api: Api, query: str, field: str) -> None:
    answer = api.get(f"/v1/admin/audit{query}", as_=token("mbr_staff", OPS))
    assert (answer.status, answer.body["errors"][0]["field"]) == (400, field)


def test_a_cursor_of_one_subject_is_no_cursor_of_another_or_of_all(api: Api) -> None:
    subject = ids.new_id("mbr")
    for _ in range(2):
        recorded(an_act(subject))
    as_ = token("mbr_staff", OPS)
    path = "/v1/admin/audit?limit=1"
    cursor = api.get(f"{path}&subject={subject}", as_=as_).body["next_cursor"]
    for other in (path, f"{path}&subject={ids.new_id('mbr')}"):
        answer = api.get(f"{other}&cursor={cursor}", as_=as_)
        assert (answer.status, answer.body["code"]) == (400, "invalid_cursor")


@pytest.mark.parametrize("role", [AGENT, MEMBER])
def test_agents_and_members_may_not_read_the_audit(api: Api, role: str) -> None:
    answer = api.get("/v1/admin/audit", as_=token("mbr_staff", role))
    assert (answer.status, answer.body["code"]) == (403, "forbidden")


def test_an_act_has_its_callers_identity_and_its_id_follows_from_the_key() -> None:
    def call(key: str, body: Any) -> Call:
        return Call(
            route="POST /v1/admin/members/{id}/freeze",
            path={"id": "mbr_1"},
            headers={"user-agent": "Firefox/144.0"},
            query=None,
            body=body,
            raw_body=json.dumps(body).encode(),
            caller=Caller("mbr_staff", "ses_1", ACTOR.roles),
            key=key,
            language="en",
            source_ip="203.0.113.7",
            request_id="req-1",
            now=datetime(2026, 11, 21, 8, tzinfo=UTC),
        )

    first, again, other = (
        audit.act_of(call(key, {"reason": reason}), "account.freeze", "mbr_1", reason)
        for key, reason in (("key-0001", "a"), ("key-0001", "b"), ("key-0002", "a"))
    )
    assert first.actor == actor_of(call("key-0003", None)) == ACTOR
    assert (first.id, first.content) == (again.id, other.content)
    assert (first.id != other.id, first.content != again.content) == (True, True)
    assert (first.at_ms, first.reason) == (1795248000000, "a")


def test_acts_of_one_moment_are_listed_in_the_order_of_recording(api: Api) -> None:
    at = datetime(2026, 11, 21, 8, tzinfo=UTC)
    subject = ids.new_id("mbr")
    made = [recorded(an_act(subject, at)).id for _ in range(12)]
    assert [act["id"] for act in listed(api, f"?subject={subject}")] == made[::-1]


def test_acts_of_an_earlier_release_are_paged_with_those_of_the_same_moment(api: Api) -> None:
    at, subject = datetime(2026, 11, 21, 8, tzinfo=UTC), ids.new_id("mbr")
    older = [an_act(subject, at) for _ in range(3)]
    for act in older:
        item = ActItem.of(act)
        item.at = f"{act.at_ms:015d}#{act.id}"
        item.save()
    newer = [recorded(an_act(subject, at)).id for _ in range(3)]
    seen, cursor = [], ""
    for _ in range(3):
        page = api.get(
            f"/v1/admin/audit?subject={subject}&limit=2{cursor}", as_=token("mbr_staff", OPS)
        ).body
        seen += [act["id"] for act in page["data"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert sorted(seen) == sorted([*newer, *(act.id for act in older)])
    assert [each for each in seen if each in newer] == newer[::-1]
