"""The inbox lists facts of one moment in their own order, whichever is delivered first."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.kernel import ids
from chalicelib.kernel.store.facts import Fact
from chalicelib.notify import queries
from chalicelib.notify.actions import deliver, mark_read
from chalicelib.notify.rules import place_of
from chalicelib.notify.tables import NoticeItem
from tests.api import Api, token
from tests.facts import made, refund_data
from tests.notify.telling import AT, entry, order, registered

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
pytestmark = pytest.mark.usefixtures("engine", "contacts", "outbox")


def reminder(member: str, days: int) -> Fact:
    data = {
        "member_id": member,
        "unit": "points",
        "points": 5,
        "days": days,
        "expires_at": f"2026-12-{days:02}T16:00:00Z",
    }
    return made(f"expiring:{member}:{days}", "points.expiring", AT, data)


def withdrawal(member: str, status: str, version: int) -> Fact:
    data = {
        "member_id": member,
        "withdrawal_id": "wdr_1",
        "amount": 100,
        "currency": "CNY",
        "version": version,
        "kind": "bank",
        "reason": None,
    }
    return made(f"withdrawal.{status}:wdr_1", f"withdrawal.{status}", AT, data)


def story(member: str) -> list[Fact]:
    """The facts of one moment, in their order."""

    def mine(status: str, version: int) -> Fact:
        return order(member, status, order_id="ord_1", version=version)

    return [
        registered(member),
        withdrawal(member, "approved", 2),
        withdrawal(member, "paid", 3),
        mine("awaiting_review", version=1),
        mine("approved", version=3),
        mine("shipped", version=4),
        mine("completed", version=5),
        entry(member, seq=9),
        entry(member, "unlock", seq=10),
        entry(member, seq=11),
        entry(member, seq=1, unit="growth"),
        entry(member, seq=2, unit="growth"),
        entry(member, seq=1, unit="rebate_cash"),
        reminder(member, 20),
        reminder(member, 3),
    ]


def ids_in(member: str) -> list[str]:
    return [notice.id for notice in queries.inbox(member)]


def id_of(fact: Fact) -> str:
    return ids.derived_id("ntc", fact.id)


@pytest.mark.parametrize("seed", range(5))
def test_facts_of_one_moment_have_a_fixed_order_whatever_their_arrival(
    member: str, seed: int
) -> None:
    told = story(member)
    withdrawals, orders, rest = told[1:3], told[3:7], [told[0], *told[7:]]
    mixed = random.Random(seed).sample(told, len(told))
    for fact in mixed:
        deliver(fact, NOW)
    found = ids_in(member)[::-1]
    for chapter in (withdrawals, orders, rest):
        wanted = [id_of(fact) for fact in chapter]
        assert [each for each in found if each in wanted] == wanted
    assert found[0] == id_of(told[0])
    assert {*found[1:7]} == {id_of(fact) for fact in [*withdrawals, *orders]}


def test_a_later_fact_is_above_an_earlier_one_whatever_its_sequence(member: str) -> None:
    late = registered(member, at="2026-11-21T08:00:00.001Z")
    for fact in (late, reminder(member, 3), entry(member, seq=10**9)):
        deliver(fact, NOW)
    assert ids_in(member)[0] == id_of(late)


def test_refunds_of_one_order_version_are_in_the_order_of_the_order(member: str) -> None:
    refunds = [
        made(
            f"order.refunded:rfd_{n}",
            "order.refunded",
            AT,
            refund_data(
                member_id=member, refund_id=f"rfd_{n}", order_status="approved", version=7, nth=n
            ),
        )
        for n in range(1, 9)
    ]
    for fact in reversed(refunds):
        deliver(fact, NOW)
    assert ids_in(member)[::-1] == [id_of(fact) for fact in refunds]


def test_reading_keeps_the_order_of_notices(member: str) -> None:
    for fact in story(member)[7:12]:
        deliver(fact, NOW)
    before = ids_in(member)
    for notice_id in random.Random(1).sample(before, len(before)):
        mark_read(member, notice_id)
    assert ids_in(member) == before
    assert all(notice.read for notice in queries.inbox(member))


def written_by_the_first_release(fact: Fact) -> NoticeItem:
    """A notice with the key that 0.1.0 gave it before there were places."""
    from chalicelib.notify.rules import news_of

    news = news_of(fact.data)
    assert news is not None
    item = NoticeItem.of(fact, news)
    item.inbox = f"1#{item.created_ms:015d}#{item.id}"
    item.save()
    return item


def test_a_notice_of_an_earlier_release_is_paged_and_not_repeated(api: Api, member: str) -> None:
    facts = [entry(member, seq=n) for n in range(1, 13)]
    older = [written_by_the_first_release(fact) for fact in facts[:6]]
    for fact in facts:
        deliver(fact, NOW)
    mark_read(member, older[0].id)
    seen: list[str] = []
    cursor: Any = ""
    while cursor is not None:
        page = api.get(f"/v1/me/notifications?limit=5{cursor}", as_=token(member)).body
        seen += [notice["id"] for notice in page["data"]]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    assert sorted(seen) == sorted(id_of(fact) for fact in facts)
    assert seen[-1] == older[0].id
    newer = [id_of(fact) for fact in facts[6:]]
    assert [each for each in seen if each in newer] == newer[::-1]


def test_a_fact_without_a_sequence_has_a_sort_key_of_the_same_length() -> None:
    told = {"order_id": "ord_1", "refund_id": "rfd_1", "member_id": "mbr_1", "amount": 1}
    sent = made("x", "refund.succeeded", AT, {**told, "currency": "CNY", "expected_by": None})
    places = [place_of(fact.data) for fact in [*story("mbr_1"), order("mbr_1", "shipped"), sent]]
    assert {len(place) for place in places} == {16}
