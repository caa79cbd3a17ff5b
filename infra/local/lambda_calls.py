"""Lambda's Invoke for the functions of this machine; operators replay records through it.

Source: AWS Lambda API reference, Invoke.
"""

import json
import re
from http import HTTPStatus
from typing import Any

import msgspec

from infra.local.clock import ProgramClock
from infra.local.pool import Pool, WorkerDied
from infra.local.timeouts import TimeOuts
from infra.local.wire import HttpAnswer, Invocation, Outcome

_PATH = re.compile(r"/2015-03-31/functions/([^/]+)/invocations\Z")
_UNKNOWN = "KeyError"


def is_invoke(method: str, path: str) -> bool:
    return method == "POST" and _PATH.match(path) is not None


class LambdaCalls:
    """Answers them."""

    def __init__(self, pool: Pool, clock: ProgramClock, timeouts: TimeOuts) -> None:
        """Take the workers that run functions, and how long each of these may run."""
        self._pool, self._clock, self._timeouts = pool, clock, timeouts

    async def answer(self, path: str, body: bytes, request_id: str) -> HttpAnswer:
        """Run a function, named by its ARN or its name, and wait for it."""
        found = _PATH.match(path)
        assert found is not None, "is_invoke has looked"
        # arn:aws:lambda:REGION:ACCOUNT:function:NAME:QUALIFIER, or the name alone.
        name = found[1].partition(":function:")[2] or found[1]
        function = name.partition(":")[0].removeprefix("jifen-")
        try:
            event = msgspec.json.decode(body or b"{}", type=dict[str, Any])
        except (msgspec.MsgspecError, RecursionError) as error:
            return _refusal(400, "InvalidRequestContentException", str(error))
        timeout_s = self._timeouts.of(function)
        offset_s = self._clock.offset_s()
        message = Invocation(function, event, request_id, offset_s, timeout_s)
        try:
            outcome = await self._pool.ask(message, Outcome, timeout_s)
        except (TimeoutError, WorkerDied) as error:
            outcome = Outcome(error=f"{type(error).__name__}: the function did not answer")
        if outcome.error is not None and outcome.error == f"{_UNKNOWN}: {function!r}":
            return _refusal(404, "ResourceNotFoundException", f"Function not found: {found[1]}")
        return _answer(outcome)


def _answer(outcome: Outcome) -> HttpAnswer:
    headers = [(b"content-type", b"application/json"), (b"x-amz-executed-version", b"$LATEST")]
    if outcome.error is None:
        return HttpAnswer(HTTPStatus.OK, headers, json.dumps(outcome.result).encode(), 0)
    kind, _, said = outcome.error.partition(": ")
    body = json.dumps({"errorMessage": said, "errorType": kind}).encode()
    return HttpAnswer(HTTPStatus.OK, [*headers, (b"x-amz-function-error", b"Unhandled")], body, 0)


def _refusal(status: int, code: str, said: str) -> HttpAnswer:
    headers = [(b"content-type", b"application/json"), (b"x-amzn-errortype", code.encode())]
    return HttpAnswer(status, headers, json.dumps({"Type": "User", "Message": said}).encode(), 0)
