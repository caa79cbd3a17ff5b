"""Concurrent orders, as real requests to a real engine."""

from __future__ import annotations

from collections import Counter

from tests.stack.books import check_books
from tests.stack.mall import Mall, at_once, outcome, read


def test_fifty_members_get_the_last_ten_units_in_ten_orders(mall: Mall) -> None:
    sku = mall.sku(points=100, stock=10)
    members = mall.members(50, points=500, address=True)

    answers = at_once(lambda m=member: mall.order(m, sku) for member in members)

    assert Counter(map(outcome, answers)) == {"201": 10, "out_of_stock": 40}
    wanted = [400 if answer.status_code == 201 else 500 for answer in answers]
    assert [mall.balance(member) for member in members] == wanted
    assert mall.stock(sku) == 0
    check_books(mall, members)


def test_twenty_concurrent_orders_of_one_sku_spend_points_for_five_only(mall: Mall) -> None:
    sku = mall.sku(points=100, stock=50)
    [member] = mall.members(1, points=599, address=True)

    answers = at_once([lambda: mall.order(member, sku)] * 20)

    assert Counter(map(outcome, answers)) == {"201": 5, "insufficient_points": 15}
    assert {a.json()["missing_points"] for a in answers if a.status_code == 409} <= {1}
    assert mall.balance(member) == 99
    assert mall.stock(sku) == 45
    assert len(mall.pages("/v1/me/orders", member)) == 5
    check_books(mall, [member])


def test_twenty_concurrent_orders_of_twenty_skus_spend_points_for_five_only(mall: Mall) -> None:
    skus = [mall.sku(points=100, stock=1) for _ in range(20)]
    [member] = mall.members(1, points=500, address=True)

    answers = at_once(lambda s=sku: mall.order(member, s) for sku in skus)

    assert Counter(map(outcome, answers)) == {"201": 5, "insufficient_points": 15}
    assert mall.balance(member) == 0
    left = [0 if answer.status_code == 201 else 1 for answer in answers]
    assert [mall.stock(sku) for sku in skus] == left
    check_books(mall, [member])


def test_twenty_requests_under_one_key_make_one_order_with_equal_answers(mall: Mall) -> None:
    sku = mall.sku(points=100, stock=50)
    [member] = mall.members(1, points=5000, address=True)
    key = mall.new_key()

    answers = at_once([lambda: mall.order(member, sku, key)] * 20)

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    replayed = Counter(answer.headers.get("Idempotent-Replayed") for answer in answers)
    assert replayed == {"true": 19, None: 1}
    assert mall.balance(member) == 4900
    assert mall.stock(sku) == 49
    [order] = mall.pages("/v1/me/orders", member)
    assert order["id"] == answers[0].json()["id"]
    check_books(mall, [member])


def test_a_limit_of_one_accepts_one_of_twenty_concurrent_orders(mall: Mall) -> None:
    sku = mall.sku(points=100, stock=50, limits={"per_member": 1})
    [member] = mall.members(1, points=5000, address=True)

    answers = at_once([lambda: mall.order(member, sku)] * 20)

    assert Counter(map(outcome, answers)) == {"201": 1, "limit_reached": 19}
    assert mall.balance(member) == 4900
    assert mall.stock(sku) == 49
    check_books(mall, [member])


def test_exactly_one_of_a_concurrent_cancellation_and_review_wins(mall: Mall) -> None:
    sku, staff = mall.sku(points=100, stock=20), mall.staff()
    members = mall.members(4, points=500, address=True)
    placed = [(member, read(mall.order(member, sku), 201)["id"]) for member in members * 5]
    assert mall.stock(sku) == 0

    def cancel(number: int) -> str:
        member, order_id = placed[number]
        path = f"/v1/orders/{order_id}/cancel"
        return outcome(mall.post(path, as_=member.token, key=mall.new_key()))

    def take(number: int) -> str:
        path = f"/v1/admin/orders/{placed[number][1]}/take"
        return outcome(mall.post(path, as_=staff, key=mall.new_key()))

    both = at_once(
        lambda act=act, n=number: act(n) for number in range(20) for act in (cancel, take)
    )

    pairs = list(zip(both[::2], both[1::2], strict=True))
    refused, cancelled = "not_allowed_in_this_state", 0
    spent = dict.fromkeys(members, 0)
    for (member, order_id), pair in zip(placed, pairs, strict=True):
        assert pair in (("200", refused), (refused, "200"))
        back = pair[0] == "200"
        cancelled += back
        spent[member] += 0 if back else 100
        status = mall.show_order(member, order_id)["status"]
        assert status == ("cancelled" if back else "in_review")
    assert mall.stock(sku) == cancelled
    assert {m: 500 - mall.balance(m) for m in members} == spent
    check_books(mall, members)


def test_thirty_members_share_ten_codes_once_each(mall: Mall) -> None:
    sku = mall.sku(kind="virtual", points=100, stock=10)
    members = mall.members(30, points=100)

    answers = at_once(lambda m=member: mall.order(m, sku) for member in members)
    mall.drain()

    assert Counter(map(outcome, answers)) == {"201": 10, "out_of_stock": 20}
    codes: list[str] = []
    for member, answer in zip(members, answers, strict=True):
        if answer.status_code == 201:
            [line] = mall.show_order(member, answer.json()["id"])["lines"]
            codes += line["codes"]
            assert mall.balance(member) == 0
    assert sorted(codes) == [f"{sku}-{number:04d}" for number in range(10)]
    pool = read(mall.get(f"/v1/admin/code-pools/{sku}", as_=mall.staff()))
    assert pool == {"sku": sku, "free": 0, "issued": 10}
    check_books(mall, members)
