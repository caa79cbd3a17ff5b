"""Parcels of a CSV file are recorded in a job, each line once, with a report of each."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.kernel.errors import Unavailable
from chalicelib.orders import events
from chalicelib.orders.actions import imports, parcels
from chalicelib.orders.facts import ImportPartDue
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.rules import imports as rules
from tests.api import Answer, new_key, token
from tests.orders.placed import Placed, to_approved
from tests.world import World

PATH = "/v1/admin/imports/shipments"
HEADER = "order_id,carrier,tracking_number,lines"


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Messages to the queue of fulfilment."""
    sent: list[Any] = []
    monkeypatch.setattr(imports, "send", lambda _, fact: sent.append(fact))
    return sent


def work(queue: list[Any]) -> None:
    """Handle all messages, each twice, as a queue may deliver it."""
    while queue:
        fact = queue.pop(0)
        assert isinstance(fact.data, ImportPartDue)
        for _ in range(2):
            events.FULFILMENT[ImportPartDue](fact)


def send(world: World, *lines: str, key: str | None = None, as_: str | None = None) -> Answer:
    body = {"csv": "\r\n".join([HEADER, *lines])}
    return world.api.post(PATH, body, as_=as_ or world.ops, key=key or new_key())


def job(world: World, job_id: str) -> Any:
    return world.api.get(f"/v1/admin/jobs/{job_id}", as_=token("mbr_ops", "ops")).body


def report(world: World, job_id: str, **asked: str) -> list[tuple[Any, ...]]:
    query = "".join(f"&{name}={value}" for name, value in asked.items())
    found: list[Any] = []
    cursor = ""
    while True:
        path = f"/v1/admin/imports/{job_id}/lines?limit=2{query}{cursor}"
        page = world.api.get(path, as_=world.ops).body
        found += [(each["line"], each["outcome"], each["code"]) for each in page["data"]]
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def approved(world: World) -> Placed:
    order = Placed(world)
    to_approved(order)
    return order


def test_each_line_is_shipped_once_and_told_of(world: World, queue: list[Any]) -> None:
    one, other, early = approved(world), approved(world), Placed(world)
    number = f"SF{new_key()}"
    started = send(
        world,
        f"{one.id},SF,{number}1",
        "",
        f"{other.id},YTO,{number}2,{other.sku}:1",
        f"{one.id},SF,{number}1",
        f"{early.id},SF,{number}3",
        f"ord_nobody,SF,{number}4",
        f"{other.id},SF,,",
        f"{other.id},YTO,{number}5,{other.sku}:9",
    )
    assert started.status == 202, started.body
    job_id = started.body["job_id"]
    assert job(world, job_id)["status"] == "running"
    work(queue)
    done = job(world, job_id)
    assert (done["type"], done["status"]) == ("import_shipments", "done")
    assert done["progress"] == {"done": 7, "total": 7}
    assert done["result"] == {"done": 2, "already_done": 1, "refused": 4}
    assert report(world, job_id) == [
        (2, "done", None),
        (4, "done", None),
        (5, "already_done", None),
        (6, "refused", "not_allowed_in_this_state"),
        (7, "refused", "not_found"),
        (8, "refused", "invalid_tracking_number"),
        (9, "refused", "more_than_ordered"),
    ]
    assert report(world, job_id, outcome="already_done") == [(5, "already_done", None)]
    assert (one.status(), other.status(), early.status()) == (
        "shipped",
        "approved",
        "awaiting_review",
    )
    assert [len(get_order(each.id).parcels) for each in (one, other, early)] == [1, 1, 0]


def test_lines_that_nobody_filled_are_no_lines_of_the_job(world: World, queue: list[Any]) -> None:
    one, other = approved(world), approved(world)
    started = send(world, f"{other.id},,", f"{one.id},SF,SF{new_key()}", f"{other.id}, ,,")
    work(queue)
    assert report(world, started.body["job_id"]) == [(3, "done", None)]
    assert (one.status(), other.status()) == ("shipped", "approved")
    alone = send(world, f"{other.id},,")
    assert (alone.status, alone.body["errors"][0]["code"]) == (400, "empty")


@pytest.mark.parametrize(
    "row", ["ord_1,SF,", "ord_1,,SF1", "ord_1,,,CUP:1", "ord_1,,,CUP:x", ",,,x"]
)
def test_a_line_that_was_begun_is_a_line(row: str) -> None:
    assert [each.line for each in rules.read_rows(f"{HEADER}\r\n{row}")] == [2]


def test_a_file_that_is_sent_again_ships_nothing_twice(world: World, queue: list[Any]) -> None:
    order, key = approved(world), new_key()
    line = f"{order.id},SF,SF{key}"
    first, again = send(world, line, key=key), send(world, line, key=key)
    assert (again.status, again.body) == (202, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    work(queue)
    assert send(world, line, key=key).body == first.body
    assert queue == []
    assert send(world, f"{line}x", key=key).body["code"] == "idempotency_key_reused"
    later = send(world, line).body["job_id"]
    work(queue)
    assert job(world, later)["result"] == {"done": 0, "already_done": 1, "refused": 0}
    assert len(get_order(order.id).parcels) == 1


def test_a_part_that_fails_midway_is_done_by_its_next_try(
    world: World, queue: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imports, "ROWS_A_PART", 2)
    monkeypatch.setattr("chalicelib.orders.routes.imports.ROWS_A_PART", 2)
    orders = [approved(world) for _ in range(3)]
    key = new_key()
    started = send(world, *(f"{each.id},SF,SF{key}{at}" for at, each in enumerate(orders)))
    shipping, tried = parcels.ship, 0

    def ship(*given: Any) -> Any:
        nonlocal tried
        tried += 1
        if tried == 2:
            raise Unavailable()
        return shipping(*given)

    monkeypatch.setattr(parcels, "ship", ship)
    [first] = queue
    with pytest.raises(Unavailable):
        events.FULFILMENT[ImportPartDue](first)
    assert job(world, started.body["job_id"])["progress"]["done"] == 0
    work(queue)
    assert job(world, started.body["job_id"])["result"]["done"] == 3
    assert [len(get_order(each.id).parcels) for each in orders] == [1, 1, 1]


def test_an_import_without_progress_has_failed(world: World, queue: list[Any], time: Any) -> None:
    started = send(world, f"{approved(world).id},SF,SF{new_key()}")
    time.advance(seconds=3601)
    assert job(world, started.body["job_id"])["status"] == "failed"
    work(queue)
    assert job(world, started.body["job_id"])["status"] == "done"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("order_id,carrier\r\nord_1,SF", "missing_columns"),
        (HEADER, "empty"),
        (f"{HEADER}\r\n,,,", "empty"),
        (f"{HEADER}\r\n" + "x,y,z\r\n" * (rules.MOST_ROWS + 1), "too_many_lines"),
        (f"{HEADER}\r\n\0", "not_csv"),
    ],
)
def test_a_file_that_holds_no_parcels_is_refused(
    world: World, queue: list[Any], text: str, code: str
) -> None:
    answer = world.api.post(PATH, {"csv": text}, as_=world.ops, key=new_key())
    assert answer.status == 400
    if code != "not_csv":
        assert answer.body["errors"][0]["code"] == code
    assert queue == []


def test_others_send_no_files_and_read_no_reports(world: World, queue: list[Any]) -> None:
    order = approved(world)
    started = send(world, f"{order.id},SF,SF1").body["job_id"]
    for role in ("agent", "finance", "member"):
        other = token(f"mbr_{role}", role)
        assert send(world, f"{order.id},SF,SF1", as_=other).status == 403
        assert world.api.get(f"/v1/admin/imports/{started}/lines", as_=other).status == 403
    nobody = world.api.get("/v1/admin/imports/job_x/lines", as_=world.ops)
    assert (nobody.status, nobody.body["code"]) == (404, "not_found")


def test_an_import_stands_in_the_audit(world: World, queue: list[Any]) -> None:
    started = send(world, f"{approved(world).id},SF,SF1").body["job_id"]
    [act] = world.api.get(f"/v1/admin/audit?subject={started}", as_=world.ops).body["data"]
    assert act["action"] == "shipments.import"
    assert act["after"] == {"kind": "shipments", "lines": 1}
