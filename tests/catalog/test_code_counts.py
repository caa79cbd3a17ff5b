"""Pools are counted exactly, without a look at their codes; a file of codes fills one."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from chalicelib.catalog.actions import codes
from chalicelib.catalog.tables.pools import CodeItem, IssuedItem, PoolItem, pool_key
from chalicelib.kernel.errors import Unavailable
from infra.cli import codes as command
from infra.cli import operators
from infra.cli.main import main
from tests.catalog.codes import hand_out, made_codes
from tests.catalog.shop import Shop


def test_a_pool_is_counted_without_a_look_at_its_codes(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sku = shop.virtual_sku(made_codes(30))
    for number in range(9):
        hand_out(sku, f"ord_{number}", 2)

    def never(*_: Any, **__: Any) -> int:
        raise AssertionError("codes were read")

    monkeypatch.setattr(CodeItem, "count", never)
    assert shop.pool(sku) == (12, 18)


def test_a_pool_of_an_earlier_release_is_counted_once(shop: Shop) -> None:
    sku = shop.virtual_sku(made_codes(9))
    hand_out(sku, "ord_old", 3)
    for item in list(CodeItem.query(pool_key(sku), CodeItem.sk.startswith("ISSUED#"))):
        item.update([CodeItem.is_counted.remove()])
    for count in list(IssuedItem.query(pool_key(sku), IssuedItem.sk.startswith("COUNT#"))):
        count.delete()
    PoolItem.key(sku).update([PoolItem.uncounted.remove()])
    assert shop.pool(sku) == (6, 3)
    hand_out(sku, "ord_new", 2)
    assert shop.pool(sku) == (4, 5)
    assert (sum(codes.count_issued([sku])), sum(codes.count_issued([sku]))) == (1, 0)
    assert PoolItem.read(sku).uncounted == 3
    assert shop.pool(sku) == (4, 5)


def test_orders_at_the_same_time_leave_an_exact_count(shop: Shop) -> None:
    sku = shop.virtual_sku(made_codes(60))
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda number: hand_out(sku, f"ord_{number}", 2), range(24)))
    assert len({code for each in taken for code in each}) == 48
    assert shop.pool(sku) == (12, 48)


@pytest.fixture
def operator(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operators, "name", lambda: "operator:alice")
    monkeypatch.setattr(command, "PART", 10)


def test_a_file_of_codes_fills_a_pool_and_goes_on_after_a_break(
    shop: Shop,
    operator: None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    sku, file = shop.virtual_sku(), tmp_path / "codes.txt"
    file.write_text("\ufeff" + "\n".join([*made_codes(25), "", "CODE-0003 "]), encoding="utf-8")
    importing, done = codes.import_codes, 0

    def broken(*given: Any) -> Any:
        nonlocal done
        done += 1
        if done == 2:
            raise Unavailable()
        return importing(*given)

    monkeypatch.setattr(codes, "import_codes", broken)
    assert main(["codes", "import", sku, str(file)]) == 1
    assert shop.pool(sku) == (10, 0)
    assert main(["codes", "import", sku, str(file)]) == 0
    told = capsys.readouterr().out
    assert [line.split()[-1] for line in told.splitlines()] == ["25", "0", "25", "0"]
    assert (shop.pool(sku), shop.available(sku)) == ((25, 0), 25)
    assert main(["codes", "count", sku]) == 0


@pytest.mark.parametrize("text", ["", "\n\n", "a  b", "\u7801", "x" * 65])
def test_a_file_that_holds_no_codes_is_refused(
    shop: Shop, operator: None, tmp_path: Path, text: str
) -> None:
    sku, file = shop.virtual_sku(), tmp_path / "codes.txt"
    file.write_text(text, encoding="utf-8")
    assert main(["codes", "import", sku, str(file)]) == 1
    assert main(["codes", "import", sku, str(tmp_path / "none.txt")]) == 1
    assert shop.pool(sku) == (0, 0)
