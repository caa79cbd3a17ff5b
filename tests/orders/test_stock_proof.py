"""The proof of stock: no false alarms, and each repair once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib import catalog
from chalicelib.audit import Actor
from chalicelib.catalog.tables.items import CatalogItem
from chalicelib.catalog.tables.pools import PoolItem, pool_key
from chalicelib.catalog.tables.stock import StockItem
from chalicelib.kernel import clock
from chalicelib.kernel.errors import NotFound
from chalicelib.orders import events
from chalicelib.orders.actions import stock
from chalicelib.orders.errors import CodesMissing, StockAgrees, StockMoves
from chalicelib.orders.queries import orders
from chalicelib.orders.rules.stock import Pool
from infra.cli import operators
from infra.cli.main import main
from tests.api import new_key, token
from tests.orders.codes import completed
from tests.world import World

ACTOR = Actor("operator:alice", frozenset(), None, "jifen")


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stock, "PAUSE_S", 0)
    monkeypatch.setattr(stock, "TOLD_WITHIN_S", 0)


def set_stock(sku: str, available: int) -> None:
    """Set stock as a fault of an earlier release did."""
    StockItem.key(sku).update([StockItem.available.set(available)])


def wrong(sku: str) -> list[tuple[str, str]]:
    return [(each.sku, each.detail) for each in stock.prove_pools([sku]).problems]


def repair(sku: str, reason: str = "漏库存") -> tuple[Any, Any, bool]:
    """Stock before and after, and whether an earlier attempt made the repair."""
    act, replayed = stock.repair_pool(sku, reason, ACTOR, clock.now())
    return act.before["available"], act.after["available"], replayed


def audited(world: World, sku: str) -> list[Any]:
    path = f"/v1/admin/audit?subject={sku}"
    acts: list[Any] = world.api.get(path, as_=world.ops).body["data"]
    return [act for act in acts if act["action"] == "stock.repair"]


def test_pools_with_waiting_and_served_orders_are_sound(world: World) -> None:
    member, sku = world.member(900), world.sku(kind="virtual", stock=6)
    _, fact = completed(world, member, sku, 2)
    events.fulfil(fact)
    completed(world, member, sku, 3)
    assert stock.prove_pools([sku]) == stock.Proof(1)
    assert (catalog.read_pool(sku).free, world.stock(sku)) == (4, 1)


def test_all_pools_are_checked_including_those_off_sale(world: World) -> None:
    off_sale = world.sku(kind="virtual", stock=1, status="off_sale")
    others = {world.sku(kind="virtual", stock=0), world.sku(kind="virtual", stock=1), off_sale}
    physical = world.sku()
    assert others <= set(catalog.virtual_skus())
    assert physical not in catalog.virtual_skus()


def test_lost_units_are_reported_and_repaired_once(world: World) -> None:
    member, sku = world.member(500), world.sku(kind="virtual", stock=5)
    completed(world, member, sku, 2)
    set_stock(sku, 1)
    assert wrong(sku) == [(sku, "5 codes are free, 1 on sale, 2 waited for: 2 are lost to sale")]
    assert repair(sku) == (1, 3, False)
    assert (world.stock(sku), wrong(sku)) == (3, [])
    (act,) = audited(world, sku)
    assert (act["action"], act["reason"]) == ("stock.repair", "漏库存")
    assert act["before"] == {"available": 1, "free": 5, "waiting": 2}
    assert act["after"] == {"available": 3}
    with pytest.raises(StockAgrees):
        repair(sku)
    assert (world.stock(sku), len(audited(world, sku))) == (3, 1)


def test_each_repair_of_a_sku_is_audited(world: World) -> None:
    sku = world.sku(kind="virtual", stock=5)
    for _ in range(2):
        set_stock(sku, 4)
        assert repair(sku) == (4, 5, False)
    assert len(audited(world, sku)) == 2


def test_two_concurrent_repairs_add_the_units_once(world: World) -> None:
    sku = world.sku(kind="virtual", stock=9)
    set_stock(sku, 3)
    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(lambda _: _tried(sku), range(4)))
    assert done.count((3, 9, False)) == 1
    assert set(done) <= {(3, 9, False), (3, 9, True), "StockAgrees"}
    assert (world.stock(sku), len(audited(world, sku))) == (9, 1)


def _tried(sku: str) -> Any:
    try:
        return repair(sku)
    except StockAgrees as error:
        return type(error).__name__


def test_a_repair_during_sales_adds_only_the_lost_units(world: World) -> None:
    sku = world.sku(kind="virtual", stock=30)
    set_stock(sku, 20)
    members = [world.member(500) for _ in range(4)]
    tokens = [(member, token(member)) for member in members]

    def buy(buyer: tuple[str, str]) -> list[str]:
        made = []
        for _ in range(3):
            body = {"items": [{"sku": sku, "quantity": 1}]}
            answer = world.api.post("/v1/orders", body, as_=buyer[1], key=new_key())
            assert answer.status == 201, answer.body
            made.append(answer.body["id"])
        return made

    with ThreadPoolExecutor(2) as threads:
        sold = threads.submit(lambda: [order for buyer in tokens for order in buy(buyer)])
        healed = threads.submit(lambda: _until_healed(sku))
        sold.result()
        healed.result()
    assert world.stock(sku) == 30 - 12
    assert wrong(sku) == []


def _until_healed(sku: str) -> None:
    while True:
        try:
            repair(sku)
        except StockMoves:
            continue
        return


def test_units_on_sale_without_a_code_are_removed(world: World) -> None:
    member, sku = world.member(500), world.sku(kind="virtual", stock=3)
    completed(world, member, sku, 1)
    set_stock(sku, 4)
    assert wrong(sku) == [
        (sku, "3 codes are free, 4 on sale, 1 waited for: 2 are sold without a code")
    ]
    assert repair(sku) == (4, 2, False)
    assert wrong(sku) == []


def test_missing_reserved_codes_are_imported_first(world: World) -> None:
    member, sku = world.member(500), world.sku(kind="virtual", stock=3)
    _, fact = completed(world, member, sku, 3)
    lost = [each for each in CatalogItem.query(pool_key(sku)) if each.sk.startswith("FREE#")]
    lost[0].delete()
    with pytest.raises(CodesMissing) as refused:
        repair(sku)
    assert refused.value.facts == {"sku": sku, "missing": 1}
    world.codes(sku, [new_key(), new_key()])
    assert repair(sku) == (2, 1, False)
    events.fulfil(fact)
    assert (world.stock(sku), catalog.read_pool(sku).free, wrong(sku)) == (1, 1, [])


def test_codes_can_be_imported_after_a_repair(world: World) -> None:
    sku = world.sku(kind="virtual", stock=0)
    set_stock(sku, 2)
    assert repair(sku) == (2, 0, False)
    world.codes(sku, [new_key() for _ in range(100)])
    world.codes(sku, [new_key()])
    item = PoolItem.read(sku)
    assert (item.total, item.repairs) == (101, 1)
    assert (world.stock(sku), wrong(sku)) == (101, [])


def test_an_order_placed_during_the_scan_is_no_problem(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, sku = world.member(500), world.sku(kind="virtual", stock=5)
    scan, scans = orders.waiting_for_codes, []

    def then_sell() -> set[str]:
        found = scan()
        if not scans:
            completed(world, member, sku, 2)
        scans.append(found)
        return found

    monkeypatch.setattr(orders, "waiting_for_codes", then_sell)
    proof = stock.prove_pools([sku])
    assert (proof.problems, len(scans)) == ([], 2)


def test_a_pool_that_keeps_changing_is_reported_and_not_repaired(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    sku = world.sku(kind="virtual", stock=50)
    set_stock(sku, 20)
    read, moved = stock._read, iter(range(20, 50))

    def move(*asked: Any) -> Pool | None:
        set_stock(sku, next(moved))
        return read(*asked)

    monkeypatch.setattr(stock, "_read", move)
    proof = stock.prove_pools([sku])
    assert (proof.problems, proof.restless) == ([], [sku])
    with pytest.raises(StockMoves):
        repair(sku)
    assert audited(world, sku) == []


def test_the_proof_counts_reservations_of_unpaid_orders(world: World) -> None:
    member = world.member(5000)
    price = {"points": 100, "cash": {"amount": 1980, "currency": "CNY"}}
    sku = world.sku(kind="virtual", stock=5, price=price)
    assert world.order(member, sku, 2).body["status"] == "awaiting_payment"
    assert (world.stock(sku), wrong(sku)) == (3, [])


def test_the_pool_of_a_sku_without_one_is_not_found(world: World) -> None:
    for sku in (world.sku(), "NO-SUCH"):
        with pytest.raises(NotFound):
            stock.prove_pools([sku])
        with pytest.raises(NotFound):
            repair(sku)


def test_operators_verify_and_repair_by_command(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = "arn:aws:sts::123456789012:assumed-role/ops/alice"
    monkeypatch.setattr(operators, "_identity", lambda: {"Arn": arn})
    sku = world.sku(kind="virtual", stock=5)
    set_stock(sku, 3)
    assert main(["stock", "verify", sku]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines() == [
        "pools    1",
        "skus     1 (0 movements)",
        "problems 1",
        f"  {sku}: pool: 5 codes are free, 3 on sale, 0 waited for: 2 are lost to sale",
    ]
    assert said.err == "jifen: stock is not sound: 1 problem\n"
    assert main(["stock", "repair", sku, "--reason", "漏库存"]) == 0
    assert capsys.readouterr().out == f"{sku}: 3 on sale before, 5 now\n"
    assert audited(world, sku)[0]["actor"]["member_id"] == "operator:alice"
    assert main(["stock", "verify", sku]) == 0
    assert main(["stock", "repair", sku, "--reason", "漏库存"]) == 1
    assert "jifen: The stock agrees with its codes\n" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["stock", "repair", sku, "--reason", " "])


def test_the_command_reports_a_sku_without_codes(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    arn = "arn:aws:sts::123456789012:assumed-role/ops/alice"
    monkeypatch.setattr(operators, "_identity", lambda: {"Arn": arn})
    sku = world.sku(kind="physical")
    for command, said in (
        (["repair", sku, "--reason", "x"], f"{sku} is not virtual: it has no pool of codes"),
        (["repair", "NO-SUCH", "--reason", "x"], "There is no SKU NO-SUCH"),
        (["verify", "NO-SUCH"], "There is no SKU NO-SUCH"),
    ):
        assert main(["stock", *command]) == 1
        assert capsys.readouterr().err == f"jifen: Not found: {said}\n"


def test_the_command_verify_reports_stock_after_the_ledger(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from chalicelib.ledger.rules.verification import Tally
    from chalicelib.orders.rules.stock import StockProblem
    from infra.cli import ledger as command

    found = stock.Proof(4, 0, 0, [StockProblem("VIP", "pool", "2 are lost to sale")], ["HOT"])
    monkeypatch.setattr(command, "verify_all", lambda _: Tally(0))
    monkeypatch.setattr(stock, "prove_pools", lambda: found)
    monkeypatch.setattr(stock, "prove_movements", lambda since_s: stock.Proof(0, 2, 1))
    assert main(["verify"]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[2:] == [
        "pools    4",
        "skus     2 (1 movement)",
        "problems 1",
        "  VIP: pool: 2 are lost to sale",
        "  HOT: changed each time it was counted, so nothing is said of it",
    ]
    assert said.err == "jifen: stock is not sound: 1 problem\n"
