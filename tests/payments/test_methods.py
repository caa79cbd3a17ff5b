"""The ways to pay, as pages learn of them."""

from __future__ import annotations

import pytest

from chalicelib.kernel.config import UnknownSetting, read
from chalicelib.payments.routes import methods
from infra.local.settings import PAY_PAGE
from tests.api import Api
from tests.settings import changed

PATH = "/v1/payment-methods"
KEY = "pk_live_51PgafTB7WZ01zgke"


def test_a_program_without_a_key_or_a_page_offers_its_methods_alone(api: Api) -> None:
    answer = api.get(PATH)
    assert (answer.status, answer.headers["Cache-Control"]) == (200, "public, max-age=300")
    assert answer.body == {
        "methods": ["card", "alipay", "wechat_pay", "cod"],
        "publishable_key": None,
        "hosted_page": None,
    }


def test_pages_get_the_configured_key_and_page(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = changed(stripe_publishable_key=KEY, payment_page=PAY_PAGE)
    monkeypatch.setattr(methods, "config", lambda: settings)
    shown = api.get(PATH).body
    assert (shown["publishable_key"], shown["hosted_page"]) == (KEY, PAY_PAGE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRIPE_PUBLISHABLE_KEY", "sk_live_51PgafTB7WZ01zgke"),
        ("STRIPE_PUBLISHABLE_KEY", "rk_live_51PgafTB7WZ01zgke"),
        ("STRIPE_PUBLISHABLE_KEY", f"{KEY}\n"),
        ("STRIPE_PUBLISHABLE_KEY", f" {KEY}"),
        ("PAYMENT_PAGE", "/pay"),
        ("PAYMENT_PAGE", "//pay.example/{order}"),
        ("PAYMENT_PAGE", "/\\pay.example/{order}"),
        ("PAYMENT_PAGE", "http://pay.example/{order}"),
        ("PAYMENT_PAGE", "javascript:alert('{order}')"),
        ("PAYMENT_PAGE", "https://{order}.example/"),
    ],
)
def test_a_secret_key_or_a_foreign_page_ends_the_function_by_name(name: str, value: str) -> None:
    with pytest.raises(UnknownSetting, match=f"JIFEN_{name}: "):
        read({"JIFEN_STAGE": "prod", f"JIFEN_{name}": value})


@pytest.mark.parametrize(
    "page", ["", PAY_PAGE, "/pay/{order}", "https://pay.example/o/{order}?a=1"]
)
def test_a_page_is_a_path_of_this_host_or_an_https_address(page: str) -> None:
    settings = read({"JIFEN_STAGE": "prod", "JIFEN_PAYMENT_PAGE": page})
    assert settings.payments.payment_page == page
