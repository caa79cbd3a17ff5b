"""The function calls and the requests to AWS of one handler: they are the same on any machine."""

from __future__ import annotations

import cProfile
import pstats
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from unittest.mock import patch

from infra.bench import handler, telling
from infra.bench.mall import Mall, paid_order

WARM_UP, ROUNDS = 30, 40


class Calls(NamedTuple):
    """What one call of a handler takes."""

    name: str
    functions: int
    requests: dict[str, int]


def measure(mall: Mall, member: dict[str, Any], sku: str) -> list[Calls]:
    """Those of an order, of notices, and of an accrual, in a worker of the stack's here."""
    from app import app
    from infra.local import wire
    from infra.local.worker import Worker, meter

    worker = Worker(app, meter())

    def tell(fact: Callable[[str], Any]) -> Callable[[], None]:
        def told() -> None:
            event = telling.queue_event(fact(member["member_id"]))
            answer: Any = worker._handle(
                wire.Invocation("notify_members", event, "bench", 0.0, 30.0)
            )
            assert answer.result == {"batchItemFailures": []}, answer

        return told

    def accrue() -> None:
        event = paid_order(member["phone"], 100)
        handler.ask(worker, "/v1/events", event, mall.signature(event))

    order = handler.placing(worker, member, sku)
    with handler.quiet():
        found = [
            _counted("Placing an order, its token checked", order),
            _counted("Its notice, with a text message", tell(telling.placed)),
            _counted("A notice without one", tell(telling.earned)),
            _counted("An accrual from a partner's event", accrue),
        ]
    mall.drain()
    return found


def _counted(name: str, act: Callable[[], None]) -> Calls:
    for _ in range(WARM_UP):
        act()
    with _requests() as asked:
        act()
    profile = cProfile.Profile()
    for _ in range(ROUNDS):
        profile.runcall(act)
    stats: Any = pstats.Stats(profile)
    return Calls(name, round(stats.total_calls / ROUNDS), asked)


@contextmanager
def _requests() -> Iterator[dict[str, int]]:
    """How often each operation is asked meanwhile."""
    from botocore.client import BaseClient

    asked: dict[str, int] = {}
    own: Any = BaseClient._make_api_call  # type: ignore[attr-defined]

    def counted(client: Any, operation: str, params: Any) -> Any:
        asked[operation] = asked.get(operation, 0) + 1
        return own(client, operation, params)

    with patch.object(BaseClient, "_make_api_call", counted):
        yield asked


def of_calls(found: list[Calls]) -> str:
    rows = ["| handler | function calls | requests to AWS |", "|---|---|---|"]
    for each in found:
        asked = ", ".join(
            operation if times == 1 else f"{operation} × {times}"
            for operation, times in each.requests.items()
        )
        number = sum(each.requests.values())
        rows.append(f"| {each.name} | {each.functions:,} | {number}: {asked} |")
    return "\n".join(rows)
