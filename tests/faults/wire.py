"""The wire to DynamoDB under a test's control: each request can be seen, delayed or answered.

A tap stands between the one client of this process and the engine. Taps nest: the newest is asked
first, and what it sends goes on to those before it. What DynamoDB Local never answers
(conflicts, throttling) a tap answers as AWS would. What the payment provider is asked goes the same
way: it is a call like any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from chalicelib.kernel.store.tables import connection
from chalicelib.payments.errors import ProviderSilent

ANY = "*"
# The name of the payment provider's objects as a table, and the prefix of calls to it.
PROVIDER, _TO_PROVIDER = "provider", "Provider."
_KEYS = ("pk", "sk")
_WRITES = ("PutItem", "UpdateItem", "DeleteItem")
_EQUALS = re.compile(r"(#\w+) = (:\w+)")
_READS = ("GetItem", "Query", "Scan", "BatchGetItem", "TransactGetItems")


class Key(NamedTuple):
    """The key of an item; ANY is every partition or every item of one."""

    table: str
    pk: str
    sk: str

    def may_be(self, other: Key) -> bool:
        return all(a == b or ANY in (a, b) for a, b in zip(self, other, strict=True))


@dataclass(frozen=True)
class Request:
    """One call of the client, before botocore's own retries."""

    operation: str
    params: Mapping[str, Any] = field(compare=False)
    reads: frozenset[Key]
    writes: frozenset[Key]

    @classmethod
    def of(cls, operation: str, params: Mapping[str, Any]) -> Request:
        return cls(operation, params, *map(frozenset, _touched(operation, params)))

    @property
    def to_provider(self) -> bool:
        return self.operation.startswith(_TO_PROVIDER)

    @property
    def call(self) -> str:
        """The name of the call to the provider."""
        return self.operation.removeprefix(_TO_PROVIDER)

    @property
    def tables(self) -> list[str]:
        return sorted({key.table.rpartition("-")[2] for key in self.reads | self.writes})

    def __str__(self) -> str:
        return f"{self.operation} {'+'.join(self.tables)}"

    def meets(self, other: Request) -> bool:
        """Whether the order of the two requests matters."""
        return any(
            mine.may_be(theirs)
            for ours, others in (
                (self.writes, other.writes | other.reads),
                (self.reads, other.writes),
            )
            for mine in ours
            for theirs in others
        )


def _touched(operation: str, params: Mapping[str, Any]) -> tuple[set[Key], set[Key]]:
    """The places that a request reads and those that it writes."""
    if operation.startswith(_TO_PROVIDER):
        there = {Key(PROVIDER, params["about"], ANY)}
        return (set(), there) if params["changes"] else (there, set())
    if operation in _READS:
        return set(_read(operation, params)), set()
    if operation in _WRITES:
        return set(), {_key(params["TableName"], params.get("Item") or params["Key"])}
    if operation == "TransactWriteItems":
        acts = [(kind, body) for item in params["TransactItems"] for kind, body in item.items()]
        keys = [(kind, _key(b["TableName"], b.get("Item") or b["Key"])) for kind, b in acts]
        checked = {key for kind, key in keys if kind == "ConditionCheck"}
        return checked, {key for kind, key in keys if kind != "ConditionCheck"}
    if operation == "BatchWriteItem":
        return set(), {
            _key(table, body.get("Item") or body["Key"])
            for table, batch in params["RequestItems"].items()
            for request in batch
            for body in request.values()
        }
    raise AssertionError(f"a request that faults know nothing of: {operation}")


def _read(operation: str, params: Mapping[str, Any]) -> Iterator[Key]:
    if operation == "GetItem":
        yield _key(params["TableName"], params["Key"])
    elif operation == "BatchGetItem":
        for table, batch in params["RequestItems"].items():
            yield from (_key(table, key) for key in batch["Keys"])
    elif operation == "TransactGetItems":
        for item in params["TransactItems"]:
            yield _key(item["Get"]["TableName"], item["Get"]["Key"])
    else:
        yield Key(params["TableName"], _partition(params), ANY)


def _partition(params: Mapping[str, Any]) -> str:
    """The partition that a query reads; ANY if it reads an index across them."""
    names = params.get("ExpressionAttributeNames", {})
    for name, value in _EQUALS.findall(params.get("KeyConditionExpression", "")):
        if names.get(name) == "pk":
            partition: str = params["ExpressionAttributeValues"][value]["S"]
            return partition
    return ANY


def _key(table: str, item: Mapping[str, Any]) -> Key:
    pk, sk = (item[name]["S"] for name in _KEYS)
    return Key(table, pk, sk)


Send = Callable[[Request], dict[str, Any]]
Tap = Callable[[Request, Send], dict[str, Any]]


@contextmanager
def tapped(tap: Tap) -> Iterator[None]:
    """Send every request of this process through the tap."""
    client: Any = connection().client
    before, stood = client._make_api_call, vars(client).get("_make_api_call")

    def send(request: Request) -> dict[str, Any]:
        answer: dict[str, Any] = before(request.operation, dict(request.params))
        return answer

    client._make_api_call = lambda operation, params: tap(Request.of(operation, params), send)
    try:
        yield
    finally:
        # Attributes that others set on its class must be visible again.
        del client._make_api_call
        if stood is not None:
            client._make_api_call = stood


@contextmanager
def listed() -> Iterator[list[Request]]:
    """The requests made meanwhile, in order: the I/O points of what runs."""
    seen: list[Request] = []

    def note(request: Request, send: Send) -> dict[str, Any]:
        seen.append(request)
        return send(request)

    with tapped(note):
        yield seen


def ask_provider(call: str, about: str, args: tuple[Any, ...], *, changes: bool) -> Any:
    """The provider's answer to a call about one of its objects."""
    client: Any = connection().client
    params = {"about": about, "args": args, "changes": changes}
    return client._make_api_call(_TO_PROVIDER + call, params)["told"]


def no_way(request: Request) -> Exception:
    """The connection fails: nothing was sent."""
    if request.to_provider:
        return ProviderSilent()
    return EndpointConnectionError(endpoint_url=_address(), error=str(request))


def no_answer(request: Request) -> Exception:
    """The request was sent, and its answer is lost."""
    if request.to_provider:
        return ProviderSilent()
    return ReadTimeoutError(endpoint_url=_address())


def refusal(request: Request, code: str, message: str, **facts: Any) -> ClientError:
    """DynamoDB's answer with this code, as the client raises it."""
    client: Any = connection().client
    error = {"Error": {"Code": code, "Message": message}, "message": message, **facts}
    metadata = {"HTTPStatusCode": 400, "HTTPHeaders": {}, "RetryAttempts": 0}
    kind = client.exceptions.from_code(code)
    raised: ClientError = kind({**error, "ResponseMetadata": metadata}, request.operation)
    return raised


def cancelled(request: Request, code: str, message: str) -> ClientError:
    """A transaction cancelled for its last item, with a reason for each item."""
    others = len(request.params["TransactItems"]) - 1
    reasons = [{"Code": "None"}] * others + [{"Code": code, "Message": message}]
    listed_codes = ", ".join(reason["Code"] for reason in reasons)
    words = "Transaction cancelled, please refer cancellation reasons for specific reasons"
    return refusal(
        request,
        "TransactionCanceledException",
        f"{words} [{listed_codes}]",
        CancellationReasons=reasons,
    )


def _address() -> str:
    client: Any = connection().client
    address: str = client.meta.endpoint_url
    return address
