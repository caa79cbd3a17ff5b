"""A refusal of a field or a value names the allowed ones."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import msgspec
import pytest

import app  # noqa: F401 - its contexts' routes are known
from chalicelib.earning.routes.bodies import EventIn, EventsIn
from chalicelib.kernel.errors import FieldError, Invalid, UnknownField
from chalicelib.kernel.web.http import ROUTES, NoQuery, Nothing
from chalicelib.kernel.web.openapi_schemas import each
from chalicelib.kernel.web.requests import decode_body, decode_query
from tests.api import Api, token


class Line(msgspec.Struct, forbid_unknown_fields=True):
    sku: str
    colour: Literal["red", "blue"] | None = None


class Cart(msgspec.Struct, forbid_unknown_fields=True):
    lines: Annotated[list[Line], msgspec.Meta(max_length=9)]
    by_store: dict[str, Line] = {}
    gift: tuple[Line, int] | None = None
    bag: Literal["paper"] = "paper"
    size: Literal[1, 2] = 1
    pays_by: str = msgspec.field(name="payBy", default="card")


def refused(content: Any, kind: Any = Cart) -> FieldError:
    with pytest.raises(Invalid) as error:
        decode_body(json.dumps(content).encode(), kind)
    assert isinstance(error.value, UnknownField) == (error.value.fields[0].code == "unknown_field")
    (field,) = error.value.fields
    return field


FIELDS = "__struct_encode_fields__"
CART = "lines, by_store, gift, bag, size, payBy"


@pytest.mark.parametrize(
    ("content", "field", "names"),
    [
        ({"itms": []}, "itms", CART),
        ({"lines": [], "pays_by": "card"}, "pays_by", CART),
        ({"lines": [{"sku": "a"}, {"sku": "b", "color": "red"}]}, "lines[1].color", "sku, colour"),
        ({"lines": [], "by_store": {"s.1[0]": {"x": 1}}}, "by_store.s.1[0].x", "sku, colour"),
        ({"lines": [], "gift": [{"sku": "a", "x": 1}, 1]}, "gift[0].x", "sku, colour"),
    ],
)
def test_an_unknown_field_is_refused_with_the_known_ones(
    content: Any, field: str, names: str
) -> None:
    told = refused(content)
    assert (told.field, told.code) == (field, "unknown_field")
    assert told.message.en == f"is not a field of this request; it takes {names}"
    assert told.message.zh == f"不是该请求的字段；可用：{names.replace(', ', '、')}"


def test_a_field_is_refused_without_names_where_none_is_known() -> None:
    told = refused({"x": 1}, Nothing)
    assert told.message.en == "is not a field of this request; it takes none"
    with pytest.raises(UnknownField) as error:
        decode_query({"multiValueQueryStringParameters": {"page": ["2"]}}, NoQuery)
    assert error.value.fields[0].message.zh == "此处没有可用的字段"


@pytest.mark.parametrize(
    ("content", "field", "zh", "en"),
    [
        ({"lines": [{"sku": "a", "colour": "grey"}]}, "lines[0].colour",
         "须为 blue、red 之一", "must be one of blue, red"),
        ({"lines": [], "bag": "plastic"}, "bag", "须为 paper", "must be paper"),
        ({"lines": [], "size": 3}, "size", "须为 1、2 之一", "must be one of 1, 2"),
    ],
)  # fmt: skip
def test_a_value_outside_a_list_is_refused_with_the_list(
    content: Any, field: str, zh: str, en: str
) -> None:
    assert refused(content) == (field, "not_one_of", (zh, en))


def test_the_refusal_names_the_fields_of_the_given_type() -> None:
    event = {
        "type": "order.refunded",
        "id": "e1",
        "occurred_at": "2026-11-21T08:00:00Z",
        "member": {"phone": "+8613800138000"},
        "data": {"order_id": "o", "currency": "CNY", "amout": 1},
    }
    names = "order_id, currency, amount, items, attributes, birthday"
    taken = f"is not a field of this request; it takes {names}"
    assert refused(event, EventIn)[:2] == ("data.amout", "unknown_field")
    assert refused(event, EventIn).message.en == taken
    assert refused({"events": [event]}, EventsIn).field == "events[0].data.amout"
    assert refused({"events": [event]}, EventsIn).message.en == taken
    other = refused({**event, "type": "order.shipped"}, EventIn)
    types = "custom.order_completed, member.updated, order.paid, order.refunded"
    assert (other.field, other.code) == ("type", "not_one_of")
    assert ", ".join(sorted(other.message.en.removeprefix("must be one of ").split(", "))) == types


@pytest.mark.parametrize(
    ("first", "then", "code"),
    [("order.paid", "order.refunded", "duplicate"), ("order.paid", "x", "not_one_of"),
     ("x", "order.paid", "duplicate")],
)  # fmt: skip
def test_a_type_that_is_given_twice_is_refused_as_a_duplicate(
    first: str, then: str, code: str
) -> None:
    with pytest.raises(Invalid) as error:
        decode_body(f'{{"type": "{first}", "type": "{then}", "id": "e1"}}'.encode(), EventIn)
    (field,) = error.value.fields
    assert (field.field, field.code) == ("type", code)
    assert (field.message.en == "is given more than once") == (code == "duplicate")


def test_an_unknown_parameter_is_refused_with_the_known_ones() -> None:
    answer = Api().get("/v1/products?sort=cheap")
    assert (answer.status, answer.body["code"]) == (400, "invalid_request")
    assert answer.body["errors"] == [
        {
            "field": "sort",
            "code": "not_one_of",
            "message": "must be one of -points, newest, points, popular",
        }
    ]
    answer = Api().get("/v1/products?catgory=home", headers={"Accept-Language": "zh-CN"})
    assert answer.body["code"] == "unknown_field"
    (told,) = answer.body["errors"]
    assert told["field"] == "catgory"
    assert "可用：limit、cursor、q、category、brand、scene、kind" in told["message"]


def _bodies() -> list[Any]:
    found = [kind for route in ROUTES for kind in each(route.body) if hasattr(kind, FIELDS)]
    return list({repr(kind): kind for kind in found}.values())


@pytest.mark.parametrize("kind", _bodies(), ids=repr)
def test_every_body_refuses_an_unknown_field_with_the_known_ones(kind: Any) -> None:
    told = refused({"no_such_field": 1}, kind)
    # The tag names one of several types, so it is missed first.
    if told.code != "required":
        assert told.field == "no_such_field"
        assert all(name in told.message.en for name in getattr(kind, FIELDS))


def test_an_order_with_a_typo_is_refused_with_the_fields_of_an_order() -> None:
    body = {"items": [{"sku": "CUP-RED", "quantity": 1}], "payment_method": "cash"}
    answer = Api().post("/v1/orders", body, as_=token("mbr_1"), key="12345678")
    assert answer.body["errors"] == [
        {
            "field": "payment_method",
            "code": "not_one_of",
            "message": "must be one of alipay, card, cod, wechat_pay",
        }
    ]
    assert answer.body["detail"] == "payment_method must be one of alipay, card, cod, wechat_pay"
