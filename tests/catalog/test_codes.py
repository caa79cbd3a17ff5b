"""Code pools: imported once, handed out once each, never shown."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from chalicelib.catalog.actions import codes
from chalicelib.catalog.errors import CodePoolEmpty
from chalicelib.catalog.tables.pools import CodeItem, ImportItem, PoolItem, pool_key
from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.store.tables import connection
from tests.api import new_key
from tests.catalog.codes import hand_out, made_codes
from tests.catalog.shop import Shop, an_act, codes_of, fresh


def test_virtual_goods_have_as_much_stock_as_codes(shop: Shop) -> None:
    sku = shop.virtual_sku()
    assert (shop.available(sku), shop.pool(sku)) == (0, (0, 0))
    made = shop.import_codes(sku, made_codes(200))
    assert made.status == 201
    assert made.body == {
        "id": made.body["id"],
        "sku": sku,
        "imported": 200,
        "duplicates": 0,
        "free": 200,
    }
    assert made.body["id"].startswith("imp_")
    assert (shop.available(sku), shop.pool(sku)) == (200, (200, 0))


def test_a_retry_of_an_import_adds_nothing(shop: Shop) -> None:
    sku, key = shop.virtual_sku(), new_key()
    first = shop.import_codes(sku, made_codes(3), key=key)
    again = shop.import_codes(sku, made_codes(3), key=key)
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["Idempotent-Replayed"] == "true"
    other = shop.import_codes(sku, made_codes(4), key=key)
    assert (other.status, other.body["code"]) == (409, "idempotency_key_reused")
    assert (shop.available(sku), shop.pool(sku)) == (3, (3, 0))


def test_codes_already_known_to_the_pool_are_counted_as_duplicates(shop: Shop) -> None:
    sku = shop.virtual_sku(made_codes(4))
    hand_out(sku, "ord_1", 2)
    made = shop.import_codes(sku, made_codes(5)).body
    assert (made["imported"], made["duplicates"], made["free"]) == (1, 4, 3)
    assert shop.pool(sku) == (3, 2)
    assert shop.available(sku) == 5  # the test took codes without reserving them


def test_two_skus_may_share_a_code(shop: Shop) -> None:
    one, other = shop.virtual_sku(["SAME"]), shop.virtual_sku(["SAME"])
    assert hand_out(one, "ord_1") == hand_out(other, "ord_1") == ["SAME"]


def test_an_interrupted_import_continues_where_it_stopped(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sku, key = shop.virtual_sku(), new_key()
    whole, chunks = codes._import_chunk, iter([True, False])

    def cut(*args: Any) -> Any:
        if not next(chunks):
            raise Unavailable()
        return whole(*args)

    monkeypatch.setattr(codes, "_import_chunk", cut)
    assert shop.import_codes(sku, made_codes(250), key=key).status == 503
    assert (shop.available(sku), shop.pool(sku)) == (90, (90, 0))
    monkeypatch.setattr(codes, "_import_chunk", whole)
    made = shop.import_codes(sku, made_codes(250), key=key)
    assert (made.status, made.body["imported"], made.body["duplicates"]) == (201, 250, 0)
    assert (shop.available(sku), shop.pool(sku)) == (250, (250, 0))


def test_concurrent_imports_of_the_same_codes_add_each_code_once(shop: Shop) -> None:
    sku = shop.virtual_sku()

    def bring(number: int) -> ImportItem:
        record = ImportItem.key(fresh("imp"))
        record.id, record.made_by = f"imp_{number}", "mbr_ops"
        return codes.import_codes(
            sku, made_codes(120), record, clock.now(), an_act("codes.import", sku)
        )[0]

    with ThreadPoolExecutor(4) as threads:
        made = list(threads.map(bring, range(4)))
    assert sum(each.imported for each in made) == 120
    assert sum(each.duplicates for each in made) == 3 * 120
    assert (shop.available(sku), shop.pool(sku)) == (120, (120, 0))


def test_a_code_issued_during_an_import_is_not_imported_again(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sku = shop.virtual_sku(["FIRST"])
    look = codes.known_hashes
    done: list[bool] = []

    def come_and_go(*args: Any) -> set[str]:
        known = look(*args)
        if not done:
            done.append(True)
            shop.import_codes(sku, ["LATE"])
            hand_out(sku, "ord_1", 2)
        return known

    monkeypatch.setattr(codes, "known_hashes", come_and_go)
    record = ImportItem.key(fresh("imp"))
    record.id, record.made_by = "imp_1", "mbr_ops"
    made, _ = codes.import_codes(sku, ["LATE"], record, clock.now(), an_act("codes.import", sku))
    assert (made.imported, made.duplicates) == (0, 1)
    assert shop.pool(sku) == (0, 2)


def test_a_retry_during_its_own_import_counts_each_code_once(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sku = shop.virtual_sku(made_codes(90))
    look, import_id = codes.known_hashes, fresh("imp")
    nested: list[ImportItem] = []

    def bring() -> ImportItem:
        record = ImportItem.key(import_id)
        record.id, record.made_by = import_id, "mbr_ops"
        return codes.import_codes(
            sku, made_codes(150), record, clock.now(), an_act("codes.import", sku)
        )[0]

    def overtaken(*args: Any) -> set[str]:
        if not nested:
            nested.append(ImportItem.key(import_id))
            nested.append(bring())
        return look(*args)

    monkeypatch.setattr(codes, "known_hashes", overtaken)
    made = bring()
    assert (made.imported, made.duplicates) == (60, 90)
    assert (nested[1].imported, nested[1].duplicates) == (60, 90)
    assert (shop.available(sku), shop.pool(sku)) == (150, (150, 0))


def test_ten_concurrent_orders_get_ten_different_codes(shop: Shop) -> None:
    sku = shop.virtual_sku(made_codes(20))
    with ThreadPoolExecutor(10) as threads:
        taken = list(threads.map(lambda n: hand_out(sku, f"ord_{n}", 2), range(10)))
    assert sorted(code for each in taken for code in each) == made_codes(20)
    assert shop.pool(sku) == (0, 20)


def test_ten_concurrent_orders_share_the_last_three_codes(shop: Shop) -> None:
    sku = shop.virtual_sku(made_codes(3))

    def take(number: int) -> list[str]:
        try:
            return hand_out(sku, f"ord_{number}")
        except CodePoolEmpty:
            return []

    with ThreadPoolExecutor(10) as threads:
        taken = list(threads.map(take, range(10)))
    assert sorted(code for each in taken for code in each) == made_codes(3)


def test_an_order_gets_all_of_its_codes_or_none(shop: Shop) -> None:
    sku = shop.virtual_sku(made_codes(2))
    with pytest.raises(CodePoolEmpty) as refused:
        hand_out(sku, "ord_1", 3)
    assert refused.value.facts == {"sku": sku}
    assert shop.pool(sku) == (2, 0)


def test_an_issued_code_has_its_order_and_time(shop: Shop) -> None:
    sku = shop.virtual_sku(made_codes(1))
    hand_out(sku, "ord_7")
    (issued,) = list(CodeItem.query(pool_key(sku), CodeItem.sk.startswith("ISSUED#")))
    assert (issued.order_id, issued.plain()) == ("ord_7", "CODE-0000")
    assert abs(issued.issued_at - clock.to_ms(clock.now())) < 60_000


def test_codes_are_neither_stored_in_the_clear_nor_shown(shop: Shop) -> None:
    sku = shop.virtual_sku(["SECRET-CODE"])
    keys = {":pk": {"S": pool_key(sku)}}
    client: Any = connection().client
    found = client.query(
        TableName=PoolItem.Meta.table_name,
        KeyConditionExpression="pk = :pk",
        ExpressionAttributeValues=keys,
    )
    assert found["Count"] == 2
    assert "SECRET-CODE" not in str(found["Items"])
    for path in (f"skus/{sku}", f"code-pools/{sku}"):
        assert "SECRET-CODE" not in json.dumps(shop.get(path).body)


def test_virtual_goods_cannot_be_restocked_and_other_goods_have_no_codes(shop: Shop) -> None:
    virtual, physical = shop.virtual_sku(), shop.sku()
    refused = shop.post(f"skus/{virtual}/restock", {"quantity": 1, "reason": "x"})
    assert (refused.status, refused.body["code"]) == (409, "stock_comes_from_codes")
    refused = shop.import_codes(physical, ["A"])
    assert (refused.status, refused.body["code"]) == (409, "codes_are_for_virtual_goods")
    assert (shop.available(virtual), shop.available(physical)) == (0, 50)
    assert shop.get(f"code-pools/{physical}").status == 404
    assert shop.get(f"code-pools/{fresh('NONE')}").status == 404
    assert shop.import_codes(fresh("NONE"), ["A"]).status == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "codes"),
        (["A", "B", "A"], "codes[2]"),
        (["A" * 65], "codes[0]"),
        (["A", ""], "codes[1]"),
        (["A\nB"], "codes[0]"),
        (["保温杯"], "codes[0]"),
        ([5], "codes[0]"),
        (made_codes(1001), "codes"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_bad_import_is_refused_whole(shop: Shop, body: list[Any], field: str) -> None:
    sku = shop.virtual_sku()
    refused = shop.import_codes(sku, body)
    assert (refused.status, codes_of(refused)[0][0]) == (400, field)
    assert (shop.available(sku), shop.pool(sku)) == (0, (0, 0))


def test_one_import_takes_a_thousand_codes(shop: Shop) -> None:
    sku = shop.virtual_sku()
    made = shop.import_codes(sku, made_codes(1000)).body
    assert (made["imported"], made["free"]) == (1000, 1000)
    assert shop.available(sku) == 1000


def test_agents_may_count_codes_but_not_import_them(shop: Shop) -> None:
    sku = shop.virtual_sku(made_codes(1))
    path = f"/v1/admin/code-pools/{sku}"
    assert shop.api.get(path, as_=shop.agent).body == {"sku": sku, "free": 1, "issued": 0}
    assert shop.api.get(path, as_=shop.member).status == 403
    body = {"codes": ["X"]}
    for other in (shop.agent, shop.member):
        refused = shop.api.post(f"{path}/codes", body, as_=other, key=new_key())
        assert refused.status == 403
    assert shop.api.post(f"{path}/codes", body, as_=shop.ops).status == 400
    assert shop.pool(sku) == (1, 0)
