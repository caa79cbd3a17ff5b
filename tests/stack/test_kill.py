"""The whole stack killed amid orders and events, and started again: nothing lost, nothing twice."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from infra.local.resources import client
from infra.local.stack import Stack
from tests.stack.books import check_books
from tests.stack.conftest import new_stack
from tests.stack.mall import Mall, Person, read

PHYSICAL, VIRTUAL, EVENT = "physical", "virtual", "event"
MEMBERS, ORDERS = 20, 200
POINTS, PRICE, EARNED = 2000, 100, 7
STOCK = 150
DONE_BEFORE_THE_KILL = 60
PATIENCE = 10


@dataclass
class Try:
    """One request of a client: it is repeated under the same key until it has an answer."""

    member: Person
    kind: str
    path: str
    body: Any
    key: str
    cancelled: bool = False
    answer: dict[str, Any] = field(default_factory=dict)
    interrupted: int = 0


class Clients:
    """All clients at once; those cut off by the kill wait until the mall is back."""

    def __init__(self, mall: Mall, tries: list[Try]) -> None:
        self.mall, self.tries = mall, tries
        self._up = threading.Event()
        self._up.set()
        self._done = threading.Semaphore(0)

    def run_through(self, stack: Stack) -> None:
        with ThreadPoolExecutor(len(self.tries)) as threads:
            running = [threads.submit(self._insist, each) for each in self.tries]
            for _ in range(DONE_BEFORE_THE_KILL):
                self._done.acquire()
            self._up.clear()
            kill_all(stack)
            stack.start()
            self.mall.connect(stack.url)
            self._up.set()
            for each in running:
                each.result()

    def _insist(self, wanted: Try) -> None:
        wanted.answer = self._answer(wanted, wanted.path, wanted.key)
        if wanted.cancelled:
            path = f"/v1/orders/{wanted.answer['id']}/cancel"
            assert self._answer(wanted, path, f"cancel-{wanted.key}")["status"] == "cancelled"
        self._done.release()

    def _answer(self, wanted: Try, path: str, key: str) -> dict[str, Any]:
        said = ""
        for _ in range(PATIENCE):
            try:
                answer = self._send(wanted, path, key)
            except httpx.TransportError as error:
                wanted.interrupted += 1
                said = repr(error)
                assert self._up.wait(300), "the stack does not come back"
                continue
            if answer.is_success:
                found: dict[str, Any] = answer.json()
                return found
            assert answer.status_code >= 500, answer.text
            said = answer.text
        raise AssertionError(f"no answer: {said}")

    def _send(self, wanted: Try, path: str, key: str) -> httpx.Response:
        if wanted.kind == EVENT:
            return self.mall.send_event(wanted.body)
        body = None if path.endswith("/cancel") else wanted.body
        return self.mall.post(path, body, as_=wanted.member.token, key=key)


def kill_all(stack: Stack) -> None:
    """SIGKILL for every process that has the stack's folder in its environment or arguments."""
    wanted = str(stack.home).encode()
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            told = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
            if wanted in told and int(folder.name) != os.getpid():
                os.kill(int(folder.name), signal.SIGKILL)
    stack.kill()


class Story(NamedTuple):
    """The mall after the kill and every retry: its SKUs by kind, and the clients' requests."""

    stack: Stack
    mall: Mall
    skus: dict[str, str]
    tries: list[Try]

    def aws(self, service: str) -> Any:
        return client(service, self.stack.made()["aws_endpoints"][service])


@pytest.fixture(scope="module")
def story() -> Iterator[Story]:
    with new_stack() as stack:
        mall = Mall(stack.url)
        skus = {
            kind: mall.sku(kind=kind, points=PRICE, stock=STOCK) for kind in (PHYSICAL, VIRTUAL)
        }
        members = mall.members(MEMBERS, POINTS, address=True)
        tries = list(_tries(mall, members, skus))
        clients = Clients(mall, tries)
        clients.run_through(stack)
        _drain(mall)
        yield Story(stack, mall, skus, tries)


def _tries(mall: Mall, members: list[Person], skus: dict[str, str]) -> Iterator[Try]:
    for number in range(ORDERS):
        member, kind = members[number % MEMBERS], (PHYSICAL, VIRTUAL)[number // MEMBERS % 2]
        body = {"items": [{"sku": skus[kind], "quantity": 1}]}
        cancelled = kind == PHYSICAL and number % 3 == 0
        yield Try(member, kind, "/v1/orders", body, mall.new_key(), cancelled)
        if number % 5 == 0:
            yield Try(member, EVENT, "/v1/events", mall.paid(member, EARNED), "")


def _drain(mall: Mall) -> None:
    """Until all is done: a text claimed before the kill waits for its claim to lapse."""
    for _ in range(PATIENCE):
        # It may take as long as the function that may run for longest.
        answer = mall.post("/_local/drain", timeout=None)
        if answer.status_code == 200:
            return
        assert answer.json()["code"] == "not_drained", answer.text
    raise AssertionError("the queues do not become empty")


def test_the_kill_happens_during_orders(story: Story) -> None:
    tries = story.tries
    interrupted = sum(1 for each in tries if each.interrupted)
    assert 0 < interrupted <= len(tries) - DONE_BEFORE_THE_KILL


def test_each_key_has_exactly_one_order(story: Story) -> None:
    mall, tries = story.mall, story.tries
    placed = [each for each in tries if each.kind != EVENT]
    assert len({each.answer["id"] for each in placed}) == ORDERS
    for member in {each.member for each in placed}:
        wanted = sorted(each.answer["id"] for each in placed if each.member == member)
        assert sorted(order["id"] for order in mall.pages("/v1/me/orders", member)) == wanted
    again = placed[0]
    answer = mall.post(again.path, again.body, as_=again.member.token, key=again.key)
    assert answer.headers["Idempotent-Replayed"] == "true"
    assert read(answer, 201)["id"] == again.answer["id"]


def test_balances_and_stock_agree_with_the_orders_and_events(story: Story) -> None:
    mall, skus, tries = story.mall, story.skus, story.tries
    kept = [each for each in tries if each.kind != EVENT and not each.cancelled]
    spent = Counter(each.member for each in kept)
    earned = Counter(each.member for each in tries if each.kind == EVENT)
    members = {each.member for each in tries}
    for member in members:
        wanted = POINTS - PRICE * spent[member] + EARNED * earned[member]
        assert mall.balance(member) == wanted
    sold = Counter(each.kind for each in kept)
    assert {kind: STOCK - mall.stock(sku) for kind, sku in skus.items()} == sold
    check_books(mall, members)


def test_each_code_is_handed_out_once(story: Story) -> None:
    mall, skus, tries = story.mall, story.skus, story.tries
    codes: list[str] = []
    for each in tries:
        if each.kind == VIRTUAL:
            [line] = mall.show_order(each.member, each.answer["id"])["lines"]
            assert len(line["codes"]) == 1
            codes += line["codes"]
    assert len(codes) == len(set(codes)) == ORDERS // 2
    assert {code.rpartition("-")[0] for code in codes} == {skus[VIRTUAL]}
    pool = read(mall.get(f"/v1/admin/code-pools/{skus[VIRTUAL]}", as_=mall.staff()))
    assert (pool["free"], pool["issued"]) == (STOCK - ORDERS // 2, ORDERS // 2)


def test_each_order_and_accrual_has_one_notice_and_each_order_has_one_text(story: Story) -> None:
    mall, tries = story.mall, story.tries
    for member in {each.member for each in tries}:
        own = [each for each in tries if each.member == member and each.kind != EVENT]
        notices = mall.pages("/v1/me/notifications", member)
        orders = [notice for notice in notices if notice["type"].startswith("order.")]
        told = sorted((n["data"]["order_id"], n["data"]["status"]) for n in orders)
        assert told == sorted(state for each in own for state in _states(each))
        entries = mall.pages("/v1/me/points/entries", member)
        earned = sorted(entry["id"] for entry in entries if entry["type"] == "accrual")
        entry_ids = [notice["data"].get("entry_id") for notice in notices]
        assert sorted(filter(None, entry_ids)) == earned
        others = [n["type"] for n in notices if n not in orders and not n["data"].get("entry_id")]
        assert sorted(others) in (["member.registered"], ["member.registered", "tier.upgraded"])
        texts = [text["notice_id"] for text in mall.outbox(member.phone)]
        texted = [n["id"] for n in orders if n["data"]["status"] != "cancelled"]
        assert sorted(texts) == sorted(texted)


def _states(order: Try) -> list[tuple[str, str]]:
    """The states of an order with a notice each: (id, status)."""
    first = "awaiting_review" if order.kind == PHYSICAL else "completed"
    return [(order.answer["id"], each) for each in [first, *["cancelled"] * order.cancelled]]


def test_nothing_is_parked_or_dead(story: Story) -> None:
    _drain(story.mall)
    sqs, s3 = story.aws("sqs"), story.aws("s3")
    named = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    for url in sqs.list_queues()["QueueUrls"]:
        left = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=named)["Attributes"]
        assert set(left.values()) == {"0"}, url
    parked = s3.list_objects_v2(Bucket=story.stack.made()["refs"]["ParkedRecordsBucket"])
    assert parked["KeyCount"] == 0
