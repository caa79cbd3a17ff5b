"""A ledger that can prove itself: gifts, holds, refunds, lapses, a history to check."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from infra.demo.story import drain, log_in, order_paid, show_entries
from infra.demo.teller import Teller
from infra.local.settings import REPOSITORY

DAY_S = 86_400
BALANCES = ("available", "held", "debt", "lifetime")


def tell(teller: Teller) -> None:
    """The whole story; it moves the mall's clock two days on.

    Raises Failed where it goes otherwise than told.
    """
    account = f"token?role=member&name=wang-fang-{secrets.token_hex(3)}"
    partner = teller.local("info")["partner"]
    member = teller.local(account)
    paid = _she_earns(teller, partner, member)
    _she_gives_to_a_friend(teller, member["access_token"])
    _she_pays_with_points_at_the_shop(teller, partner, member)
    _she_returns_what_she_bought(teller, partner, member, paid)
    _some_points_lapse(teller, member)
    member = teller.local(account)
    _anybody_can_check(teller, member)


def _balance(teller: Teller, member: dict[str, str]) -> Any:
    return teller.call("GET", "/v1/me/points", token=member["access_token"], show=BALANCES)


def _she_earns(teller: Teller, partner: dict[str, str], member: dict[str, str]) -> Any:
    teller.chapter("Wang Fang buys for 600 yuan", "600 points, which a return will take back.")
    paid = order_paid(member["phone"], 600)
    teller.signed(paid, partner, show=("status",))
    return paid


def _she_gives_to_a_friend(teller: Teller, token: str) -> None:
    teller.chapter(
        "She gives 200 points to a friend whom the mall does not know",
        "The same answer as for a member: nobody learns who is registered. Escrow for 7 days.",
    )
    phone = f"+86139{secrets.randbelow(10**8):08d}"
    gift = {"to": {"phone": phone}, "points": 200, "message": "生日快乐"}
    teller.call("POST", "/v1/me/points/transfers", gift, token=token)
    drain(teller, "The friend is told")
    for sms in teller.local(f"outbox?to={phone.removeprefix('+')}")["data"]:
        teller.say(f"SMS to {phone}: {sms['body']}")
    teller.say("The friend registers, and the gift is there, with the lapse that it had:")
    friend = log_in(teller, phone)
    drain(teller, "The registration claims it")
    teller.call("GET", "/v1/me/points", token=friend, show=("available", "expiring"))


def _she_pays_with_points_at_the_shop(
    teller: Teller, partner: dict[str, str], member: dict[str, str]
) -> None:
    teller.chapter(
        "She pays with points at the shop's own checkout",
        "The shop holds 300, captures 250 once it has shipped; the rest goes back by itself.",
    )
    hold_id = f"cart-{secrets.token_hex(4)}"
    wanted = {
        "id": hold_id,
        "member": {"phone": member["phone"]},
        "points": 300,
        "expires_in_seconds": 1800,
    }
    teller.signed(wanted, partner, "/v1/partner/holds")
    _balance(teller, member)
    teller.signed({"points": 250}, partner, f"/v1/partner/holds/{hold_id}/capture")
    teller.say("Twice is once, and nothing is captured above or after:")
    teller.signed({"points": 250}, partner, f"/v1/partner/holds/{hold_id}/capture")
    teller.signed(
        {"points": 300},
        partner,
        f"/v1/partner/holds/{hold_id}/capture",
        show=("code", "title"),
        expect=409,
    )


def _she_returns_what_she_bought(
    teller: Teller, partner: dict[str, str], member: dict[str, str], paid: Any
) -> None:
    teller.chapter(
        "She returns what she bought, and the points are spent already",
        "The refund takes back what that order gave, at its own rate; the rest becomes a debt.",
    )
    order_id = paid["data"]["order_id"]
    for part, yuan in enumerate((200, 400), 1):
        refund = {
            **paid,
            "id": f"{order_id}:refund-{part}",
            "type": "order.refunded",
            "data": {"order_id": order_id, "currency": "CNY", "amount": yuan * 100},
        }
        teller.signed(refund, partner, show=("status", "entries"))
    balance = _balance(teller, member)
    assert (balance["available"], balance["debt"]) == (0, 450), "150 were left of 600"
    teller.say("Her next purchase pays the debt first:")
    teller.signed(order_paid(member["phone"], 500), partner, show=("status",))
    balance = _balance(teller, member)
    assert (balance["available"], balance["debt"]) == (50, 0), "500 pay 450"


def _some_points_lapse(teller: Teller, member: dict[str, str]) -> None:
    teller.chapter(
        "Points lapse at their second",
        "Ops give 80 points for two days; a reminder one day ahead, and then they are gone.",
    )
    ops = teller.local("token?role=ops")["access_token"]
    now = datetime.fromisoformat(teller.local("info")["now"])
    lapse = (now + timedelta(days=2)).isoformat(timespec="seconds").replace("+00:00", "Z")
    gift = {"points": 80, "reason": "感谢反馈", "expires_at": lapse}
    path = f"/v1/admin/members/{member['member_id']}/points/adjustments"
    teller.call("POST", path, gift, token=ops, show=("status", "points", "expires_at"))
    for days, function in ((1, "remind_expiry"), (2, "expire_points")):
        now_is = teller.local("clock", "POST", {"advance_seconds": DAY_S + 60 * days})["now"]
        teller.say(f"It is {now_is} for the mall.")
        teller.run(function)
        drain(teller, "Facts go their way")


def _anybody_can_check(teller: Teller, member: dict[str, str]) -> None:
    token = member["access_token"]
    teller.chapter(
        "Anybody can check it",
        "60 lines of plain Python that import nothing of ours: docs/verify_history.py.",
    )
    for notice in teller.call("GET", "/v1/me/notifications?limit=20", token=token, counted=True)[
        "data"
    ][::-1]:
        teller.say(f"Inbox: {notice['title']}: {notice['body']}")
    entries = show_entries(teller, token)
    with tempfile.TemporaryDirectory() as folder:
        exported = Path(folder) / "history.json"
        exported.write_text(json.dumps({"data": entries}))
        script = [sys.executable, str(REPOSITORY / "docs/verify_history.py"), str(exported)]
        verdict = subprocess.run(script, check=True, capture_output=True, text=True).stdout
    teller.say(f"python docs/verify_history.py history.json: {verdict.strip()}")
    finance = teller.local("token?role=finance")["access_token"]
    path = f"/v1/admin/ledger/verify?member_id={member['member_id']}"
    found = teller.call("GET", path, token=finance)
    assert found["ok"], "the ledger proves itself"
