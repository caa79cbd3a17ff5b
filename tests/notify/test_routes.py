"""The inbox over HTTP: its order, its pages, its owner, its words."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel import clock, ids
from chalicelib.kernel.store.facts import Fact
from chalicelib.notify.actions import deliver
from tests.api import Api, token
from tests.notify.telling import entry, order, registered

PATH = "/v1/me/notifications"
pytestmark = pytest.mark.usefixtures("contacts")


def tell(*facts: Fact) -> None:
    for fact in facts:
        deliver(fact, clock.now())


def orders_in(member: str, days: list[int]) -> list[str]:
    """Deliver a notice on each of these days of November; returns the order ids."""
    facts = [order(member, "approved", at=f"2026-11-{day:02}T08:00:00Z") for day in days]
    tell(*facts)
    return [fact.data.order_id for fact in facts]


def listed(api: Api, member: str, query: str = "") -> Any:
    answer = api.get(PATH + query, as_=token(member))
    assert answer.status == 200
    return answer.body


def test_a_notice_is_shown_with_its_subject(api: Api, member: str) -> None:
    fact = order(member, "shipped", carrier="SF", tracking_number="SF10")
    tell(fact)
    page = listed(api, member)
    assert set(page) == {"data", "next_cursor"}
    [notice] = page["data"]
    assert notice.pop("id").startswith("ntc_")
    assert notice == {
        "type": "order.shipped",
        "title": "Shipped",
        "body": "Your “Thermos cup” has been shipped by SF, tracking number SF10.",
        "data": {"order_id": fact.data.order_id, "status": "shipped", "points": 800},
        "read": False,
        "created_at": "2026-11-21T08:00:00Z",
    }


def test_a_notice_is_in_the_readers_language(api: Api, member: str) -> None:
    tell(entry(member))
    answer = api.get(PATH, as_=token(member), headers={"Accept-Language": "zh-CN"})
    [notice] = answer.body["data"]
    assert notice["body"] == "您获得 199 积分，当前可用 1,199 积分。"
    assert notice["data"].keys() == {"entry_id", "points", "unit"}
    assert "199 points" in listed(api, member)["data"][0]["body"]


def test_unread_notices_are_listed_first_and_newest_first(api: Api, member: str) -> None:
    made = dict(zip([3, 1, 5, 2, 4], orders_in(member, [3, 1, 5, 2, 4]), strict=True))
    for notice in listed(api, member)["data"]:
        if notice["data"]["order_id"] in (made[5], made[2]):
            api.post(f"{PATH}/{notice['id']}/read", as_=token(member))
    seen, cursor = [], ""
    for _ in range(3):
        page = listed(api, member, f"?limit=2{cursor}")
        seen += [(n["data"]["order_id"], n["read"]) for n in page["data"]]
        cursor = f"&cursor={page['next_cursor']}"
    assert page["next_cursor"] is None
    assert seen == [
        (made[4], False),
        (made[3], False),
        (made[1], False),
        (made[5], True),
        (made[2], True),
    ]


def test_a_notice_is_read_once_and_reading_again_answers_the_same(api: Api, member: str) -> None:
    tell(registered(member))
    [unread] = listed(api, member)["data"]
    first = api.post(f"{PATH}/{unread['id']}/read", as_=token(member), key="a-key-of-a-client")
    again = api.post(f"{PATH}/{unread['id']}/read", as_=token(member))
    assert (first.status, again.status) == (200, 200)
    assert first.body == again.body == {**unread, "read": True}
    assert listed(api, member)["data"] == [first.body]


def test_a_new_notice_can_be_marked_as_read_at_once(api: Api, member: str) -> None:
    fact = order(member, "shipped")
    tell(fact)
    notice_id = ids.derived_id("ntc", fact.id)
    assert api.post(f"{PATH}/{notice_id}/read", as_=token(member)).body["read"] is True


def test_another_members_notice_is_not_found_and_stays_unread(api: Api, member: str) -> None:
    tell(registered(member))
    [notice] = listed(api, member)["data"]
    answer = api.post(f"{PATH}/{notice['id']}/read", as_=token(ids.new_id("mbr")))
    assert (answer.status, answer.body["code"]) == (404, "not_found")
    assert listed(api, member)["data"] == [notice]


@pytest.mark.parametrize("notice_id", ["ntc_unknown", "x" * 2000, "NTC%23", "%00", "ntc_%F0%9F"])
def test_an_unknown_id_is_not_found(api: Api, member: str, notice_id: str) -> None:
    answer = api.post(f"{PATH}/{notice_id}/read", as_=token(member))
    assert (answer.status, answer.body["code"]) == (404, "not_found")


def test_a_cursor_serves_its_own_list_only(api: Api, member: str) -> None:
    orders_in(member, [1, 2, 3])
    cursor = listed(api, member, "?limit=1")["next_cursor"]
    other = ids.new_id("mbr")
    for query, caller in [(f"?cursor={cursor}", other), ("?cursor=AAAA", member)]:
        answer = api.get(PATH + query, as_=token(caller))
        assert (answer.status, answer.body["code"]) == (400, "invalid_cursor")
        assert answer.body["errors"][0]["field"] == "cursor"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("?limit=0", "invalid_request"),
        ("?limit=101", "invalid_request"),
        ("?limit=x", "invalid_request"),
        ("?unread=true", "unknown_field"),
    ],
)
def test_a_bad_query_is_refused(api: Api, member: str, query: str, code: str) -> None:
    answer = api.get(PATH + query, as_=token(member))
    assert (answer.status, answer.body["code"]) == (400, code)


def test_a_member_sees_none_of_the_others_notices(api: Api, member: str) -> None:
    tell(registered(ids.new_id("mbr")))
    assert listed(api, member) == {"data": [], "next_cursor": None}


def test_only_a_member_has_an_inbox(api: Api, member: str) -> None:
    staff = token(member, "ops")
    assert api.get(PATH, as_=staff).status == 403
    assert api.post(f"{PATH}/ntc_x/read", as_=staff).status == 403
    assert api.get(PATH).status == 401
    assert api.post(f"{PATH}/ntc_x/read").status == 401
