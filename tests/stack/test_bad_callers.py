"""Callers without valid tokens, with objects of others, or without proper HTTP."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from time import time
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.stack.mall import Mall, Person, read
from tests.stack.refusals import check_refusal

QUARTER_S = 15 * 60


@pytest.fixture
def member(mall: Mall) -> Person:
    [made] = mall.members(1, points=1000, address=True)
    return made


def _part(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def _forged(token: str, header: dict[str, str], **claims: Any) -> str:
    """The token with other claims, signed with no key that the mall has."""
    given = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    content = f"{_part(header)}.{_part({**given, **claims})}"
    digest = hmac.new(b"guess", content.encode(), hashlib.sha256).digest()
    signature = base64.urlsafe_b64encode(digest).decode().rstrip("=")
    return f"{content}.{signature if header['alg'] != 'none' else ''}"


def test_a_caller_without_a_valid_token_gets_a_401(mall: Mall, member: Person) -> None:
    good = member.token
    head, body, signature = good.split(".")
    known = json.loads(base64.urlsafe_b64decode(head + "=="))
    for said in (
        None,
        "",
        "Bearer",
        f"Basic {good}",
        good,
        f"Bearer {good} {good}",
        "Bearer a.b.c",
        f"Bearer {head}.{body}.",
        f"Bearer {head}.{body}.{signature[:-4]}AAAA",
        f"Bearer {'x' * 8000}",
        "Bearer \xff",
        f"Bearer {_forged(good, {'alg': 'none', 'kid': known['kid']})}",
        f"Bearer {_forged(good, known, roles=['admin'])}",
        f"Bearer {_forged(good, {**known, 'kid': 'k9'})}",
    ):
        headers = {} if said is None else {"Authorization": said.encode("latin-1")}
        answer = mall.get("/v1/me", headers=headers)  # type: ignore[arg-type]
        check_refusal(answer, 401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_a_token_ends_after_fifteen_minutes_of_the_programs_clock(mall: Mall) -> None:
    [member] = mall.members(1)
    read(mall.get("/v1/me", as_=member.token))
    read(mall.post("/_local/clock", {"advance_seconds": QUARTER_S}))
    check_refusal(mall.get("/v1/me", as_=member.token), 401, "unauthenticated")
    body = {"items": [{"sku": "A", "quantity": 1}]}
    late = mall.post("/v1/orders", body, as_=member.token, key=mall.new_key())
    check_refusal(late, 401, "unauthenticated")


def _operations(mall: Mall) -> list[tuple[str, str, list[str]]]:
    """(method, path, roles) of every operation that asks for a token."""
    document = read(mall.get("/openapi.json"))
    return [
        (method.upper(), path.replace("{", "").replace("}", ""), operation["x-roles"])
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if operation["x-roles"]
    ]


def test_every_operation_needs_a_token_and_its_role(mall: Mall) -> None:
    found = _operations(mall)
    tokens = {role: mall.person(role).token for role in ("member", "agent", "finance")}
    for method, path, roles in found:
        check_refusal(mall.request(method, path), 401, "unauthenticated")
        for role, token in tokens.items():
            # The staff are members too.
            if not {role, "member"} & set(roles):
                check_refusal(mall.request(method, path, as_=token), 403, "forbidden")
    assert len(found) > 40


def test_objects_of_others_are_not_found(mall: Mall, member: Person) -> None:
    [other] = mall.members(1)
    order = read(mall.order(member, mall.sku(points=10)), 201)["id"]
    [address] = mall.pages("/v1/me/addresses", member)
    [identity] = mall.pages("/v1/me/identities", member)
    [session, *_] = mall.pages("/v1/me/sessions", member)
    mall.drain()
    notice = mall.pages("/v1/me/notifications", member)[0]
    before = mall.show_order(member, order)
    for method, path in (
        ("GET", f"/v1/orders/{order}"),
        ("POST", f"/v1/orders/{order}/cancel"),
        ("POST", f"/v1/orders/{order}/confirm-receipt"),
        ("GET", f"/v1/me/addresses/{address['id']}"),
        ("DELETE", f"/v1/me/addresses/{address['id']}"),
        ("DELETE", f"/v1/me/identities/{identity['id']}"),
        ("DELETE", f"/v1/me/sessions/{session['id']}"),
        ("POST", f"/v1/me/notifications/{notice['id']}/read"),
    ):
        answer = mall.request(method, path, as_=other.token, key=mall.new_key())
        check_refusal(answer, 404, "not_found")
    change = {"street": "elsewhere"}
    answer = mall.request("PATCH", f"/v1/me/addresses/{address['id']}", change, as_=other.token)
    check_refusal(answer, 404, "not_found")
    assert mall.show_order(member, order) == before
    assert mall.pages("/v1/me/addresses", member) == [address]
    assert mall.pages("/v1/me/identities", member) == [identity]


@pytest.mark.parametrize(
    "path",
    [
        "/v1/orders/x", "/v1/orders/%00", "/v1/orders/%ff", "/v1/orders/..%2f..",
        "/v1/orders/%F0%9F%92%A9", "/v1/orders/%0d%0aX-Evil:1", "/v1/orders/" + "x" * 5000,
        "/v1/orders/%20", "/", "/v1", "/v1/nothing", "//v1//me", "/v1/me/points/entries/x",
    ],
    ids=lambda path: path[:30],
)  # fmt: skip
def test_an_unknown_object_is_a_404(mall: Mall, member: Person, path: str) -> None:
    answer = mall.get(path, as_=member.token)
    check_refusal(answer, 404, "not_found")
    assert "X-Evil" not in answer.headers


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/orders", "POST"),
        ("PUT", "/v1/orders", "POST"),
        ("DELETE", "/v1/me/points", "GET"),
        ("PATCH", "/v1/orders/x/cancel", "POST"),
        ("HEAD", "/v1/me", "GET, PATCH, DELETE"),
        ("OPTIONS", "/v1/me", "GET, PATCH, DELETE"),
        ("TRACE", "/v1/me", "GET, PATCH, DELETE"),
        ("POST", "/v1/health", "GET"),
    ],
)
def test_another_method_is_a_405_with_the_allowed_ones(
    mall: Mall, member: Person, method: str, path: str, allowed: str
) -> None:
    answer = mall.request(method, path, as_=member.token)
    assert answer.headers["Allow"] == allowed
    if method == "HEAD":
        assert (answer.status_code, answer.content) == (405, b"")
    else:
        check_refusal(answer, 405, "method_not_allowed")


def test_a_partner_without_a_valid_signature_gets_a_401(mall: Mall, member: Person) -> None:
    raw = json.dumps(mall.paid(member, 100)).encode()
    good, now_s, before = mall.signed(raw), int(time()), mall.balance(member)
    name, at = "Jifen-Signature", "signature_invalid"
    zeros = f"v1={'0' * 64}"
    for headers, code, content in (
        ({**good, "Jifen-Key": "nobody"}, at, raw),
        ({**good, "Jifen-Key": ""}, at, raw),
        ({**good, name: ""}, at, raw),
        ({**good, name: f"t={now_s},{zeros}"}, at, raw),
        ({**good, name: f"t=now,{zeros}"}, at, raw),
        ({**good, name: f"t={'9' * 400},{zeros}"}, at, raw),
        ({**good, name: good[name].upper()}, at, raw),
        (mall.signed(raw, secret="another"), at, raw),
        (good, at, raw.replace(b"10000", b"90000")),
        (good, at, raw + b" "),
        (mall.signed(raw, at_s=now_s - 400), "signature_expired", raw),
        (mall.signed(raw, at_s=now_s + 400), "signature_expired", raw),
    ):
        answer = mall.request("POST", "/v1/events", content=content, headers=headers)
        check_refusal(answer, 401, code)
    without = {each: good[each] for each in good if each != name}
    check_refusal(mall.request("POST", "/v1/events", content=raw, headers=without), 401, at)
    assert mall.balance(member) == before


def test_an_invalid_event_is_refused_by_the_name_of_its_field(mall: Mall, member: Person) -> None:
    good, before = mall.paid(member, 100), mall.balance(member)
    for event, code, field in (
        ({**good, "colour": 1}, "unknown_field", "colour"),
        ({**good, "type": "order.gift"}, "invalid_request", "type"),
        ({**good, "id": "with a space"}, "invalid_request", "id"),
        ({**good, "id": "line\n"}, "invalid_request", "id"),
        ({**good, "member": {}}, "invalid_request", "member"),
        ({**good, "member": {"member_id": "a", "phone": "b"}}, "invalid_request", "member"),
        ({**good, "member": {"phone": "123"}}, "invalid_request", "member.phone"),
        ({**good, "member": {"email": "a@b@c"}}, "invalid_request", "member.email"),
        ({**good, "occurred_at": "2099-01-01T00:00:00Z"}, "invalid_request", "occurred_at"),
        ({**good, "occurred_at": "0001-01-01T00:00:00+10:00"}, "invalid_request", "occurred_at"),
        ({**good, "occurred_at": 1795303228}, "invalid_request", "occurred_at"),
        (_with(good, amount=100.0), "invalid_request", "data.amount"),
        (_with(good, amount=-1), "invalid_request", "data.amount"),
        (_with(good, amount=True), "invalid_request", "data.amount"),
        (_with(good, amount=10**30), "invalid_request", "data.amount"),
        (_with(good, currency="yuan"), "invalid_request", "data.currency"),
        (_with(good, currency="CNY\n"), "invalid_request", "data.currency"),
        ({"events": []}, "invalid_request", "events"),
        ({"events": [good] * 101}, "invalid_request", "events"),
    ):
        answer = mall.send_event(event)
        check_refusal(answer, 400, code)
        assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert mall.balance(member) == before


def _with(event: dict[str, Any], **data: Any) -> dict[str, Any]:
    return {**event, "data": {**event["data"], **data}}


def _raw(mall: Mall, sent: bytes) -> httpx.Response:
    """The answer to raw bytes on a connection of their own."""
    address = urlsplit(mall.url)
    with socket.create_connection((address.hostname, address.port), timeout=60) as connection:
        connection.sendall(sent)
        received = b""
        while b"\r\n\r\n" not in received:
            part = connection.recv(1 << 16)
            assert part, received
            received += part
        head, _, body = received.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.split(": ", 1) for line in lines[1:])
        while len(body) < int(headers.get("content-length", 0)):
            body += connection.recv(1 << 16)
    return httpx.Response(int(lines[0].split()[1]), headers=headers, content=body)


def test_a_body_above_ten_megabytes_is_refused_before_it_is_read(mall: Mall) -> None:
    head = b"POST /v1/events HTTP/1.1\r\nHost: mall\r\nContent-Length: 11000000\r\n\r\n"
    check_refusal(_raw(mall, head), 413, "payload_too_large")


@pytest.mark.parametrize(
    "head",
    [
        b"GET /v1/health HTTP/1.1\r\nHost: mall\r\nContent-Length: -1\r\n\r\n",
        b"GET /v1/health HTTP/1.1\r\nHost: mall\r\nContent-Length: x\r\n\r\n",
        b"GET /v1/health HTTP/1.1\r\nHost: mall\r\nbad header\r\n\r\n",
        b"GET /v1/\x00 HTTP/1.1\r\nHost: mall\r\n\r\n",
        b"FOO /v1/health HTTP/1.1\r\nHost: mall\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
    ],
)
def test_bytes_that_are_no_http_get_a_400_and_harm_no_other_request(
    mall: Mall, head: bytes
) -> None:
    assert _raw(mall, head).status_code == 400
    assert read(mall.get("/v1/health")) == {"status": "ok"}


def test_long_headers_and_strange_languages_are_harmless(mall: Mall, member: Person) -> None:
    for headers in (
        {"X-Long": "x" * 16_384},
        {"Accept-Language": "x" * 16_384},
        {"Accept-Language": "en;q=1.0.0,zh;q=,*;q=-1,;;;"},
        {"User-Agent": "\xe9" * 200},
        {"Content-Type": "application/json; charset=\xff"},
    ):
        sent = {name: value.encode("latin-1") for name, value in headers.items()}
        answer = mall.get("/v1/me", as_=member.token, headers=sent)  # type: ignore[arg-type]
        assert answer.status_code in (200, 431)
