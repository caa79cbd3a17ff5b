"""`python -m infra.local.messaging.server DESCRIPTOR FILE`: SQS and SNS until killed."""

import asyncio
import os
import socket
import sys
from http import HTTPStatus
from pathlib import Path
from typing import Any

import msgspec

from infra.local import listeners, tether
from infra.local.aws_paths import KEPT
from infra.local.messaging.broker import Broker
from infra.local.messaging.journal import MessageJournal
from infra.local.messaging.polling import Polls
from infra.local.messaging.refusals import Refused
from infra.local.messaging.serving import Connection, Request, Response
from infra.local.messaging.sns import Sns, refusal
from infra.local.messaging.sqs import Poll, Sqs
from infra.local.messaging.topics import Topics

_JSON, _XML = "application/x-amz-json-1.0", "text/xml"


class Server:
    """Answers the requests that came in together after one commit."""

    def __init__(self, journal: MessageJournal, address: str) -> None:
        """Take the journal and the server's address."""
        self._journal = journal
        self._broker = broker = Broker(journal, self._wake_soon)
        self._sqs = sqs = Sqs(broker, address)
        self._sns = Sns(Topics(broker, journal))
        self._polls = Polls(
            lambda poll: sqs.received(poll.asked),
            lambda queue: broker.named(queue).due_at(),
            lambda connection, answer: connection.answer(_json(answer)),
            self._wake_soon,
        )
        self._answered: list[Connection] = []
        self._woken: set[str] = set()
        self._is_due = False

    def connection(self) -> Connection:
        """A new client's."""
        return Connection(self._handle, self._flush_soon)

    def _handle(self, request: Request, connection: Connection) -> Response | None:
        if request.path == KEPT:
            queues = map(self._broker.named, self._broker.names())
            return _json({queue.name: sum(queue.counts()) for queue in queues})
        if not request.target:
            return self._notify(request)
        try:
            answer = self._sqs.answer(request.target.rpartition(".")[2], request.body)
        except Refused as refused:
            return _refused(refused)
        if isinstance(answer, Poll):
            self._polls.add(answer, connection)
            return None
        return _json(answer)

    def _notify(self, request: Request) -> Response:
        try:
            return Response(HTTPStatus.OK, _XML, self._sns.answer(request.body).encode())
        except Refused as refused:
            return Response(refused.status, _XML, refusal(refused).encode())

    def _wake_soon(self, queue: str) -> None:
        if self._polls.wait_for(queue):
            self._woken.add(queue)
            self._come_due()

    def _flush_soon(self, connection: Connection) -> None:
        self._answered.append(connection)
        self._come_due()

    def _come_due(self) -> None:
        """Run `_finish` after all requests that have come in."""
        if not self._is_due:
            self._is_due = True
            asyncio.get_running_loop().call_soon(self._finish)

    def _finish(self) -> None:
        """Serve waiting polls, commit, and only then send the answers."""
        while self._woken:
            self._polls.serve(self._woken.pop())
        self._journal.commit()
        for connection in self._answered:
            connection.flush()
        self._answered.clear()
        self._is_due = False


def _json(answer: Any) -> Response:
    return Response(HTTPStatus.OK, _JSON, msgspec.json.encode(answer))


def _refused(refused: Refused) -> Response:
    told = {"__type": f"com.amazonaws.sqs#{refused.code}", "message": refused.message}
    legacy = f"x-amzn-query-error: {refused.legacy};Sender\r\n" if refused.legacy else ""
    return Response(refused.status, _JSON, msgspec.json.encode(told), legacy)


def _end(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """End the process: changes that cannot be stored must not be answered."""
    error = context.get("exception")
    if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
        return  # a client that is gone
    print(f"{context['message']}: {error!r}", file=sys.stderr, flush=True)
    os._exit(1)


async def _serve(listener: socket.socket, journal: Path) -> None:
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(_end)
    server = Server(MessageJournal(journal), listeners.address(listener))
    serving = await loop.create_server(server.connection, sock=listener)
    await serving.serve_forever()


def main(descriptor: int, journal: Path) -> None:
    """Serve on an open socket until killed."""
    tether.hold()
    asyncio.run(_serve(socket.socket(fileno=descriptor), journal))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
