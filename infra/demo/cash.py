"""Points and cash: paid by card and by Alipay, declined once, refunded in part, withdrawn; and the
books that finance signs."""

from __future__ import annotations

import csv
import io
import json
import secrets
import urllib.request
from datetime import datetime
from typing import Any

from infra.demo.noon import PROGRAM, seconds_to_noon
from infra.demo.story import ADDRESS, drain, order_paid
from infra.demo.teller import Teller

FRYER, TICKET = "FRYER-4", "CINEMA-1"
BOUGHT = ("id", "status", "points", "cash", "payment")
MONEY = ("status", "payment", "refunds")


def tell(teller: Teller) -> None:
    """The whole story, from noon to noon of the next day by the mall's clock.

    Raises Failed where it goes otherwise than told.
    """
    day = _noon_comes(teller)
    account = f"token?role=member&name=chen-jing-{secrets.token_hex(3)}"
    member = teller.local(account)
    _she_has_points(teller, member)
    fryer = _she_pays_by_card(teller, member["access_token"])
    _she_pays_by_alipay(teller, member["access_token"])
    _half_goes_back(teller, member["access_token"], fryer)
    _she_pays_too_late(teller, member["access_token"])
    _she_withdraws_a_rebate(teller, member)
    _the_day_is_settled(teller, day)


def _noon_comes(teller: Teller) -> str:
    """Move the clock to noon, so that no day ends during the story; the program's day."""
    now = datetime.fromisoformat(teller.local("info")["now"])
    ahead = {"advance_seconds": seconds_to_noon(now)}
    noon = datetime.fromisoformat(teller.local("clock", "POST", ahead)["now"])
    return noon.astimezone(PROGRAM).date().isoformat()


def _she_has_points(teller: Teller, member: dict[str, str]) -> None:
    teller.chapter(
        "Chen Jing has 1,500 points and wants more than they buy",
        "Points replace cash as far as the price allows; the quote says what is left to pay.",
    )
    partner = teller.local("info")["partner"]
    teller.signed(order_paid(member["phone"], 1500), partner, show=("status",))
    body = {"items": [{"sku": FRYER, "quantity": 2}]}
    token = member["access_token"]
    teller.call("POST", "/v1/orders/quote", body, token=token, show=("points", "cash"))


def _she_pays_by_card(teller: Teller, token: str) -> str:
    teller.chapter(
        "She orders two air fryers, and pays by card at the second try",
        "Points are held and stock is reserved for 30 minutes; the provider's webhook captures.",
    )
    address = teller.call("POST", "/v1/me/addresses", ADDRESS, token=token, show=("id",))
    body = {
        "items": [{"sku": FRYER, "quantity": 2}],
        "points": 1400,
        "address_id": address["id"],
        "payment_method": "card",
    }
    order_id: str = teller.call("POST", "/v1/orders", body, token=token, show=BOUGHT)["id"]
    shown = ("id", "provider", "amount", "status", "expires_at")
    teller.call("POST", f"/v1/orders/{order_id}/payment", token=token, show=shown)
    card = "pm_card_visa_chargeDeclinedInsufficientFunds"
    at_the_provider(teller, order_id, {"does": "pay", "card": card})
    drain(teller, "The bank declines, and the webhook tells")
    teller.call("GET", f"/v1/orders/{order_id}", token=token, show=MONEY)
    at_the_provider(teller, order_id, {"does": "pay"})
    drain(teller, "Another card is charged")
    teller.call("GET", f"/v1/orders/{order_id}", token=token, show=("status", *MONEY))
    return order_id


def _she_pays_by_alipay(teller: Teller, token: str) -> None:
    teller.chapter(
        "She takes a cinema ticket with the points that are left, and Alipay",
        "Without a number of points the order takes as many as she has and the price allows.",
    )
    body = {"items": [{"sku": TICKET, "quantity": 1}], "payment_method": "alipay"}
    order_id = teller.call("POST", "/v1/orders", body, token=token, show=BOUGHT)["id"]
    teller.call("POST", f"/v1/orders/{order_id}/payment", token=token, show=("amount", "status"))
    at_the_provider(teller, order_id, {"does": "pay"})
    drain(teller, "She pays in the Alipay app, and the code follows")
    found = teller.call("GET", f"/v1/orders/{order_id}", token=token, show=("status", "payment"))
    teller.say(f"Her ticket: {found['lines'][0]['codes'][0]}")


def _half_goes_back(teller: Teller, token: str, order_id: str) -> None:
    teller.chapter(
        "One of the fryers is broken: half goes back",
        "Points and cash in the ratio that was paid, in integers that sum to it exactly.",
    )
    ops = teller.local("token?role=ops")["access_token"]
    for act in ("take", "approve"):
        path = f"/v1/admin/orders/{order_id}/{act}"
        teller.call("POST", path, token=ops, show=("status",))
    body = {"reason": "破损", "lines": [{"sku": FRYER, "quantity": 1}]}
    teller.call("POST", f"/v1/admin/orders/{order_id}/refunds", body, token=ops)
    drain(teller, "The refund is owed, sent, and confirmed by the provider")
    teller.call("GET", f"/v1/orders/{order_id}", token=token, show=MONEY)
    teller.call("GET", "/v1/me/points", token=token, show=("available", "held"))


def _she_pays_too_late(teller: Teller, token: str) -> None:
    teller.chapter(
        "She cancels a ticket that she has just paid, before the provider could tell",
        "The cash goes back by itself. Her order, her inbox and the staff's list say so.",
    )
    body = {"items": [{"sku": TICKET, "quantity": 1}], "points": 100, "payment_method": "card"}
    order_id = teller.call("POST", "/v1/orders", body, token=token, show=BOUGHT)["id"]
    teller.call("POST", f"/v1/orders/{order_id}/payment", token=token, show=("amount", "status"))
    _webhooks(teller, "modes", {"held": True})
    at_the_provider(teller, order_id, {"does": "pay"})
    teller.call("POST", f"/v1/orders/{order_id}/cancel", token=token, show=MONEY)
    _webhooks(teller, "modes", {})
    _webhooks(teller, "deliveries/release", {})
    drain(teller, "Now the provider tells; the refund is owed and sent")
    told = teller.call("GET", f"/v1/orders/{order_id}", token=token, show=(*MONEY, "timeline"))
    assert told["payment"]["status"] == "refunded", "what came too late goes back"
    teller.call("GET", "/v1/me/notifications?limit=2", token=token, show=("data",))
    finance = teller.local("token?role=finance")["access_token"]
    teller.call("GET", "/v1/admin/refunds?state=ended&limit=1", token=finance, show=("data",))


def _webhooks(teller: Teller, call: str, body: dict[str, bool]) -> None:
    """A switch of the local provider's webhooks."""
    url = f"{teller.local('info')['stripe']['api_base']}/_wire/{call}"
    headers = {"Content-Type": "application/json"}
    asked = urllib.request.Request(url, json.dumps(body).encode(), headers, method="POST")
    with urllib.request.urlopen(asked) as answer:
        answer.read()


def _she_withdraws_a_rebate(teller: Teller, member: dict[str, str]) -> None:
    teller.chapter(
        "She withdraws a rebate",
        "Held when asked, captured when paid, like points; but it is money: two people give it.",
    )
    ops = teller.local("token?role=ops")["access_token"]
    finance, token = teller.local("token?role=finance")["access_token"], member["access_token"]
    gift = {"points": 5000, "unit": "rebate_cash", "reason": "会员日返利"}
    path = f"/v1/admin/members/{member['member_id']}/points/adjustments"
    given = teller.call("POST", path, gift, token=ops, show=("unit", "points", "status"))
    path = f"/v1/admin/adjustments/{given['id']}/approve"
    teller.call("POST", path, token=finance, show=("status",))
    account = {"kind": "provider", "account": "acct_1JifenChenJing"}
    teller.call("PUT", "/v1/me/payout-account", account, token=token)
    asked = teller.call(
        "POST",
        "/v1/me/withdrawals",
        {"amount": 3000},
        token=token,
        show=("id", "status", "amount", "destination"),
    )
    teller.call(
        "POST",
        f"/v1/admin/withdrawals/{asked['id']}/approve",
        token=finance,
        show=("status", "amount"),
    )
    drain(teller, "The provider pays it out")
    teller.call("GET", f"/v1/me/withdrawals/{asked['id']}", token=token, show=("status", "amount"))


def _the_day_is_settled(teller: Teller, day: str) -> None:
    teller.chapter(
        "The day is closed, settled and held against the provider's own books",
        "CSV and Excel with a manifest of checksums; each line explained, or on finance's list.",
    )
    teller.say(f"It is noon of the day after {day}: {_noon_comes(teller)} of the program.")
    for name in ("close_days", "settle_day", "reconcile_day", "rank_goods"):
        teller.run(name)
    finance = teller.local("token?role=finance")["access_token"]
    path = "/v1/admin/settlements?limit=1"
    newest = teller.call("GET", path, token=finance, show=("data",))["data"][0]
    assert newest["day"] == day, "the day of the orders is settled"
    path = f"/v1/admin/settlements/{newest['id']}"
    shown = ("id", "settled_at", "manifest_sha256", "open_count")
    settled = teller.call("GET", path, token=finance, show=shown)
    for file in settled["files"]:
        teller.say(f"{file['name']}: {file['rows']} rows, SHA-256 {file['sha256'][:16]}…")
        if file["name"] == "summary.csv":
            _show_csv(teller, file["url"])
    path = "/v1/admin/reconciliations?limit=1"
    compared = teller.call("GET", path, token=finance, show=("data",))["data"][0]
    assert (compared["day"], compared["status"]) == (day, "done"), "the same day is reconciled"
    path = f"/v1/admin/trial-balances/{day[:7]}"
    ties = ("until", "debit", "credit", "clearing_is_zero", "open_count")
    balance = teller.call("GET", path, token=finance, show=ties)
    assert balance["debit"] == balance["credit"] > 0, "the books hold the orders and balance"


def _show_csv(teller: Teller, url: str) -> None:
    with urllib.request.urlopen(url) as answer:
        text = answer.read().decode("utf-8-sig")
    for section, figure, unit, value, value_text, *_ in csv.reader(io.StringIO(text)):
        if value not in ("0", "value"):
            teller.say(f"  {section:<20} {figure:<22} {value_text:>12} {unit}")


def at_the_provider(teller: Teller, order_id: str, does: dict[str, str]) -> None:
    """The member's step on the provider's page, `/_local/pay/{order}` on this machine."""
    found: Any = teller.local(f"pay/{order_id}", "POST", does)
    payment = found["data"][0]["payment"]
    error = payment["last_payment_error"]
    why = f"declined, {error['decline_code'] or error['code']}" if error else payment["status"]
    teller.say(f"At the provider: {does['does']} → {why}")
