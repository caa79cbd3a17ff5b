"""A member day: double points, a set at its own price, a coupon won in a lottery that anybody can
check, a part of the order returned to the cent, and what the campaign brought."""

from __future__ import annotations

import secrets
import time
from datetime import datetime, timedelta
from typing import Any

from infra.demo.cash import at_the_provider
from infra.demo.earning import wait_until_in_force
from infra.demo.story import ADDRESS, drain, order_paid
from infra.demo.teller import Failed, Teller

CAMPAIGNS, TEMPLATES, LOTTERIES = (
    f"/v1/admin/{name}" for name in ("campaigns", "coupon-templates", "lotteries")
)
# A process prices with the campaigns that it read for half a minute; more is for a slow machine.
TRIES, PAUSE_S = 30, 2
PRICED = ("points", "cash", "discounts", "coupon")


def tell(teller: Teller) -> None:
    """The chapters of a member day; what they began is ended, so that the mall is as before.

    Raises Failed where it goes otherwise than told.
    """
    ops, other = (
        teller.local(f"token?role={role}&name={role}-of-the-day")["access_token"]
        for role in ("ops", "admin")
    )
    member = teller.local(f"token?role=member&name=hui-yuan-ri-{secrets.token_hex(3)}")
    partner, token = teller.local("info")["partner"], member["access_token"]
    teller.signed(order_paid(member["phone"], 2000), partner, show=("status",))
    teller.call("POST", "/v1/me/addresses", ADDRESS, token=token, show=("id",))
    cup, tea = (_product(teller, ops, each) for each in (("保温杯", "Cup"), ("绿茶", "Tea")))
    double, bundle = _marketing_prepares(teller, ops, other, [cup, tea])
    coupon = _she_wins_a_coupon(teller, ops, token)
    order = _she_buys_the_set(teller, token, [cup, tea], coupon)
    _a_sale_earns_double(teller, ops, member, double)
    _a_part_comes_back(teller, ops, token, order, cup)
    drain(teller, "Each change of the order is counted for the campaign")
    _what_it_brought(teller, ops, [double, bundle])


def _product(teller: Teller, ops: str, title: tuple[str, str]) -> str:
    zh, en = title
    sku = f"DAY-{secrets.token_hex(4).upper()}"
    draft = {
        "title": {"zh-CN": zh, "en": en},
        "kind": "physical",
        "category": "home",
        "price": {"points": 300, "cash": {"amount": 2000, "currency": "CNY"}},
        "cost": {"amount": 1500, "currency": "CNY"},
        "status": "on_sale",
        "skus": [{"sku": sku, "stock": 20}],
    }
    teller.call("POST", "/v1/admin/products", draft, token=ops, show=("id",))
    return sku


def _marketing_prepares(teller: Teller, ops: str, other: str, skus: list[str]) -> list[Any]:
    teller.chapter(
        "A member day: double points, and a set at its own price",
        "Campaigns are data. Above a cost that is configured, a second person approves.",
    )
    double = {
        "kind": "multiplier",
        "title": {"zh-CN": "会员日双倍积分", "en": "Double points on member day"},
        "effect": {"multiplier": {"percent": 200}},
        "budget": {"points": 10_000},
    }
    bundle = {
        "kind": "bundle",
        "title": {"zh-CN": "茶与杯", "en": "Tea and cup"},
        "effect": {
            "bundle": {"items": [{"sku": each} for each in skus], "points": 400, "cash": 3_001}
        },
        "budget": {"points": 2_000, "cash": 10_000, "takers": 10},
    }
    return [_published(teller, ops, other, each) for each in (double, bundle)]


def _published(teller: Teller, ops: str, other: str, draft: dict[str, Any]) -> Any:
    shown = ("id", "status", "version")
    made = teller.call("POST", CAMPAIGNS, draft, token=ops, show=("id", "status", "warnings"))
    made = _act(teller, ops, made, "publish", shown)
    if made["status"] == "waiting_for_approval":
        made = _act(teller, other, made, "approve", shown)
    return made


def _act(teller: Teller, token: str, seen: Any, act: str, shown: tuple[str, ...]) -> Any:
    headers = {"If-Match": str(seen["version"])}
    path = f"{CAMPAIGNS}/{seen['id']}/{act}"
    return teller.call("POST", path, token=token, headers=headers, show=shown)


def _she_wins_a_coupon(teller: Teller, ops: str, token: str) -> str:
    teller.chapter(
        "She wins a coupon in a lottery that she can check",
        "The hash of the seed stands before the first draw; in the end everybody computes all.",
    )
    template = {
        "kind": "amount_off",
        "amount": 500,
        "title": {"zh-CN": "五元券", "en": "5 yuan off"},
        "valid": {"days": 30},
        "per_member": 10,
    }
    made = teller.call("POST", TEMPLATES, template, token=ops, show=("id", "status"))
    seen = {"If-Match": str(made["version"])}
    path = f"{TEMPLATES}/{made['id']}/publish"
    teller.call("POST", path, token=ops, headers=seen, show=("status",))
    lottery = _lottery(teller, ops, made["id"])
    path = f"/v1/lotteries/{lottery['id']}"
    teller.call("GET", path, token=token, show=("prizes", "draws_left", "commitment"))
    drawn = teller.call("POST", f"{path}/draws", token=token, show=("number", "prize", "coupon_id"))
    mine = teller.call("GET", "/v1/me/coupons", token=token, show=("data",))["data"]
    coupon_id: str = drawn["coupon_id"] or mine[0]["id"]
    seen = {"If-Match": str(lottery["version"])}
    end = f"{LOTTERIES}/{lottery['id']}/end"
    teller.call("POST", end, token=ops, headers=seen, show=("status",))
    teller.call("GET", f"{path}/proof", token=token, show=("seed", "draws"))
    teller.say("docs/verify_lottery.py computes each draw again from this, without us.")
    return coupon_id


def _lottery(teller: Teller, ops: str, template_id: str) -> Any:
    now = datetime.fromisoformat(teller.local("info")["now"])
    draft = {
        "title": {"zh-CN": "会员日转盘", "en": "Wheel of member day"},
        "look": "wheel",
        "prizes": [
            {
                "kind": "coupon",
                "title": {"zh-CN": "五元券", "en": "5 yuan off"},
                "odds": 999_999,
                "stock": 10,
                "template_id": template_id,
            },
            {
                "kind": "thanks",
                "title": {"zh-CN": "谢谢参与", "en": "Better luck next time"},
                "odds": 1,
            },
        ],
        "price_points": 10,
        "free_per_day": 1,
        "limits": {"total": 2, "day": 2},
        "valid": {
            "from": _told(now - timedelta(minutes=1)),
            "until": _told(now + timedelta(days=7)),
        },
    }
    made = teller.call("POST", LOTTERIES, draft, token=ops, show=("id", "status"))
    seen = {"If-Match": str(made["version"])}
    path = f"{LOTTERIES}/{made['id']}/publish"
    return teller.call("POST", path, token=ops, headers=seen, show=("id", "status", "version"))


def _told(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


def _she_buys_the_set(teller: Teller, token: str, skus: list[str], coupon: str) -> Any:
    teller.chapter(
        "She buys the set with points, cash and the coupon",
        "One pure function prices it; each step says what it saved, and the parts sum exactly.",
    )
    body: dict[str, Any] = {
        "items": [{"sku": each, "quantity": 1} for each in skus],
        "coupon_id": coupon,
        "payment_method": "card",
    }
    quoted = _once_live(teller, token, body)
    assert (quoted["points"], quoted["cash"]["amount"]) == (400, 2_501), "400 + 30.01 - 5 yuan"
    expected = {"expected": {"points": quoted["points"], "cash": quoted["cash"]}}
    order = teller.call("POST", "/v1/orders", body | expected, token=token, show=("id", *PRICED))
    path = f"/v1/orders/{order['id']}"
    teller.call("POST", f"{path}/payment", token=token, show=("amount", "status"))
    at_the_provider(teller, order["id"], {"does": "pay"})
    drain(teller, "The provider tells of the payment")
    for line in teller.call("GET", path, token=token, show=("status",))["lines"]:
        teller.say(f"  {line['title']}: {line['points']} points + {line['cash']['amount']} fen")
    return order


def _once_live(teller: Teller, token: str, body: dict[str, Any]) -> Any:
    """A quote with the campaign: published ones count within a minute in each process."""
    for _ in range(TRIES):
        quoted = teller.call("POST", "/v1/orders/quote", body, token=token, show=PRICED)
        if len(quoted["discounts"]) == 2:
            return quoted
        time.sleep(PAUSE_S)
    raise Failed("The published campaign did not come into force")


def _a_sale_earns_double(teller: Teller, ops: str, member: dict[str, str], double: Any) -> None:
    teller.say("A sale of a shop earns double: the campaign is a rule like any other.")
    found = teller.call("GET", f"{CAMPAIGNS}/{double['id']}", token=ops, show=("rule_id",))
    partner, sale = teller.local("info")["partner"], order_paid(member["phone"], 100)
    wait_until_in_force(teller, sale, found["rule_id"], partner)
    told = teller.signed(order_paid(member["phone"], 100), partner, show=("status", "explain"))
    given = {each["rule_id"]: each["points"] for each in told["explain"] if each["matched"]}
    assert given[found["rule_id"]] == given["purchases"] == 100, "100 yuan give 100 points, twice"


def _a_part_comes_back(teller: Teller, ops: str, token: str, order: Any, cup: str) -> None:
    teller.chapter(
        "The cup comes back",
        "A return gives back its share of what was paid, after every discount, to the cent.",
    )
    path = f"/v1/admin/orders/{order['id']}"
    for act in ("take", "approve"):
        teller.call("POST", f"{path}/{act}", token=ops, show=("status",))
    parcel = {"carrier": "SF", "tracking_number": f"SF{secrets.randbelow(10**10):010d}"}
    teller.call("POST", f"{path}/ship", parcel, token=ops, show=("status",))
    teller.call("POST", f"{path}/deliver", token=ops, show=("status",))
    wish = {"lines": [{"sku": cup, "quantity": 1}], "reason": "不合适", "kind": "return"}
    shown = ("id", "status")
    made = teller.call("POST", f"/v1/orders/{order['id']}/returns", wish, token=token, show=shown)
    where = {"instructions": "上海市黄浦区南京东路 1 号，售后部收"}
    teller.call("POST", f"/v1/admin/returns/{made['id']}/approve", where, token=ops, show=shown)
    teller.call("POST", f"/v1/returns/{made['id']}/sent", parcel, token=token, show=shown)
    teller.call("POST", f"/v1/admin/returns/{made['id']}/receive", {}, token=ops, show=shown)
    found = teller.call("GET", f"/v1/orders/{order['id']}", token=token, show=("refunds",))
    line = next(each for each in found["lines"] if each["sku"] == cup)
    back = found["refunds"][0]
    given = (back["points"], back["cash"]["amount"])
    assert given == (line["points"], line["cash"]["amount"]), "the line's share, and no more"


def _what_it_brought(teller: Teller, ops: str, campaigns: list[Any]) -> None:
    teller.chapter(
        "What the campaign brought",
        "Exact sums of the orders as they are now: the return has left them.",
    )
    _, bundle = campaigns
    path = f"{CAMPAIGNS}/{bundle['id']}/results"
    found = teller.call("GET", path, token=ops, show=("total", "cost_per_order"))
    assert found["total"]["orders"] == found["total"]["takers"] == 1, "one order of one member"
    for each in campaigns:
        seen = teller.call("GET", f"{CAMPAIGNS}/{each['id']}", token=ops, show=("status",))
        _act(teller, ops, seen, "end", ("status",))
