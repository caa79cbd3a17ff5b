"""How the program takes cash, for pages that let somebody pay."""

from __future__ import annotations

from typing import Literal

import msgspec
from chalice.app import Blueprint

from chalicelib.kernel.config import config
from chalicelib.kernel.web.http import FIVE_MINUTES, Reply, route
from chalicelib.kernel.web.requests import Call

methods = Blueprint(__name__)

OfferedMethod = Literal["card", "alipay", "wechat_pay", "cod"]
OFFERED: tuple[OfferedMethod, ...] = ("card", "alipay", "wechat_pay", "cod")


class PaymentMethodsView(msgspec.Struct):
    """The methods that an order may name; `cod` is for parcels alone.

    Start the payment, then lead the payer to `hosted_page`, with the order's id for `{order}` and
    `?return=` with the path to come back to. If it is null, show the elements of Stripe's library
    with `publishable_key`. If both are null, a page cannot take payments, except on delivery.
    """

    methods: list[OfferedMethod]
    publishable_key: str | None
    hosted_page: str | None


@route(
    methods, "GET", "/v1/payment-methods",
    summary="How an order can be paid, and what a page needs for it",
    answer=PaymentMethodsView,
    example={"answer": {"methods": ["card", "alipay", "wechat_pay", "cod"],
                        "publishable_key": "pk_live_51ExampleOfAKey", "hosted_page": None}},
)  # fmt: skip
def list_payment_methods(_call: Call) -> Reply:
    settings = config().payments
    shown = PaymentMethodsView(
        methods=list(OFFERED),
        publishable_key=settings.stripe_publishable_key or None,
        hosted_page=settings.payment_page or None,
    )
    return Reply(shown, headers=FIVE_MINUTES)
