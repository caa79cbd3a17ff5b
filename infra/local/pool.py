"""Worker processes for the gateway: a request goes to one that is idle, or waits for one."""

import asyncio
import contextlib
import os
import signal
import socket
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from infra.local import nursery, wire

Answer = TypeVar("Answer")


class WorkerDied(Exception):
    """The process that had the request ended before it answered."""


@dataclass(frozen=True)
class _Worker:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    pid: int


class Pool:
    """A number of worker processes, each with one request at a time."""

    def __init__(self, control: socket.socket) -> None:
        """Take the socket on which the nursery is asked for workers."""
        self._control = control
        # The worker that was busy last has the warmest caches.
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()

    async def start(self, count: int) -> None:
        """Raises ConnectionError."""
        for _ in range(count):
            await self._add()

    async def ask(self, message: wire.Message, kind: type[Answer], timeout_s: float) -> Answer:
        """Give the answer of the next idle worker; one that does not answer is replaced.

        Raises TimeoutError, WorkerDied.
        """
        worker = await self._idle.get()
        try:
            async with asyncio.timeout(timeout_s):
                worker.writer.write(wire.pack(message))
                await worker.writer.drain()
                length = int.from_bytes(await worker.reader.readexactly(4), "big")
                raw = await worker.reader.readexactly(length)
        except BaseException as failure:
            await self._replace(worker)
            if isinstance(failure, asyncio.IncompleteReadError | ConnectionError):
                raise WorkerDied from failure
            raise
        self._idle.put_nowait(worker)
        return msgspec.msgpack.decode(raw, type=kind)

    async def _replace(self, worker: _Worker) -> None:
        worker.writer.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL)
        await self._add()

    async def _add(self) -> None:
        connection, pid = nursery.spawn(self._control)
        connection.setblocking(False)
        reader, writer = await asyncio.open_connection(sock=connection, limit=1 << 20)
        self._idle.put_nowait(_Worker(reader, writer, pid))
