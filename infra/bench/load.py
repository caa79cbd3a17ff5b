"""Redemptions over HTTP from many clients at once, each with a connection of its own."""

from __future__ import annotations

import http.client
import json
import secrets
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

from infra.bench.mall import Mall

SECONDS = 6.0
WARM_UP_S = 2.0


@dataclass(frozen=True)
class Rate:
    """Figures of one run; times in milliseconds, `orders` with those of its warming up."""

    clients: int
    per_second: float
    p50_ms: float
    p99_ms: float
    orders: int


def rate_of(clients: int, times_s: list[float], elapsed_s: float, orders: int = 0) -> Rate:
    """The figures of requests that took these times."""
    ordered = sorted(times_s)

    def percentile(part: float) -> float:
        return ordered[min(len(ordered) - 1, int(len(ordered) * part))] * 1000

    per_second = len(ordered) / elapsed_s
    return Rate(clients, per_second, percentile(0.5), percentile(0.99), orders)


def redeem(mall: Mall, clients: int, members: list[dict[str, str]], sku: str) -> Rate:
    """Orders of one SKU placed by so many clients, each for a member of its own.

    Raises RuntimeError if an order is refused.
    """
    start = threading.Barrier(clients + 1)
    times: list[list[float]] = [[] for _ in range(clients)]
    warming = [0] * clients
    failed: list[str] = []

    def client(number: int) -> None:
        caller = _Caller(mall.url, members[number], sku)
        warming[number] = len(caller.run(WARM_UP_S))
        start.wait()
        times[number] = caller.run(SECONDS)
        failed.extend(caller.refused[:1])

    threads = [threading.Thread(target=client, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    elapsed_s = time.perf_counter() - began
    if failed:
        raise RuntimeError(failed[0])
    done = [each for some in times for each in some]
    return rate_of(clients, done, elapsed_s, len(done) + sum(warming))


class _Caller:
    def __init__(self, url: str, member: dict[str, str], sku: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc)
        items = [{"sku": sku, "quantity": 1}]
        self._body = json.dumps({"items": items, "address_id": member["address_id"]})
        self._headers = {
            "Content-Type": "application/json",
            "Authorization": f"Bearer {member['access_token']}",
        }
        self.refused: list[str] = []

    def run(self, seconds: float) -> list[float]:
        until, times = time.perf_counter() + seconds, []
        while (began := time.perf_counter()) < until:
            headers = {**self._headers, "Idempotency-Key": secrets.token_hex(8)}
            self._connection.request("POST", "/v1/orders", self._body, headers)
            answer = self._connection.getresponse()
            content = answer.read()
            times.append(time.perf_counter() - began)
            if answer.status != 201:
                self.refused.append(content.decode())
        return times
