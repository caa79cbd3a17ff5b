"""A process that works on one engine, one command at a time; two of them are compared in turn."""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any
from unittest.mock import patch

from infra.cli.keys import new_keys

# A verification reads a megabyte at a time, which a busy machine may take its time for.
PATIENCE_S = 30


class Bookkeeper:
    """The handle of a process that runs tasks on its engine."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe

    def do(self, task: str, *arguments: Any) -> Any:
        """The answer of a task, a function of its module.

        Raises RuntimeError with the error of that process.
        """
        self._pipe.send((task, arguments))
        failed, answer = self._pipe.recv()
        if failed:
            raise RuntimeError(answer)
        return answer


@contextmanager
def bookkeeper(endpoint: str, tasks: str = "infra.bench.tasks") -> Iterator[Bookkeeper]:
    """A process of its own for the engine at an address, and the module of its tasks."""
    # Spawned: a fork would share this process's connection to another engine.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(endpoint, tasks, theirs), daemon=True)
    process.start()
    try:
        yield Bookkeeper(ours)
    finally:
        ours.close()
        process.join(5)
        process.kill()


def _serve(endpoint: str, module: str, pipe: Connection) -> None:
    os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = endpoint
    logging.disable(logging.WARNING)
    from chalicelib.kernel import secrets
    from chalicelib.kernel.store import tables

    tasks = importlib.import_module(module)
    tables.READ_TIMEOUT_S = PATIENCE_S

    # Ids and cursors are keyed; here is no Secrets Manager to ask, and nothing to keep.
    with patch.object(secrets, "_secret", {"keys": new_keys()}.__getitem__):
        while True:
            try:
                task, arguments = pipe.recv()
            except EOFError:
                return
            try:
                pipe.send((False, getattr(tasks, task)(*arguments)))
            except Exception as error:
                pipe.send((True, f"{task}: {error!r}"))


def milliseconds(began: float) -> float:
    """Milliseconds since a reading of the performance counter."""
    return (time.perf_counter() - began) * 1000
