"""Hooks of schemathesis: real ids, partners' signatures, semantic checks.

Read by `st run` through SCHEMATHESIS_HOOKS; JIFEN_SCHEMA_FACTS names a file with what is there:
`{"url", "token", "partner", "secret", "ids": {"/v1/orders/{id}": ["ord_..."]},
"bodies": {"POST /v1/orders": {"items": [...]}}}`.
"""

from __future__ import annotations

import json
import os
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
from tests.stack.schema_semantics import is_semantic

IN_CAPITALS = {"country", "postal_code", "tracking_number", "tax_number"}


@cache
def facts() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(os.environ["JIFEN_SCHEMA_FACTS"]).read_text("utf-8"))
    return found


def listed(operation: str, problem: dict[str, Any]) -> bool:
    """Whether a refusal's codes all stand in the table for its operation."""
    fields = problem["errors"]
    if is_semantic(operation, problem["code"]):
        return True
    return bool(fields) and all(is_semantic(operation, field["code"]) for field in fields)


@schemathesis.hook
def filter_failure(_context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Keep a failure, unless a listed check refused what fits the schema, or a text that does not
    fit does so once it is spelt as its kind says."""
    if isinstance(failure, AcceptedNegativeData):
        if response.status_code == 413:
            return False  # refused by its size, before it is read
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
    """The present version of a product, category or SKU, 1 if there is no such thing."""
    token = {"Authorization": f"Bearer {facts()['token']}"}
    kind = case.operation.path.split("/")[3]
    listed = requests.get(f"{facts()['url']}/v1/admin/{kind}", headers=token, timeout=60).json()
    versions = {each.get("id", each.get("sku")): each["version"] for each in listed["data"]}
    return str(versions.get(name, 1))


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
