"""`/_local/pay/{order}`: where a person pays an order of this machine, declines, or disputes it."""

import asyncio
import json
import re
from collections.abc import Mapping
from html import escape
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs

from chalicelib.kernel.money import major
from infra.local.home_page import HEADERS
from infra.local.settings import Settings
from infra.local.stripe import asking
from infra.local.wire import HttpAnswer

_ORDER = re.compile(r"[A-Za-z0-9_-]{1,80}\Z")
# A path of this host: browsers read `//host` and `/\\host` as another one, and drop tabs and line
# ends before they look.
_PATH_HERE = re.compile(r"/(?!/)[^\x00-\x20\x7f\\]{0,500}\Z")
_TARGETS = {
    "pay": "payment_intents",
    "decline": "payment_intents",
    "dispute": "payment_intents",
    "win": "disputes",
    "lose": "disputes",
    "succeed": "refunds",
    "fail": "refunds",
}
_WORDS = {
    "pay": "支付 Pay", "decline": "拒付 Decline", "dispute": "发起争议 Dispute",
    "win": "商户胜诉 We win", "lose": "商户败诉 We lose",
    "succeed": "退款成功 Succeed", "fail": "退款失败 Fail",
}  # fmt: skip
_STATUSES = {
    "requires_payment_method": "待支付 waits for a payment",
    "requires_confirmation": "待确认 waits for confirmation",
    "requires_action": "待用户授权 waits for the person",
    "processing": "处理中 under way",
    "succeeded": "已支付 paid",
    "canceled": "已取消 cancelled",
}
NOT_STARTED = (
    "该订单尚未发起支付，请先调用下列接口 The order has no payment yet; this starts one: "
    "POST /v1/orders/{id}/payment"
)
_METHODS = {"card": "银行卡 Card", "alipay": "支付宝 Alipay", "wechat_pay": "微信支付 WeChat Pay"}
_CARDS = {
    "pm_card_visa": "成功 succeeds",
    "pm_card_visa_chargeDeclinedInsufficientFunds": "余额不足 insufficient funds",
    "pm_card_chargeDeclinedExpiredCard": "卡已过期 expired card",
    "pm_card_createDispute": "成功后争议 succeeds, then disputed",
    "pm_card_pendingRefund": "成功，退款待处理 succeeds, refunds wait",
}
_STYLE = """
body{font:16px/1.6 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem;color:#222}
h1{font-size:1.3rem}section{border:1px solid #ddd;border-radius:8px;padding:1rem;margin:1rem 0}
form{display:inline}button,select{font:inherit;padding:.4rem .8rem;margin:.2rem .4rem .2rem 0}
select{max-width:100%;box-sizing:border-box}
.amount{font-size:1.8rem}.quiet{color:#666;font-size:.85rem;overflow-wrap:anywhere}
.wrong{color:#b00}
"""


class PayPage:
    """The page and its buttons; JSON for a JSON request."""

    def __init__(self, settings: Settings) -> None:
        """Take the file in which the supervisor lists the made resources."""
        self._stack = settings.home / "stack.json"

    async def answer(
        self, method: str, order: str, body: bytes, query: Mapping[str, list[str]]
    ) -> HttpAnswer:
        """Show the order's payments, after an act if one is asked for.

        `return` of the query is a path of this host that the page leads back to; its forms keep it.
        """
        as_json = body.lstrip().startswith(b"{")
        back = path_here(query.get("return", [""])[-1])
        if not _ORDER.match(order):
            return _page(HTTPStatus.NOT_FOUND, order, [], "没有这个订单 No such order")
        if method not in ("GET", "POST"):
            return _page(HTTPStatus.METHOD_NOT_ALLOWED, order, [], "use GET, POST")
        problem, payments = None, await self._ask(f"orders/{order}/payments")
        if method == "POST":
            try:
                await self._do(_asked(body, as_json), payments)
            except (asking.Refused, KeyError, ValueError) as error:
                problem = str(error)
            else:
                payments = await self._ask(f"orders/{order}/payments")
        if as_json:
            return _as_json(payments["data"], problem)
        status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
        return _page(status, order, payments["data"], problem, back)

    async def _ask(self, name: str, body: dict[str, Any] | None = None) -> Any:
        stripe_api = json.loads(self._stack.read_text())["stripe_api"]
        return await asyncio.to_thread(asking.ask, stripe_api, name, body)

    async def _do(self, asked: Mapping[str, str], payments: dict[str, Any]) -> None:
        """Raises Refused, ValueError."""
        does = asked.get("does", "")
        if does not in _TARGETS:
            raise ValueError(f"does is one of {', '.join(_TARGETS)}")
        if not payments["data"]:
            raise ValueError(NOT_STARTED)
        target = asked.get("target") or payments["data"][0]["payment"]["id"]
        body = {"payment_method": asked["card"]} if asked.get("card") else {}
        await self._ask(f"{_TARGETS[does]}/{target}/{does}", body)


def _asked(body: bytes, as_json: bool) -> Mapping[str, str]:
    """Raises ValueError."""
    if as_json:
        return {str(name): str(value) for name, value in json.loads(body).items()}
    return {name: values[-1] for name, values in parse_qs(body.decode()).items()}


def path_here(text: str) -> str | None:
    """A path of this host; None for any other text."""
    return text if _PATH_HERE.match(text) else None


def _as_json(payments: list[Any], problem: str | None) -> HttpAnswer:
    status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    found = json.dumps({"data": payments, "problem": problem}, ensure_ascii=False)
    return HttpAnswer(status, [(b"content-type", b"application/json")], found.encode(), 0)


def _page(
    status: HTTPStatus,
    order: str,
    payments: list[Any],
    problem: str | None,
    back: str | None = None,
) -> HttpAnswer:
    said = f'<p class="wrong">{escape(problem)}</p>' if problem else ""
    none = "" if payments or problem else f"<p>{escape(NOT_STARTED)}</p>"
    sections = "".join(_section(each) for each in payments)
    way_back = f'<p><a href="{escape(back)}">返回商城 Back to the mall</a></p>' if back else ""
    text = (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>支付 Pay {escape(order)}'
        '</title><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">'
        f"<style>{_STYLE}</style><h1>订单支付 Pay an order</h1>"
        f'<p class="quiet">{escape(order)}</p>{said}{none}{sections}{way_back}'
        '<p class="quiet">本机模拟的支付平台，不会发生真实扣款。'
        "This machine's payment provider: no money moves.</p></html>"
    )
    return HttpAnswer(status, [*HEADERS], text.encode(), 0)


def _section(found: dict[str, Any]) -> str:
    payment = found["payment"]
    kind, error = payment["payment_method_types"][0], payment["last_payment_error"]
    lines = [
        f'<div class="amount">{money(payment["amount"], payment["currency"])}</div>',
        f"<p>{_METHODS[kind]} · <b>{_STATUSES[payment['status']]}</b></p>",
        f'<p class="quiet">{escape(payment["id"])}</p>',
    ]
    if error:
        reason = error["decline_code"] or error["code"]
        lines.append(f'<p class="wrong">上次失败 Last refused: {escape(str(reason))}</p>')
    if payment["status"] in ("requires_payment_method", "requires_action"):
        lines += [_button("pay", payment["id"], _cards(kind)), _button("decline", payment["id"])]
    elif payment["status"] == "succeeded" and not found["disputes"]:
        lines.append(_button("dispute", payment["id"]))
    lines += [
        _line("退款 Refund", each, ("succeed", "fail"), "pending") for each in found["refunds"]
    ]
    lines += [
        _line("争议 Dispute", each, ("win", "lose"), "needs_response") for each in found["disputes"]
    ]
    return f"<section>{''.join(lines)}</section>"


def _line(name: str, found: dict[str, Any], does: tuple[str, ...], open_status: str) -> str:
    buttons = (
        [_button(each, found["id"]) for each in does] if found["status"] == open_status else []
    )
    amount = money(found["amount"], found["currency"])
    status = escape(found["status"])
    return f"<p>{name} {amount} · {status} {''.join(buttons)}</p>"


def _cards(kind: str) -> str:
    if kind != "card":
        return ""
    options = (f'<option value="{card}">{words}</option>' for card, words in _CARDS.items())
    return f'<select name="card" aria-label="测试卡 Test card">{"".join(options)}</select>'


def _button(does: str, target: str, inputs: str = "") -> str:
    hidden = f'<input type="hidden" name="target" value="{escape(target)}">'
    button = f'<button name="does" value="{does}">{_WORDS[does]}</button>'
    return f'<form method="post">{hidden}{inputs}{button}</form>'


def money(amount: int, currency: str) -> str:
    """`CNY 19.90` of 1990 minor units."""
    name = currency.upper()
    return f"{name} {major(amount, name)}"
