"""The floor: the same read and the same transaction by bare botocore, from as many processes.

What a redemption sends is recorded once from the app itself; each process then repeats it with
fresh keys, for a member of its own, and nothing else: no HTTP, no rules, no checks.
"""

from __future__ import annotations

import copy
import multiprocessing
import re
import secrets
import time
from multiprocessing.synchronize import Barrier
from typing import Any

from infra.bench.load import SECONDS, WARM_UP_S, Rate, rate_of

Recorded = list[tuple[str, dict[str, Any]]]


def record(call: Any) -> Recorded:
    """The DynamoDB requests of a call in this process."""
    from chalicelib.kernel.store.tables import connection

    found: Recorded = []

    def keep(params: dict[str, Any], model: Any, **_: Any) -> None:
        found.append((model.name, copy.deepcopy(params)))

    events = connection().client.meta.events
    events.register("before-parameter-build.dynamodb", keep)
    try:
        call()
    finally:
        events.unregister("before-parameter-build.dynamodb", keep)
    return found


def redeem(recordings: list[Recorded], clients: int) -> Rate:
    """Repeat each client's recording for a while.

    Raises RuntimeError with the error of a process.
    """
    context = multiprocessing.get_context("fork")
    start = context.Barrier(clients)
    queue: Any = context.SimpleQueue()
    processes = [
        context.Process(target=_repeat, args=(recordings[number], start, queue))
        for number in range(clients)
    ]
    for process in processes:
        process.start()
    results = [queue.get() for _ in processes]
    for process in processes:
        process.join()
    if failed := [result for result in results if isinstance(result, str)]:
        raise RuntimeError(failed[0])
    times = [each for some, _, _ in results for each in some]
    elapsed_s = max(end for _, _, end in results) - min(begin for _, begin, _ in results)
    return rate_of(clients, times, elapsed_s)


def _repeat(recording: Recorded, start: Barrier, queue: Any) -> None:
    try:
        queue.put(_measured(recording, start))
    except Exception as error:
        start.abort()  # the others wait for this one
        queue.put(repr(error))


def _measured(recording: Recorded, start: Barrier) -> tuple[list[float], float, float]:
    import botocore.session
    from botocore.config import Config

    settings = Config(parameter_validation=False)
    client = botocore.session.get_session().create_client("dynamodb", config=settings)
    account = _Account(client, recording)
    _run(account, WARM_UP_S)
    start.wait()
    began = time.time()
    times = _run(account, SECONDS)
    return times, began, time.time()


def _run(account: _Account, seconds: float) -> list[float]:
    until, times = time.perf_counter() + seconds, []
    while (began := time.perf_counter()) < until:
        account.redeem()
        times.append(time.perf_counter() - began)
    return times


class _Account:
    """Repeats a recording, following only what its conditions name: the account's `seq`."""

    def __init__(self, client: Any, recording: Recorded) -> None:
        self._client = client
        self._read = next(p for name, p in recording if name == "BatchGetItem")
        self._write = next(p for name, p in recording if name == "TransactWriteItems")

    def redeem(self) -> None:
        answer = self._client.batch_get_item(**self._read)
        found = (item for items in answer["Responses"].values() for item in items)
        seq = next(item["seq"]["N"] for item in found if item["sk"]["S"] == "ACCOUNT")
        self._client.transact_write_items(TransactItems=self._items(seq))

    def _items(self, seq: str) -> list[dict[str, Any]]:
        fresh, items = secrets.token_hex(13), []
        for recorded in self._write["TransactItems"]:
            ((kind, body),) = copy.deepcopy(recorded).items()
            item = body.get("Item", {})
            if item.get("sk", {}).get("S") == "ORDER":
                item["pk"]["S"] = f"ord_{fresh}"
            elif item.get("sk", {}).get("S", "").startswith("ENT#"):
                item["sk"]["S"] = f"ENT#order:ord_{fresh}"
                item["history"]["S"] = f"{item['history']['S'][:-10]}{int(seq) + 1:010d}"
            elif item.get("sk", {}).get("S") == "ACCOUNT":
                item["seq"]["N"] = str(int(seq) + 1)
                body["ExpressionAttributeValues"][_seq_of(body)] = {"N": seq}
            items.append({kind: body})
        return items


def _seq_of(body: dict[str, Any]) -> str:
    """The placeholder of the `seq` that an account's condition names."""
    name = next(key for key, value in body["ExpressionAttributeNames"].items() if value == "seq")
    found = re.search(rf"{name} = (:\w+)", body["ConditionExpression"])
    assert found is not None, "an account is written only if it has not moved"
    return found[1]
