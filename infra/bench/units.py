"""Write and read units of each use case, exact, with every item and index entry named."""

from __future__ import annotations

from functools import partial

from chalicelib.kernel.clock import machine_now
from infra.bench import telling
from infra.bench.floors import alone, together
from infra.bench.in_process import InProcess
from infra.bench.mall import LONG_ADDRESS, Mall, paid_order
from infra.bench.use_cases import UseCase


def measure(here: InProcess, mall: Mall) -> list[UseCase]:
    """Every use case once, with items at their largest."""
    member = mall.member("units")
    token = member["access_token"]
    address, _ = here.call("POST", "/v1/me/addresses", LONG_ADDRESS, token)
    found = _accruals(here, mall, member["phone"])
    least = together("the order", "its stock", entries=1, moving=1, accounts=1, indexed=1)
    cup = mall.sku(100)
    for name, sku, most, most_reads in (
        ("Redemption that reads the campaigns in force besides, once in 30 s", cup, None, None),
        ("Redemption of one SKU for points, physical", cup, 11, 3),
        ("Redemption of one SKU for points, virtual", mall.sku(10, kind="virtual"), 11, 3),
        ("Redemption of one SKU with a limit per member", mall.sku(100, per_member=9), None, 3),
    ):
        body = {"items": [{"sku": sku, "quantity": 1}]}
        if "virtual" not in name:  # only goods that are sent have an address
            body["address_id"] = address["id"]
        order, spent = here.call("POST", "/v1/orders", body, token)
        found.append(UseCase(name, spent, most, most_reads, least if most else None))
        if order["kind"] == "physical" and most:
            found += _review(here, mall.ops, order["id"])
    found += _notices(here, member["member_id"])
    body = {"items": [{"sku": mall.sku(9), "quantity": 1}], "address_id": address["id"]}
    order, _ = here.call("POST", "/v1/orders", body, token)
    _, spent = here.call("POST", f"/v1/orders/{order['id']}/cancel", None, token)
    found.append(UseCase("Cancelling an order", spent))
    found += _member_reviews(here, mall, token)
    for name, path in (
        ("Balance", "/v1/me/points"),
        ("A page of history", "/v1/me/points/entries"),
        ("A page of products", "/v1/products"),
        ("The same again, within a minute in one process", "/v1/products"),
        ("One order", f"/v1/orders/{order['id']}"),
        ("A page of a member's orders, 5 of them", "/v1/me/orders"),
        ("The same of one state, 1 of them", "/v1/me/orders?status=cancelled"),
    ):
        found.append(UseCase(name, here.call("GET", path, None, token)[1]))
    return found


def _accruals(here: InProcess, mall: Mall, phone: str) -> list[UseCase]:
    found, least = [], together(entries=1, moving=1, accounts=1) + alone("the event's record")
    first = mall.member("first")["phone"]
    for name, who, most_reads in (
        ("Accrual that reads the published rules besides, once in 30 s", first, None),
        ("Accrual from a partner's event, its record included", phone, 3),
    ):
        event = paid_order(who, 12_345)
        _, spent = here.call("POST", "/v1/events", event, "none", **mall.signature(event))
        found.append(UseCase(name, spent, 7, most_reads, least))
    return found


def _notices(here: InProcess, member_id: str) -> list[UseCase]:
    from chalicelib.notify.actions import deliver

    placed, earned, now = telling.placed(member_id), telling.earned(member_id), machine_now()
    return [
        UseCase(name, here.spent(partial(deliver, fact, now))[1], most_writes, most_reads)
        for name, fact, most_writes, most_reads in (
            ("A notice with a text message, the text apart", placed, 4, 1),
            ("The same fact once more", placed, 1, 0),
            ("A notice without a text message", earned, 2, 0),
        )
    ]


def _member_reviews(here: InProcess, mall: Mall, token: str) -> list[UseCase]:
    """A review of goods, from its writing to its list."""
    sku = mall.sku(10, kind="virtual")
    order, _ = here.call("POST", "/v1/orders", {"items": [{"sku": sku, "quantity": 1}]}, token)
    said = {"sku": sku, "rating": 5, "text": "保温效果很好，送人也体面。" * 10}
    review, written = here.call("POST", f"/v1/orders/{order['id']}/reviews", said, token)
    publish = f"/v1/admin/reviews/{review['id']}/publish"
    reader = mall.member("reader of reviews")["access_token"]
    helpful = f"/v1/reviews/{review['id']}/helpful"
    product = f"/v1/products/{review['product_id']}"
    found = [UseCase("Writing a review of 130 characters", written)]
    for name, method, path, by in (
        ("Publishing it: lists, rating and audit", "POST", publish, mall.ops),
        ("Marking it as helpful", "POST", helpful, reader),
        ("A page of a product's reviews, 1 of them", "GET", f"{product}/reviews", token),
        ("A product's page with its rating", "GET", product, token),
    ):
        found.append(UseCase(name, here.call(method, path, None, by)[1]))
    return found


def _review(here: InProcess, ops: str, order_id: str) -> list[UseCase]:
    parcel = {"carrier": "SF", "tracking_number": "SF1234567890"}
    acts = (("take", None), ("approve", None), ("ship", parcel), ("deliver", None))
    return [
        UseCase(
            f"Review: {act}",
            here.call("POST", f"/v1/admin/orders/{order_id}/{act}", body, ops)[1],
            most_writes=4,
        )
        for act, body in acts
    ]
