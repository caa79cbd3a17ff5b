"""One thing has one name in Chinese for all readers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.finance.rules import liability_chart, wording
from chalicelib.ledger.rules import UNITS, words
from chalicelib.notify.rules import points
from chalicelib.orders.rules.words import STATES

ROOT = Path(__file__).parents[2]
# The rejected names of a thing, and the lines in which they mean something else: none.
NAMES = {
    "返利": ("返现", "现金返还"),
    "卡券码": ("卡密", "兑换码"),
    "支付平台": ("支付渠道",),
    "快递公司": ("承运商",),
    "人工调整": ("手工调整",),
    "待入账": ("待解锁",),
    "待抵扣": ("欠扣", "欠分"),
}


def lines() -> Iterator[tuple[str, str]]:
    """Each Chinese line of the program, its demo and its documents, by file and line."""
    for folder in ("chalicelib", "infra", "docs"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix in (".py", ".json", ".md"):
                yield from lines_of(path)


def lines_of_pages() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "web").glob("*/src/language/zh-CN/*.json")):
        yield from lines_of(path)


def lines_of(path: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if re.search("[一-鿿]", line):
            yield f"{path.relative_to(ROOT)}:{number}", line


@pytest.mark.parametrize("name", sorted(NAMES))
def test_no_text_uses_another_name(name: str) -> None:
    found = [*lines(), *lines_of_pages()]
    assert any(name in line for _, line in found)
    assert [at for at, line in found if any(other in line for other in NAMES[name])] == []


def test_accounts_are_frozen_and_points_are_held() -> None:
    frozen = [(at, line) for at, line in lines() if "冻结" in line]
    assert len(frozen) >= 3
    assert [at for at, line in frozen if not re.search('账户|"frozen"', line)] == []
    held = [(at, line) for at, line in lines() if "预扣" in line]
    assert [at for at, line in held if "账户" in line] == []


@pytest.mark.parametrize("unit", sorted(UNITS))
def test_a_unit_has_one_name_in_refusals_notices_workbooks_and_charts(unit: str) -> None:
    name = words.UNIT_NAMES[unit]
    assert points.amount(500, unit, "zh-CN").endswith(name.zh)
    assert wording.word_for("unit", unit, "zh-CN") == name.zh
    assert wording.word_for("unit", unit, "en") == name.en


def test_only_three_states_have_other_names_for_accountants_than_for_members() -> None:
    differ = {state for state, said in wording.STATES.items() if STATES[state] != said}
    assert differ == {"approved", "rejected", "completed"}
    assert set(wording.STATES) == set(STATES)


def test_a_hold_has_one_name_in_refusals_workbooks_and_charts() -> None:
    assert words.HOLD_NAMES["held"].zh == "预扣中"
    for type_ in ("hold", "capture", "release"):
        assert "预扣" in words.ENTRIES[type_].zh
        assert "预扣" in wording.ENTRY_TYPES[type_].zh
    assert liability_chart.HOLD_NAMES is words.HOLD_NAMES


@pytest.mark.parametrize("type_", ["hold", "capture", "release"])
def test_pages_name_a_hold_and_its_end_as_the_ledger_does(type_: str) -> None:
    said = words.ENTRIES[type_].zh
    for page in ("mall/src/language/zh-CN/points", "console/src/language/zh-CN/members"):
        texts = (ROOT / "web" / f"{page}.json").read_text()
        assert f'"{type_}": "{said}"' in texts, page
