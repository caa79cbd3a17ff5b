"""Schemathesis's checks, with ours in the place of one that knows only schemas.

`SCHEMATHESIS_HOOKS=tests.contract.schemathesis_checks st run <url>/openapi.json
-H "Authorization: Bearer <token>" --exclude-checks positive_data_acceptance`

A request that fits its schema may still be refused with 400 by what a schema cannot say. Such
refusals are listed here by code, or by the code of the field; any other is a failure.
"""

from __future__ import annotations

import json
from typing import Any

import schemathesis
from schemathesis.generation import GenerationMode

TAKEN = {401, 403, 404, 409, 412, 429}
CODES = {
    "invalid_cursor",  # a cursor is signed
}
FIELD_CODES = {
    "address_too_long",  # once encoded
    "blank",
    "booking_required",
    "choose_another",
    "duplicate_sku",
    "exactly_one",
    "in_the_future",
    "invalid_email",
    "invalid_phone",  # by the numbering plan of its country
    "less_than_min_points",
    "more_than_ordered",
    "not_after_on_sale_from",
    "not_an_integer",  # 1.0 is one to JSON Schema, not to this contract
    "not_changeable",
    "not_supported",  # named by the contract, not offered yet
    "not_the_price",
    "reused",
    "stock_by_restock",
    "stock_comes_from_codes",
    "unknown_address",
    "unknown_category",
    "unknown_sku",
    "zero",
}


def _listed(refusal: dict[str, Any]) -> bool:
    fields = {field["code"] for field in refusal.get("errors", [])}
    return refusal.get("code") in CODES or (bool(fields) and fields <= FIELD_CODES)


@schemathesis.check
def only_a_listed_check_refuses_what_fits_the_schema(
    ctx: Any, response: Any, case: Any
) -> bool | None:
    """A request made to fit the document is taken, or refused for a reason listed above."""
    meta = case.meta
    if meta is None or meta.generation.mode is not GenerationMode.POSITIVE:
        return None
    if response.status_code < 400 or response.status_code in TAKEN:
        return None
    refusal = json.loads(response.content)
    if response.status_code == 400 and _listed(refusal):
        return None
    raise AssertionError(f"{response.status_code} {refusal}")
