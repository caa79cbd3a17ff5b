"""The provider in the stack: its keys, its pay page, its webhooks."""

import json
from typing import Any

import pytest
import stripe

from infra.local.resources import client
from tests.local.conftest import Sample

_numbers = iter(range(1000))


def _payment(sample: Sample, method: str = "card") -> tuple[str, str]:
    """An order's id and its payment's."""
    known = sample.http.get("/_local/info").json()["stripe"]
    provider = stripe.StripeClient(known["api_key"], base_addresses={"api": known["api_base"]})
    order = f"ord_{next(_numbers)}"
    made = provider.v1.payment_intents.create(
        {
            "amount": 1990,
            "currency": "cny",
            "metadata": {"order_id": order},
            "allowed_payment_method_types": [method],
            "payment_method_options": {"wechat_pay": {"client": "web"}},
        }
    )
    return order, made.id


def _post(sample: Sample, order: str, **asked: Any) -> Any:
    return sample.http.post(f"/_local/pay/{order}", json=asked).json()


def test_functions_have_the_keys_of_the_provider(sample: Sample) -> None:
    known = sample.http.get("/_local/info").json()["stripe"]
    vault = client("secretsmanager", sample.stack.made()["aws_endpoints"]["secrets_manager"])
    found = vault.get_secret_value(SecretId="jifen-dev-stripe")
    kept = json.loads(found["SecretString"])
    assert kept == {"api_key": known["api_key"], "webhook_secrets": [known["webhook_secret"]]}


@pytest.mark.parametrize("method", ["card", "alipay", "wechat_pay"])
def test_the_pay_page_can_decline_pay_and_dispute(sample: Sample, method: str) -> None:
    order, payment = _payment(sample, method)
    page = sample.http.get(f"/_local/pay/{order}")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for words in ("支付 Pay", "CNY 19.90", "待支付", order, payment):
        assert words in page.text
    # On a phone a list of cards is no wider than the page.
    assert "select{max-width:100%" in page.text
    declined = sample.http.post(f"/_local/pay/{order}", data={"does": "decline"})
    assert "上次失败 Last refused" in declined.text
    paid = sample.http.post(f"/_local/pay/{order}", data={"does": "pay", "target": payment})
    assert "已支付 paid" in paid.text
    disputed = sample.http.post(f"/_local/pay/{order}", data={"does": "dispute"})
    assert "争议 Dispute CNY 19.90 · needs_response" in disputed.text
    [dispute] = _post(sample, order, does="none")["data"][0]["disputes"]
    won = sample.http.post(f"/_local/pay/{order}", data={"does": "win", "target": dispute["id"]})
    assert "争议 Dispute CNY 19.90 · won" in won.text


def test_the_page_leads_back_to_a_path_of_the_mall_even_after_an_act(sample: Sample) -> None:
    order, _ = _payment(sample)
    path, link = f"/_local/pay/{order}?return=/orders/{order}%3Fpaid%3D1%26x", "Back to the mall"
    back = f'<a href="/orders/{order}?paid=1&amp;x">返回商城 {link}</a>'
    assert back in sample.http.get(path).text
    assert back in sample.http.post(path, data={"does": "pay"}).text
    assert link not in sample.http.get(f"/_local/pay/{order}").text
    told = sample.http.post(path, json={"does": "none"})
    assert (told.headers["content-type"], set(told.json())) == (
        "application/json",
        {"data", "problem"},
    )


@pytest.mark.parametrize(
    "elsewhere",
    ["//evil.test", "/\\evil.test", "https://evil.test", "javascript:alert(1)", "evil", "",
     "/\t/evil.test", "/\n/evil.test", "/a\\..\\b", "/" + "a" * 600],
)  # fmt: skip
def test_the_page_leads_to_no_other_host(sample: Sample, elsewhere: str) -> None:
    page = sample.http.get("/_local/pay/ord_any", params={"return": elsewhere})
    assert page.status_code == 200
    assert "<a " not in page.text


def test_a_path_with_markup_is_only_a_text(sample: Sample) -> None:
    page = sample.http.get("/_local/pay/ord_any", params={"return": '/"><script>alert(1)</script>'})
    assert "<script>" not in page.text


def test_the_page_of_an_unstarted_payment_says_how_to_start_it(
    sample: Sample,
) -> None:
    page = sample.http.get("/_local/pay/ord_unstarted")
    assert "POST /v1/orders/{id}/payment" in page.text
    asked = sample.http.post("/_local/pay/ord_unstarted", json={"does": "pay"})
    assert (asked.status_code, asked.json()["data"]) == (409, [])
    assert "POST /v1/orders/{id}/payment" in asked.json()["problem"]


def test_an_impossible_act_on_the_page_says_so_and_changes_nothing(sample: Sample) -> None:
    order, _ = _payment(sample)
    _post(sample, order, does="pay")
    before = _post(sample, order, does="none")["data"]
    for asked in ({"does": "pay"}, {"does": "steal"}, {}, {"does": "win", "target": "dp_none"}):
        answer = sample.http.post(f"/_local/pay/{order}", json=asked)
        assert answer.status_code == 409
        assert answer.json()["problem"]
        assert answer.json()["data"] == before


@pytest.mark.parametrize("order", ["ord_nobody", "a%2Fb", "%3Cscript%3E"])
def test_an_order_without_a_payment_has_a_page_that_says_so(sample: Sample, order: str) -> None:
    page = sample.http.get(f"/_local/pay/{order}")
    assert page.status_code in (200, 404)
    assert "<script>" not in page.text
    assert sample.http.post(f"/_local/pay/{order}", json={"does": "pay"}).status_code in (404, 409)


def test_a_drain_waits_for_the_webhooks(sample: Sample) -> None:
    order, payment = _payment(sample)
    _post(sample, order, does="pay")
    sample.drain()
    about = [kind for kind, name in sample.notes("webhook") if name == payment]
    assert about == ["payment_intent.created", "payment_intent.succeeded"]
