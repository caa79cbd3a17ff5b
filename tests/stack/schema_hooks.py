"""Hooks of schemathesis: real ids, partners' signatures, semantic checks.

Read by `st run` through SCHEMATHESIS_HOOKS; JIFEN_SCHEMA_FACTS names a file with what is there:
`{"url", "token", "partner", "secret", "ids": {"/v1/orders/{id}": ["ord_..."]},
"bodies": {"POST /v1/orders": {"items": [...]}}}`.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from time import time
from typing import Any
from zlib import crc32

import requests
import schemathesis
from requests import PreparedRequest
from requests.auth import AuthBase
from schemathesis.core.failures import AcceptedNegativeData
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.meta import TestPhase
from schemathesis.openapi.checks import RejectedPositiveData

from chalicelib.kernel import spelling
from chalicelib.kernel.signatures import sign

IN_CAPITALS = {"country", "postal_code", "tracking_number", "tax_number"}
# Refusals of requests that fit their schema: (operation, code of the field or of the problem,
# the rule that a schema cannot express).
SEMANTIC = (
    (".*", "not_an_integer", "JSON Schema takes 2.0 for an integer, the contract does not"),
    ("GET .*", "invalid_cursor", "a cursor is signed, for its list and owner"),
    ("GET /v1/products", "less_than_min_points", "one parameter beside another"),
    ("GET /v1/admin/members", "exactly_one", "one of three parameters"),
    ("GET /v1/admin/members", "invalid_phone", "the numbering plans of the world"),
    ("GET /v1/admin/members", "invalid_email", "the rules of internet mail"),
    ("GET /v1/me/points", "in_the_future", "the clock"),
    ("GET /v1/admin/members/{id}/points", "in_the_future", "the clock"),
    ("GET /v1/me/points/statements/{month}", "not_a_month", "a month of the calendar"),
    ("GET /v1/admin/ledger/totals", "in_the_future", "the program's day"),
    ("GET /v1/admin/ledger/totals", "invalid_span", "one day beside another"),
    ("GET /v1/admin/settlements", "invalid_span", "one day beside another"),
    ("GET /v1/admin/trial-balances/{month}", "not_a_month", "a month of the calendar"),
    ("POST /v1/admin/members/{id}/points/adjustments", "zero", "0 in the middle of a range"),
    ("POST /v1/admin/members/{id}/points/adjustments", "in_the_past", "the clock"),
    ("POST /v1/admin/members/{id}/points/adjustments", "for_points_given", "beside another field"),
    ("PATCH /v1/admin/.*", "stale_version", "the version is not the present one"),
    ("POST /v1/auth/otp", "invalid_phone", "the numbering plans of the world"),
    ("POST /v1/auth/otp", "invalid_email", "the rules of internet mail"),
    ("POST /v1/auth/sessions/refresh", "invalid_json", "no body only beside a header"),
    ("POST /v1/auth/sessions/refresh", "required", "a field unless there is a header"),
    ("POST /v1/auth/sessions/refresh", "unknown_field", "no such field beside a header"),
    ("(POST|PATCH) /v1/me/addresses.*", "invalid_phone", "the numbering plan of the country"),
    ("(POST|PATCH) /v1/me/addresses.*", "required", "a province, by the country beside it"),
    ("(POST|PATCH) /v1/me.*", "blank", "nothing is left without outer spaces"),
    ("POST /v1/me/points/transfers", "exactly_one", "one of three receivers"),
    ("POST /v1/me/points/transfers", "unknown_member", "the member must exist"),
    ("POST /v1/me/points/transfers", "invalid_phone", "the numbering plans of the world"),
    ("POST /v1/me/points/transfers", "invalid_email", "the rules of internet mail"),
    ("PATCH /v1/me/addresses/{id}", "choose_another", "whether it is the default one"),
    ("PUT /v1/me/payout-account", "blank", "nothing is left without outer spaces"),
    ("PUT /v1/me/payout-account", "invalid_account_number", "a check digit, the digits alone"),
    ("POST /v1/me/withdrawals", "wrong_currency", "the program's currency"),
    ("POST /v1/orders.*", "unknown_sku", "the SKU must exist"),
    ("POST /v1/orders.*", "duplicate_sku", "lines differ by one of their fields"),
    ("POST /v1/orders.*", "not_the_price", "the price of the day"),
    ("POST /v1/orders", "unknown_address", "the address must be the caller's"),
    ("POST /v1/orders", "booking_required", "the SKU's kind asks for it, the clock judges it"),
    ("GET /v1/admin/reconciliations/{day}", "not_a_day", "a day of the calendar"),
    ("POST /v1/orders/{id}/invoice", "invalid_email", "the rules of internet mail"),
    ("POST /v1/orders/{id}/invoice", "invalid_tax_number", "its check character"),
    ("POST /v1/orders/{id}/invoice", "required_for_companies", "one field beside another"),
    ("POST /v1/orders/{id}/invoice", "for_companies", "one field beside another"),
    ("POST /v1/admin/orders/{id}/refunds", "duplicate_sku", "lines differ by one of their fields"),
    ("POST /v1/admin/orders/{id}/ship", "duplicate_sku", "lines differ by one of their fields"),
    ("POST /v1/admin/orders/{id}/ship", "more_than_ordered", "what the order holds"),
    ("POST /v1/admin/skus/{sku}/restock", "zero", "0 in the middle of a range"),
    ("POST /v1/admin/code-pools/{sku}/codes", "duplicate", "uniqueness told by place"),
    ("(POST|GET) /v1/(events|partner/.*)", "exactly_one", "one of three members"),
    ("POST /v1/events", "amount_or_items", "one field or the other"),
    ("POST /v1/events", "not_the_sum", "one field beside the sum of others"),
    ("POST /v1/events", "out_of_range", "the sum of amounts"),
    ("POST /v1/events", "in_the_future", "the clock"),
    (
        "(POST|GET) /v1/(events|partner/.*)",
        "invalid_phone",
        "the numbering plans of the world",
    ),
    ("(POST|GET) /v1/(events|partner/.*)", "invalid_email", "the rules of internet mail"),
    ("(POST|PATCH) /v1/admin/products.*", "unknown_category", "the category must exist"),
    ("(POST|PATCH) /v1/admin/products.*", "not_supported", "named by the contract, not offered"),
    ("(POST|PATCH) /v1/admin/products.*", "duplicate", "SKUs differ by one of their fields"),
    ("(POST|PATCH) /v1/admin/products.*", "not_after_on_sale_from", "one field beside another"),
    ("(POST|PATCH) /v1/admin/products.*", "out_of_range", "the years that are thought of"),
    ("(POST|PATCH) /v1/admin/products.*", "stock_comes_from_codes", "the kind decides"),
    ("(POST|PATCH) /v1/admin/products.*", "too_long", "the sum of the specs"),
    ("(POST|PATCH) /v1/admin/products.*", "other_currency", "the program's currency"),
    ("(POST|PATCH) /v1/admin/products.*", "above_points", "one field beside another"),
    ("(POST|PATCH) /v1/admin/products.*", "needs_cash_equivalent", "one field beside another"),
    ("PATCH /v1/admin/products/{id}", "too_many", "SKUs that the product has"),
    ("PATCH /v1/admin/products/{id}", "stock_by_restock", "which SKUs the product has"),
    ("PATCH /v1/admin/products/{id}", "not_changeable", "what the product is"),
    (".*", "blank", "whether anything of a text can be seen"),
    (".*", "too_short", "how much of a text is left once it is spelt"),
    ("GET /v1/admin/(orders|audit)", "one_filter_only", "one parameter beside another"),
    ("GET /v1/admin/audit", "out_of_range", "the years that are thought of"),
)


@cache
def facts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(os.environ["JIFEN_SCHEMA_FACTS"]).read_text("utf-8"))
    return found


def listed(operation: str, problem: dict[str, Any]) -> bool:
    """Whether a refusal's codes all stand in the table for its operation."""
    wanted = {code for route, code, _ in SEMANTIC if re.fullmatch(route, operation)}
    fields = problem["errors"]
    if problem["code"] in wanted:
        return True
    return bool(fields) and all(field["code"] in wanted for field in fields)


@schemathesis.hook
def filter_failure(_context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Keep a failure, unless a listed check refused what fits the schema, or a text that does not
    fit does so once it is spelt as its kind says."""
    if isinstance(failure, AcceptedNegativeData):
        if case.operation.label == "POST /v1/events" and "events" in response.json():
            return False  # an event of a batch is refused by its own answer
        return not (_was_spelt(case.body) or _was_spelt(case.query))
    if not isinstance(failure, RejectedPositiveData) or response.status_code not in (400, 412):
        return True
    return not listed(case.operation.label, response.json())


def _was_spelt(sent: Any, name: str = "") -> bool:
    """Whether there is a text that is read otherwise than it was sent (`kernel/texts.py`)."""
    if isinstance(sent, dict):
        return any(_was_spelt(inner, name) for name, inner in sent.items())
    if isinstance(sent, list):
        return any(_was_spelt(inner, name) for inner in sent)
    if not isinstance(sent, str):
        return False
    return spelling.unspaced(sent) != sent or (name in IN_CAPITALS and sent.upper() != sent)


@schemathesis.hook
def before_call(_context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Use real ids in most valid requests, and sign those of partners."""
    meta = case.meta
    if meta is None or meta.phase.name is TestPhase.STATEFUL:
        return
    operation = case.operation.label
    known, given = facts()["ids"].get(case.operation.path), facts()["bodies"].get(operation)
    if known and _fits(meta, ParameterLocation.PATH):
        [(name, made)] = case.path_parameters.items()
        case.path_parameters[name] = _real(made, known)
        if operation.startswith("PATCH /v1/admin/") and _fits(meta, ParameterLocation.HEADER):
            case.headers["If-Match"] = _version(case.path_parameters[name], case)
    if given and _fits(meta, ParameterLocation.BODY) and isinstance(case.body, dict):
        case.body = _real(json.dumps(case.body), [{**case.body, **given}], case.body)
    signed = case.operation.path.startswith(("/v1/events", "/v1/partner/"))
    if signed and _fits(meta, ParameterLocation.HEADER):
        kwargs["auth"] = Signed()


def _real(made: Any, known: list[Any], otherwise: Any = None) -> Any:
    """A known value in four of five cases, always the same for one generated value."""
    number = crc32(str(made).encode())
    if number % 5:
        return known[number % len(known)]
    return made if otherwise is None else otherwise


def _version(name: str, case: Any) -> str:
    """The present version of a product or category, 1 if there is no such thing."""
    token = {"Authorization": f"Bearer {facts()['token']}"}
    kind = case.operation.path.split("/")[3]
    listed = requests.get(f"{facts()['url']}/v1/admin/{kind}", headers=token, timeout=60).json()
    return str({each["id"]: each["version"] for each in listed["data"]}.get(name, 1))


def _fits(meta: Any, location: ParameterLocation) -> bool:
    made = meta.components.get(location)
    return made is not None and made.mode.is_positive


class Signed(AuthBase):
    """Signs a request as the demo shop does."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        body = request.body or b""
        raw = body.encode() if isinstance(body, str) else body
        at_s = int(time())
        signature = sign(facts()["secret"], at_s, raw)
        request.headers["Jifen-Key"] = facts()["partner"]
        request.headers["Jifen-Signature"] = f"t={at_s},v1={signature}"
        return request
