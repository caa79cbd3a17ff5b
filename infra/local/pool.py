"""Worker processes for the gateway: a request goes to one that is idle, or waits for one."""

import asyncio
import contextlib
import os
import signal
import socket
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from infra.local import spawning, wire

Answer = TypeVar("Answer")

_AGAIN_S = 0.1


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
        self._coming: set[asyncio.Task[None]] = set()

    async def start(self, count: int) -> None:
        """Wait until so many are there."""
        for _ in range(count):
            await self._add()

    async def ask(self, message: wire.Message, kind: type[Answer], timeout_s: float) -> Answer:
        """Give the answer of the next idle worker; one that does not answer is replaced.

        The time counts from now, so a request that no worker is free for ends with it, too.

        Raises TimeoutError, WorkerDied.
        """
        worker: _Worker | None = None
        try:
            async with asyncio.timeout(timeout_s):
                worker = await self._living()
                raw = await _exchange(worker, message)
        except BaseException as failure:
            if worker is not None:
                self._replace(worker)
            if isinstance(failure, asyncio.IncompleteReadError | ConnectionError):
                raise WorkerDied from failure
            raise
        self._idle.put_nowait(worker)
        return msgspec.msgpack.decode(raw, type=kind)

    async def _living(self) -> _Worker:
        """An idle worker; those that died while they were idle had no request to lose."""
        while True:
            worker = await self._idle.get()
            if not worker.reader.at_eof():
                return worker
            self._replace(worker)

    def _replace(self, worker: _Worker) -> None:
        worker.writer.close()
        # The number of one that is gone may be another process's by now.
        if not worker.reader.at_eof():
            with contextlib.suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGKILL)
        coming = asyncio.create_task(self._add())
        self._coming.add(coming)
        coming.add_done_callback(self._coming.discard)

    async def _add(self) -> None:
        """Ask the nursery until a worker is there: it may be away for a moment itself."""
        while True:
            try:
                connection = spawning.spawn(self._control)
                connection.setblocking(False)
                reader, writer = await asyncio.open_connection(sock=connection, limit=1 << 20)
                pid = int.from_bytes(await reader.readexactly(wire.PID_BYTES), "big")
            except (OSError, EOFError):
                await asyncio.sleep(_AGAIN_S)
                continue
            self._idle.put_nowait(_Worker(reader, writer, pid))
            return


async def _exchange(worker: _Worker, message: wire.Message) -> bytes:
    worker.writer.write(wire.pack(message))
    await worker.writer.drain()
    length = int.from_bytes(await worker.reader.readexactly(4), "big")
    return await worker.reader.readexactly(length)
