"""Invalid bodies, keys and queries are refused by name and write nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from tests.stack.mall import Mall, Person, read
from tests.stack.refusals import check_refusal

DEEP = 100_000
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Shopper:
    """A member who could place the refused order."""

    mall: Mall
    member: Person
    sku: str

    def state(self) -> Any:
        mall, member = self.mall, self.member
        lists = ("/v1/me/orders", "/v1/me/points/entries", "/v1/me/addresses")
        found = [mall.pages(path, member) for path in lists]
        return mall.balance(member), mall.stock(self.sku), found

    def order(self, raw: bytes, **headers: str) -> httpx.Response:
        sent = {"Content-Type": "application/json", "Idempotency-Key": self.mall.new_key()}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        path, token = "/v1/orders", self.member.token
        return self.mall.post(path, as_=token, headers=sent, content=raw)


@pytest.fixture(scope="module")
def shopper(mall: Mall) -> Iterator[Shopper]:
    """Assert after all refusals that the member's state is unchanged."""
    made = _shopper(mall)
    before = made.state()
    yield made
    assert made.state() == before


def _shopper(mall: Mall) -> Shopper:
    [member] = mall.members(1, points=10_000, address=True)
    return Shopper(mall, member, mall.sku(points=100, stock=1000))


SKU = ("items[0].sku", "invalid")


def _quantity(text: str) -> bytes:
    return b'{"items":[{"sku":"SKU","quantity":' + text.encode() + b"}]}"


BODIES: dict[str, tuple[bytes, str, tuple[str, str] | None]] = {
    "nothing": (b"", "invalid_json", None),
    "half": (b'{"items":[', "invalid_json", None),
    "null": (b"null", "invalid_request", ("", "invalid")),
    "array": (b"[]", "invalid_request", ("", "invalid")),
    "text": (b'"items"', "invalid_request", ("", "invalid")),
    "byte order mark": (b"\xef\xbb\xbf" + _quantity("1"), "invalid_json", None),
    "not utf-8": (b"\xff\xfe{}", "invalid_json", None),
    "not utf-8 in text": (b'{"items":[{"sku":"\xc3\x28","quantity":1}]}', "invalid_json", None),
    "more after the end": (_quantity("1") + b"{}", "invalid_json", None),
    "deep": (b'{"items":' + b"[" * DEEP + b"]" * DEEP + b"}", "invalid_request", None),
    "deep and unknown": (
        b'{"items":[{"sku":"A","quantity":1}],"x":' + b'{"x":' * DEEP + b"1" + b"}" * DEEP + b"}",
        "unknown_field", None,
    ),
    "unknown field": (b'{"colour":"red","items":[]}', "unknown_field", ("colour", "unknown_field")),
    "unknown field inside": (
        b'{"items":[{"sku":"A","quantity":1,"price":1}]}',
        "unknown_field", ("items[0].price", "unknown_field"),
    ),
    "no items": (b"{}", "invalid_request", ("items", "required")),
    "no quantity": (b'{"items":[{"sku":"A"}]}', "invalid_request",
                    ("items[0].quantity", "required")),
    "empty items": (b'{"items":[]}', "invalid_request", ("items", "too_few")),
    "nul": (b'{"items":[{"sku":"A\\u0000","quantity":1}]}', "invalid_request", SKU),
    "line feed": (b'{"items":[{"sku":"A\\nB","quantity":1}]}', "invalid_request", SKU),
    "half a pair": (b'{"items":[{"sku":"A\\ud83d","quantity":1}]}', "invalid_json", None),
    "long sku": (b'{"items":[{"sku":"' + b"A" * 33 + b'","quantity":1}]}', "invalid_request",
                 ("items[0].sku", "too_long")),
    "no such sku": (
        b'{"items":[{"sku":"NO-SUCH-SKU","quantity":1}]}', "invalid_request",
        ("items[0].sku", "unknown_sku"),
    ),
    "number that is none": (_quantity("NaN"), "invalid_json", None),
    "leading zero": (_quantity("01"), "invalid_json", None),
}  # fmt: skip
NO_INTEGERS = ("1.0", "1.5", "1e0", '"1"', "true", "null", "[1]", "{}")
QUANTITIES = (
    *NO_INTEGERS,
    "1e400",
    "0",
    "-0",
    "-1",
    "100",
    "9223372036854775808",
    "1" + "0" * 30,
    "9" * 5000,
)


@pytest.mark.parametrize("name", BODIES)
def test_an_invalid_body_is_refused_by_the_name_of_its_field(shopper: Shopper, name: str) -> None:
    raw, code, field = BODIES[name]
    check_refusal(shopper.order(raw.replace(b"SKU", shopper.sku.encode())), 400, code, field)


@pytest.mark.parametrize("text", QUANTITIES, ids=lambda text: text[:20])
def test_a_quantity_is_an_integer_in_its_range(shopper: Shopper, text: str) -> None:
    raw = _quantity(text).replace(b"SKU", shopper.sku.encode())
    code = "not_an_integer" if text in NO_INTEGERS else "out_of_range"
    check_refusal(shopper.order(raw), 400, "invalid_request", ("items[0].quantity", code))


def test_a_body_has_one_megabyte_at_most(mall: Mall) -> None:
    shopper = _shopper(mall)
    raw = _quantity("1").replace(b"SKU", shopper.sku.encode())
    before = shopper.state()
    check_refusal(shopper.order(raw.ljust(MEGABYTE + 1)), 413, "payload_too_large")
    assert shopper.state() == before
    assert read(shopper.order(raw.ljust(MEGABYTE)), 201)["points"] == 100


@pytest.mark.parametrize(
    "key", [None, "1234567", "x" * 129, "x" * 16_384, "with a space", "tab\there", "钥匙钥匙钥匙"]
)
def test_an_invalid_key_is_refused(shopper: Shopper, key: str | None) -> None:
    raw = _quantity("1").replace(b"SKU", shopper.sku.encode())
    headers = {"Content-Type": "application/json"}
    if key is not None:
        headers["Idempotency-Key"] = key.encode()  # type: ignore[assignment]
    token = shopper.member.token
    answer = shopper.mall.post("/v1/orders", as_=token, headers=headers, content=raw)
    field = ("Idempotency-Key", "invalid")
    check_refusal(answer, 400, "idempotency_key_required", field)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "json", ""])
def test_a_body_without_the_content_type_of_json_is_refused(shopper: Shopper, kind: str) -> None:
    raw = _quantity("1").replace(b"SKU", shopper.sku.encode())
    check_refusal(shopper.order(raw, Content_Type=kind), 415, "unsupported_media_type")


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("limit=1&limit=2", "invalid_request", ("limit", "duplicate")),
        ("limit=0", "invalid_request", ("limit", "out_of_range")),
        ("limit=101", "invalid_request", ("limit", "out_of_range")),
        ("limit=1.0", "invalid_request", ("limit", "invalid")),
        ("limit=1e1", "invalid_request", ("limit", "invalid")),
        ("limit=", "invalid_request", ("limit", "not_an_integer")),
        ("limit=%00", "invalid_request", ("limit", "invalid")),
        ("limit=99999999999999999999", "invalid_request", ("limit", "out_of_range")),
        ("colour=red", "unknown_field", ("colour", "unknown_field")),
        ("%FF=1", "unknown_field", None),
        ("type=gift", "invalid_request", ("type", "not_one_of")),
        ("from=yesterday", "invalid_request", ("from", "invalid")),
        ("from=5", "invalid_request", ("from", "invalid")),
        ("to=0.5", "invalid_request", ("to", "invalid")),
        ("from=2026-11-21T08:00:00", "invalid_request", ("from", "invalid")),
        ("from=0001-01-01T00:00:00%2B23:59", "invalid_request", ("from", "invalid")),
        ("to=9999-12-31T23:59:59-23:59", "invalid_request", ("to", "invalid")),
        ("cursor=", "invalid_cursor", ("cursor", "invalid")),
        ("cursor=AAAA", "invalid_cursor", ("cursor", "invalid")),
        ("cursor=%E6%B8%B8%FF", "invalid_cursor", ("cursor", "invalid")),
    ],
)
def test_an_invalid_query_is_refused_by_the_name_of_its_parameter(
    shopper: Shopper, query: str, code: str, field: tuple[str, str] | None
) -> None:
    token = shopper.member.token
    answer = shopper.mall.get(f"/v1/me/points/entries?{query}", as_=token)
    check_refusal(answer, 400, code, field)


@pytest.mark.parametrize(
    "query",
    [
        "from=2026-11-21T08:00:00Z&to=2025-11-21T08:00:00Z",
        "from=0018-08-22T18:26:34Z&to=0337-12-25T16:11:03Z",
        "from=9999-12-31T23:59:59Z",
    ],
)
def test_an_empty_span_lists_nothing(shopper: Shopper, query: str) -> None:
    answer = shopper.mall.get(f"/v1/me/points/entries?{query}", as_=shopper.member.token)
    assert read(answer) == {"data": [], "next_cursor": None}


def test_a_cursor_works_for_its_list_and_its_owner_only(mall: Mall) -> None:
    member, other = mall.members(2)
    mall.give([member] * 2, 10)
    path = "/v1/me/points/entries"
    page = read(mall.get(path, as_=member.token, params={"limit": 1}))
    cursor = page["next_cursor"]
    assert read(mall.get(path, as_=member.token, params={"cursor": cursor}))["data"]
    for token, elsewhere in (
        (other.token, f"{path}?cursor={cursor}"),
        (member.token, f"/v1/me/orders?cursor={cursor}"),
        (member.token, f"{path}?type=accrual&cursor={cursor}"),
        (member.token, f"{path}?cursor={cursor[:-1]}"),
        (member.token, f"{path}?cursor={cursor}A"),
    ):
        answer = mall.get(elsewhere, as_=token)
        check_refusal(answer, 400, "invalid_cursor", ("cursor", "invalid"))
