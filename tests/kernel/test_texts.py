"""Every text of a request has a kind with a spelling rule and a limit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Literal

import msgspec
import pytest
from msgspec import inspect

from chalicelib.earning.routes.holds import HoldIn
from chalicelib.kernel import texts
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.texts import READ
from chalicelib.kernel.web import reading
from chalicelib.kernel.web.requests import decode_body
from tests.api import Api

# Names made by machines, which no person types: they are taken unchanged, or refused.
OF_MACHINES = {
    "cursor", "challenge_id", "refresh_token", "address_id", "member_id", "terms", "privacy",
    "currency", "captcha_token", "name", "object", "slot_id", "product_id", "store_id", "event",
    "field", "multiplier_group", "stacking", "value", "value[]", "partner", "month", "redirect",
    "state", "pickup_store_id", "order_id", "coupon_id", "csv", "orders[]", "tiers[]", "tiers{}",
    "tier_points{}",
}  # fmt: skip
# Partners' events: their digest tells a retry from another event, so their words stay as they are.
OF_PROVIDERS = "/v1/webhooks/"
OF_PARTNERS = ("/v1/events", "/v1/partner/", "/v1/admin/earning-rules/{id}/dry-run")


def _texts(info: Any, at: str, within: tuple[Any, ...] = ()) -> Iterator[tuple[str, Any]]:
    """(its name, (its msgspec type, how it is spelt)) of each text in a type, once."""
    if isinstance(info, inspect.StructType) and info.cls in within:
        return
    if isinstance(info, inspect.Metadata) and isinstance(info.type, inspect.StrType):
        yield at, (info.type, (info.extra or {}).get(READ))
    elif isinstance(info, inspect.StrType):
        yield at, (info, None)
    else:
        for name, inner in _inside(info, at):
            yield from _texts(inner, name, (*within, getattr(info, "cls", None)))


def _inside(info: Any, at: str) -> list[tuple[str, Any]]:
    match info:
        case inspect.Metadata():
            return [(at, info.type)]
        case inspect.UnionType():
            return [(at, one) for one in info.types]
        case inspect.ListType():
            return [(f"{at}[]", info.item_type)]
        case inspect.DictType():
            return [(f"{at}{{}}", info.key_type), (at, info.value_type)]
        case inspect.StructType():
            return [(field.encode_name, field.type) for field in info.fields]
        case _:
            return []


def _sent(api: Api) -> Iterator[tuple[str, str, Any]]:
    from chalicelib.kernel.web.http import ROUTES

    for route in ROUTES:
        if route.path.startswith(OF_PROVIDERS):
            continue
        bodies = route.body if isinstance(route.body, tuple) else (route.body,)
        for kind in (*bodies, route.query):
            if kind is not None:
                for name, found in _texts(inspect.type_info(kind), ""):
                    yield route.path, name, found


def test_every_text_of_a_request_has_a_limit_and_a_spelling_rule(api: Api) -> None:
    seen = set()
    for path, name, (text, read) in _sent(api):
        assert text.max_length is not None, (path, name)
        seen.add(name)
        if not path.startswith(OF_PARTNERS) and name not in OF_MACHINES:
            assert read is not None, (path, name)
    assert {"recipient", "nickname", "message", "reason", "code", "tracking_number"} <= seen


def test_every_pattern_has_its_own_refusal_text(api: Api) -> None:
    sent = {text.pattern for _, _, (text, _) in _sent(api)} - {None}
    assert sent <= texts.FORMS.keys()


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    name: texts.Nickname


class Bank(msgspec.Struct, tag_field="kind", tag="bank"):
    number: texts.AccountNumber


class Other(msgspec.Struct, tag_field="kind", tag="other"):
    number: int


class Outer(msgspec.Struct, forbid_unknown_fields=True):
    kind: Literal["a"] = "a"
    one: Inner | None = None
    many: Annotated[list[Inner], msgspec.Meta(max_length=2)] = []
    named: dict[texts.SkuCode, texts.Nickname] = {}
    paid: Bank | Other | None = None
    code: texts.LoginCode | msgspec.UnsetType | None = msgspec.UNSET
    amount: int = 0


def test_texts_are_tidied_at_any_depth() -> None:
    body = {
        "one": {"name": " a\u200b "},
        "many": [{"name": "b"}, {"name": "c　d"}],
        "named": {"ＳＫＵ": " e"},
        "paid": {"kind": "bank", "number": "６２１７ 00－00 1"},
        "code": "１２３ ４５６",
        "amount": 9007199254740993,
    }
    read = decode_body(msgspec.json.encode(body), Outer)
    assert read.one == Inner("a")
    assert read.many == [Inner("b"), Inner("c d")]
    assert read.named == {"SKU": "e"}
    assert read.paid == Bank("6217 00-00 1")
    assert (read.code, read.amount) == ("123456", 9007199254740993)


def test_tidy_text_is_not_touched() -> None:
    sent = {"one": {"name": "a"}, "many": [{"name": "b"}], "paid": {"kind": "other", "number": 1}}
    assert reading.read(sent, Outer) is sent
    assert reading.reader_of(Other) is None


@pytest.mark.parametrize(
    "body",
    ['{"one": 1}', '{"one": []}', '{"many": {"name": "a"}}', '{"many": ["a"]}', '{"named": ["a"]}',
     '{"paid": {"number": "1"}}', '{"paid": {"kind": "third"}}', '{"paid": 1}', '{"code": 123456}',
     '{"one": {"name": "\\u200b"}}', '{"one": {"name": "a\\nb"}}', "[]", "null",
     '{"amount": 1.0, "one": {"name": " a"}}'],
)  # fmt: skip
def test_values_of_no_known_type_are_refused(body: str) -> None:
    with pytest.raises(Invalid):
        decode_body(body.encode(), Outer)


def test_two_keys_that_become_equal_are_refused() -> None:
    body = msgspec.json.encode({"named": {"A": "x", "Ａ": "y"}})
    with pytest.raises(Invalid) as refused:
        decode_body(body, Outer)
    assert [(each.field, each.code) for each in refused.value.fields] == [("named.Ａ", "duplicate")]


def read_by(route: str, body: dict[str, Any]) -> dict[str, Any]:
    """The fields of a body as the view of a route gets them."""
    from chalicelib.kernel.web.http import ROUTES

    [made] = [each for each in ROUTES if f"{each.method} {each.path}" == route]
    read: dict[str, Any] = msgspec.to_builtins(decode_body(msgspec.json.encode(body), made.body))
    return {name: read[name] for name in body}


@pytest.mark.parametrize(
    ("route", "sent", "read"),
    [
        ("POST /v1/admin/orders/{id}/ship",
         {"carrier": " 顺丰\u200b ", "tracking_number": " ｓｆ 1029－3847 56\n"},
         {"carrier": "顺丰", "tracking_number": "SF1029-384756"}),
        ("POST /v1/orders/{id}/invoice",
         {"kind": "company", "title": "　某某（上海）有限公司 ", "email": " a＠example．com\n",
          "tax_number": "９１３１ 0000ma1k 35x2 1k\t"},
         {"kind": "company", "title": "某某（上海）有限公司", "email": "a@example.com",
          "tax_number": "91310000MA1K35X21K"}),
        ("POST /v1/admin/invoices/{id}/issue", {"number": " 1234 ５６７８\n"},
         {"number": "12345678"}),
        ("PUT /v1/me/payout-account",
         {"kind": "bank", "holder": " 李雷", "bank": "中国银行　上海分行",
          "account_number": "\t６２１７ 0000—1234 5671 233 "},
         {"kind": "bank", "holder": "李雷", "bank": "中国银行 上海分行",
          "account_number": "6217 0000-1234 5671 233"}),
        ("PUT /v1/me/payout-account", {"kind": "provider", "account": " acct_1234567890\n"},
         {"kind": "provider", "account": "acct_1234567890"}),
        ("POST /v1/admin/cod-remittances", {"orders": ["ord_1"], "bank_reference": " ＢＫ／1—2 "},
         {"orders": ["ord_1"], "bank_reference": "BK/1-2"}),
        ("POST /v1/admin/code-pools/{sku}/codes",
         {"codes": [" AB-12\n", "Ｃ３ \u00a0D", "\ufeffE"]},
         {"codes": ["AB-12", "C3 D", "E"]}),
        ("POST /v1/orders", {"items": [{"sku": " CUP－RED\n", "quantity": 1}]},
         {"items": [{"sku": "CUP-RED", "quantity": 1}]}),
        ("POST /v1/me/points/transfers",
         {"to": {"phone": "\u202a138 0013 8000\u202c"}, "points": 1},
         {"to": {"phone": "138 0013 8000"}, "points": 1}),
        ("POST /v1/me/addresses",
         {"recipient": "王", "phone": "１３８００１３８０００", "country": "ｇｂ", "province": "x",
          "city": "y", "street": "z", "postal_code": "\tsw1a　1aa "},
         {"recipient": "王", "phone": "13800138000", "country": "GB", "province": "x", "city": "y",
          "street": "z", "postal_code": "SW1A 1AA"}),
        ("POST /v1/admin/members/{id}/freeze", {"reason": " 盗号\n申诉\u200b"},
         {"reason": "盗号 申诉"}),
        ("POST /v1/admin/reconciliation-findings/{id}/explain", {"note": " a \r\n\u200bb\n"},
         {"note": "a\nb"}),
        ("PATCH /v1/me", {"nickname": "小\u202e满👨‍👩‍👧 "}, {"nickname": "小满👨‍👩‍👧"}),
    ],
)  # fmt: skip
def test_pasted_text_is_read_as_it_was_meant(
    api: Api, route: str, sent: dict[str, Any], read: dict[str, Any]
) -> None:
    assert read_by(route, sent) == read
    assert read_by(route, read) == read


@pytest.mark.parametrize(
    ("route", "field", "body"),
    [
        ("PATCH /v1/me", "nickname", {}),
        ("POST /v1/admin/orders/{id}/reject", "reason", {}),
        ("POST /v1/admin/members/{id}/freeze", "reason", {}),
        ("POST /v1/admin/orders/{id}/refunds", "reason", {}),
        ("POST /v1/admin/withdrawals/{id}/reject", "reason", {}),
        ("POST /v1/admin/orders/{id}/ship", "carrier", {"tracking_number": "1"}),
        ("PUT /v1/me/payout-account", "holder",
         {"kind": "bank", "bank": "x", "account_number": "12345678"}),
        ("POST /v1/orders/{id}/invoice", "title", {"kind": "personal", "email": "a@example.com"}),
        ("POST /v1/admin/categories", "title.en", {"id": "x"}),
        ("POST /v1/admin/reconciliation-findings/{id}/explain", "note", {}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("text", ["\u200b", "\u2060 \u3164", "\u2800", "\u0301", "\U000e0041"])
def test_an_invisible_text_is_refused_by_its_field(
    api: Api, route: str, field: str, body: dict[str, Any], text: str
) -> None:
    first, _, last = field.partition(".")
    sent = {**body, first: {"zh-CN": "x", last: text} if last else text}
    with pytest.raises(Invalid) as refused:
        read_by(route, sent)
    assert [error.field for error in refused.value.fields] == [field]


@pytest.mark.parametrize("text", ["", " ", "\u200b", "\u2060 \u3164"])
def test_an_optional_text_may_be_empty(api: Api, text: str) -> None:
    gift = {"to": {"member_id": "mbr_1"}, "points": 1, "message": text}
    assert read_by("POST /v1/me/points/transfers", gift)["message"] == ""
    address = {
        "recipient": "Ada",
        "phone": "+447400123456",
        "city": "London",
        "street": "1 High St",
    }
    for field in ("province", "district", "postal_code"):
        assert read_by("POST /v1/me/addresses", {**address, field: text})[field] == ""
        assert read_by("PATCH /v1/me/addresses/{id}", {field: text})[field] == ""


@pytest.mark.parametrize("text", ["\u202eabc", "a\u2066b", "a\nb"])
def test_direction_marks_in_a_message_are_refused_in_their_own_words(api: Api, text: str) -> None:
    gift = {"to": {"member_id": "mbr_1"}, "points": 1, "message": text}
    with pytest.raises(Invalid) as refused:
        read_by("POST /v1/me/points/transfers", gift)
    (error,) = refused.value.fields
    english = "must be one line of text, without marks that turn its direction"
    assert error.field == "message"
    assert error.message == ("须为一行文字，且不含改变文字方向的符号", english)


@pytest.mark.parametrize(
    ("route", "field", "body"),
    [
        ("POST /v1/admin/orders/{id}/ship", "tracking_number", {"carrier": "SF"}),
        ("POST /v1/admin/cod-remittances", "bank_reference", {"orders": ["ord_1"]}),
        ("PATCH /v1/me/addresses/{id}", "postal_code", {}),
    ],
)
@pytest.mark.parametrize("text", ["---", "－ —", "- -"])
def test_a_tracking_number_needs_a_letter_or_a_digit(
    api: Api, route: str, field: str, body: dict[str, Any], text: str
) -> None:
    with pytest.raises(Invalid) as refused:
        read_by(route, {**body, field: text})
    (error,) = refused.value.fields
    assert (error.field, error.code) == (field, "invalid")
    assert error.message.en.endswith("and at least one letter or digit")


@pytest.mark.parametrize("text", ["〒100-0001", "〒 １００－０００１", "100ー0001", "〶100—0001"])
def test_the_japanese_postal_mark_is_dropped(api: Api, text: str) -> None:
    read = read_by("PATCH /v1/me/addresses/{id}", {"postal_code": text})
    assert read == {"postal_code": "100-0001"}


@pytest.mark.parametrize("text", ["a b", ".", "..", "x:end", "订单"])
def test_a_partners_id_is_refused_in_words(text: str) -> None:
    hold = {"id": text, "member": {"member_id": "m"}, "points": 1, "expires_in_seconds": 60}
    with pytest.raises(Invalid) as refused:
        decode_body(msgspec.json.encode(hold), HoldIn)
    (error,) = refused.value.fields
    said = "may hold letters, digits and . _ : - only, and may not be . or .. or end in :end"
    assert (error.field, error.message.en) == ("id", said)
