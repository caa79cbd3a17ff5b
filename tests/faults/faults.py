"""The faults of one request of a use case, and a run with exactly one fault."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.kernel import ids
from chalicelib.kernel.errors import JifenError
from tests.faults.wire import Request, Send, cancelled, no_answer, no_way, refusal

TRANSACTION = "TransactWriteItems"
Late = list[Callable[[], Any]]
Fault = Callable[[Request, Send, Late], dict[str, Any]]


class Crash(BaseException):
    """The process has died: no code of ours catches this."""


def refused(request: Request, send: Send, late: Late) -> dict[str, Any]:
    """The connection fails, and nothing was sent."""
    raise no_way(request)


def lost(request: Request, send: Send, late: Late) -> dict[str, Any]:
    """The request is done, and its answer is lost."""
    send(request)
    raise no_answer(request)


def twice(request: Request, send: Send, late: Late) -> dict[str, Any]:
    """The client sends it again with the same token, as botocore does after a lost answer."""
    same = _with_token(request, ids.new_id("tok"))
    send(same)
    return send(same)


def anew(request: Request, send: Send, late: Late) -> dict[str, Any]:
    """The request is repeated without a token; the second answer is given."""
    send(_with_token(request, ids.new_id("tok")))
    return send(_with_token(request, ids.new_id("tok")))


def delayed(request: Request, send: Send, late: Late) -> dict[str, Any]:
    """The request is delayed for long, and then it arrives."""

    def arrive() -> None:
        with suppress(ClientError, JifenError):
            send(request)

    late.append(arrive)
    raise no_answer(request)


def conflict(request: Request, send: Send, late: Late) -> dict[str, Any]:
    """Another transaction holds one of its items."""
    code, message = "TransactionConflict", "Transaction is ongoing for the item"
    if request.operation == TRANSACTION:
        raise cancelled(request, code, message)
    raise refusal(request, f"{code}Exception", message)


def throttled(request: Request, send: Send, late: Late) -> dict[str, Any]:
    """The table or one of its partitions has no capacity left."""
    code, message = "ProvisionedThroughputExceeded", "The level of throughput was exceeded"
    if request.operation == TRANSACTION:
        raise cancelled(request, code, message)
    raise refusal(request, f"{code}Exception", message)


def crash_before(request: Request, send: Send, late: Late) -> dict[str, Any]:
    """The process dies before the request."""
    raise Crash


def crash_after(request: Request, send: Send, late: Late) -> dict[str, Any]:
    """The process dies after the request."""
    send(request)
    raise Crash


ON_READS: tuple[Fault, ...] = (refused, throttled, crash_before)
ON_WRITES: tuple[Fault, ...] = (
    refused,
    lost,
    twice,
    anew,
    delayed,
    conflict,
    throttled,
    crash_before,
    crash_after,
)
# A provider knows no transactions; it may be asked again by its client, under the same key.
ON_PROVIDER_READS: tuple[Fault, ...] = (refused, crash_before)
ON_PROVIDER_WRITES: tuple[Fault, ...] = (
    refused,
    lost,
    twice,
    delayed,
    crash_before,
    crash_after,
)


def faults_on(point: Request) -> tuple[Fault, ...]:
    """The distinct faults of a request: a lost, late or doubled read equals a failed one."""
    if point.to_provider:
        return ON_PROVIDER_WRITES if point.writes else ON_PROVIDER_READS
    return ON_WRITES if point.writes else ON_READS


class Injection:
    """A tap: the request with this number, counted from 0, meets the fault; all others pass."""

    def __init__(self, number: int, fault: Fault) -> None:
        self.late: Late = []
        self._number, self._fault = number, fault
        self._count = itertools.count()

    def __call__(self, request: Request, send: Send) -> dict[str, Any]:
        if next(self._count) == self._number:
            return self._fault(request, send, self.late)
        return send(request)

    def arrive(self) -> None:
        """The delayed request arrives now."""
        for request in self.late:
            request()


def _with_token(request: Request, token: str) -> Request:
    if request.operation != TRANSACTION:
        return request
    params = {**request.params, "ClientRequestToken": token}
    return Request(request.operation, params, request.reads, request.writes)
