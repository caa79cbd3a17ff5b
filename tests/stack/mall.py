"""A client of a running mall: members, goods, orders and events, all of it over HTTP."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import cached_property
from time import time
from typing import Any, NamedTuple, TypeVar

import httpx

from chalicelib.kernel.signatures import sign
from tests.world import ADDRESS

T = TypeVar("T")

# As many at once as any test asks for: a client that waits for a connection is no race.
CONNECTIONS = 256
TIMEOUT_S = 60.0
TRIES = 8
BATCH = 100


class Person(NamedTuple):
    """Somebody with an access token."""

    id: str
    phone: str
    token: str


class Mall:
    """One stack over HTTP, on connections that are kept alive."""

    def __init__(self, url: str) -> None:
        self._numbers = itertools.count(1)
        self.category = f"c{self.new_key()}"
        self.connect(url)

    def connect(self, url: str) -> None:
        """Take the address of the stack, a new one after it was started again."""
        self.url = url
        self.http = httpx.Client(
            base_url=url,
            timeout=TIMEOUT_S,
            limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
            headers={"Accept-Language": "en"},
        )

    def new_key(self) -> str:
        return f"key-{next(self._numbers):06d}"

    def new_phone(self) -> str:
        """A Chinese mobile number that nobody has yet."""
        return f"+86137{next(self._numbers):08d}"

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        as_: str | None = None,
        key: str | None = None,
        headers: dict[str, str] | None = None,
        **sent: Any,
    ) -> httpx.Response:
        """One request; with a key it is tried again while the answer is 503, as clients may."""
        given = dict(headers or {})
        if as_ is not None:
            given["Authorization"] = f"Bearer {as_}"
        if key is not None:
            given["Idempotency-Key"] = key
        if body is not None:
            sent["json"] = body
        for tried in range(TRIES):
            answer = self.http.request(method, path, headers=given, **sent)
            if answer.status_code != 503 or key is None or tried == TRIES - 1:
                break
        return answer

    def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return self.request("GET", path, **kwargs)

    def post(self, path: str, body: Any = None, **kwargs: Any) -> httpx.Response:
        return self.request("POST", path, body, **kwargs)

    # Who there is

    def person(self, role: str = "member", name: str | None = None) -> Person:
        name = name or f"{role} {next(self._numbers)}"
        found = read(self.get("/_local/token", params={"role": role, "name": name}))
        return Person(found["member_id"], found["phone"], found["access_token"])

    def staff(self) -> str:
        """A token of ops that is good for 15 minutes from now."""
        return self.person("ops", "the buyer").token

    def members(self, count: int, points: int = 0, *, address: bool = False) -> list[Person]:
        """New members, with these points and an address each if asked for."""
        names = [f"member {next(self._numbers)}" for _ in range(count)]

        def make(name: str) -> Person:
            made = self.person("member", name)
            return self.with_address(made) if address else made

        with ThreadPoolExecutor(8) as threads:
            made = list(threads.map(make, names))
        if points:
            self.give(made, points)
        return made

    def with_address(self, member: Person) -> Person:
        read(self.post("/v1/me/addresses", ADDRESS, as_=member.token, key="address-1"), 201)
        return member

    def give(self, members: Sequence[Person], points: int) -> None:
        """Points, earned as every point is: from a shop's signed orders."""
        for first in range(0, len(members), BATCH):
            some = members[first : first + BATCH]
            events = [self.paid(member, points) for member in some]
            answers = read(self.send_event({"events": events}))["events"]
            assert [each["status"] for each in answers] == ["applied"] * len(some)

    # Partner events

    @cached_property
    def partner(self) -> dict[str, str]:
        """The demo shop: {id, secret}."""
        found: dict[str, str] = read(self.get("/_local/info"))["partner"]
        return found

    def paid(self, member: Person, points: int) -> dict[str, Any]:
        """An `order.paid` that earns these points."""
        order_id = f"order-{self.new_key()}"
        return {
            "id": f"{order_id}:paid",
            "type": "order.paid",
            "occurred_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "member": {"member_id": member.id},
            "data": {"order_id": order_id, "currency": "CNY", "amount": points * 100},
        }

    def signed(self, raw: bytes, *, at_s: int | None = None, secret: str | None = None) -> Any:
        """The headers of a partner's request with this body."""
        partner = self.partner
        at_s = int(time()) if at_s is None else at_s
        signature = sign(secret or partner["secret"], at_s, raw)
        return {
            "Jifen-Key": partner["id"],
            "Jifen-Signature": f"t={at_s},v1={signature}",
            "Content-Type": "application/json",
        }

    def send_event(self, event: Any) -> httpx.Response:
        raw = json.dumps(event).encode()
        return self.request("POST", "/v1/events", content=raw, headers=self.signed(raw))

    # Goods and orders

    def sku(
        self, *, kind: str = "physical", points: int = 100, stock: int = 10, **other: Any
    ) -> str:
        """A SKU on sale; a virtual one has as many codes as its stock says."""
        staff, sku = self.staff(), f"S-{self.new_key()}"
        title = {"zh-CN": "保温杯", "en": "Thermos cup"}
        category = {"id": self.category, "title": title}
        made = self.post("/v1/admin/categories", category, as_=staff, key=self.category)
        assert made.status_code in (201, 409), made.text
        given = {"sku": sku} if kind == "virtual" else {"sku": sku, "stock": stock}
        product = {
            "title": title,
            "kind": kind,
            "category": self.category,
            "status": "on_sale",
            "price": {"points": points},
            "skus": [given],
            **other,
        }
        read(self.post("/v1/admin/products", product, as_=staff, key=sku), 201)
        if kind == "virtual":
            codes = {"codes": [f"{sku}-{number:04d}" for number in range(stock)]}
            path = f"/v1/admin/code-pools/{sku}/codes"
            read(self.post(path, codes, as_=staff, key=sku), 201)
        return sku

    def stock(self, sku: str) -> int:
        found = read(self.get(f"/v1/admin/skus/{sku}", as_=self.staff()))
        available: int = found["stock"]["available"]
        return available

    def order(self, member: Person, sku: str, key: str | None = None) -> httpx.Response:
        body = {"items": [{"sku": sku, "quantity": 1}]}
        return self.post("/v1/orders", body, as_=member.token, key=key or self.new_key())

    def show_order(self, member: Person, order_id: str) -> Any:
        return read(self.get(f"/v1/orders/{order_id}", as_=member.token))

    # Books

    def balance(self, member: Person) -> int:
        available: int = read(self.get("/v1/me/points", as_=member.token))["available"]
        return available

    def pages(self, path: str, member: Person) -> list[Any]:
        """All items of a list."""
        found: list[Any] = []
        query: dict[str, Any] = {"limit": 100}
        while True:
            page = read(self.get(path, as_=member.token, params=query))
            found += page["data"]
            if page["next_cursor"] is None:
                return found
            query["cursor"] = page["next_cursor"]

    def drain(self) -> dict[str, int]:
        """Wait until every fact is delivered; returns the records by function."""
        functions: dict[str, int] = read(self.post("/_local/drain", timeout=None))["functions"]
        return functions

    def outbox(self, recipient: str) -> list[Any]:
        sent: list[Any] = read(self.get("/_local/outbox", params={"to": recipient}))["data"]
        return sent


def read(answer: httpx.Response, status: int = 200) -> Any:
    """The body of an answer that must have this status."""
    assert answer.status_code == status, f"{answer.request.url.path}: {answer.text}"
    return answer.json()


def outcome(answer: httpx.Response) -> str:
    """The status of a success, or the code of a refusal."""
    if answer.is_success:
        return str(answer.status_code)
    code: str = answer.json()["code"]
    return code


def at_once(calls: Iterable[Callable[[], T]]) -> list[T]:
    """The results of concurrent calls."""
    waiting = list(calls)
    gate = threading.Barrier(len(waiting))

    def run(call: Callable[[], T]) -> T:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(waiting)) as threads:
        return list(threads.map(run, waiting))
