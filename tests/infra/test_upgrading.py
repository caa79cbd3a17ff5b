"""A stage of the first layout is upgraded without failing lists."""

from __future__ import annotations

from typing import Any

from infra.deploy.upgrading import LAYOUT, STEPS, TABLE, at_step
from tests.infra.permissions import allows
from tests.infra.templates import Packaged

FIRST = {"by_member", "queue"}
READS = {1: FIRST, 2: {"of_member", "waiting"}}


def indexes(template: dict[str, Any]) -> dict[str, Any]:
    listed = template["Resources"][TABLE]["Properties"]["GlobalSecondaryIndexes"]
    return {each["IndexName"]: each for each in listed}


def steps(dev: Packaged) -> list[Packaged]:
    made = [at_step(dev.template, number) for number in range(1, len(STEPS) + 1)]
    return [Packaged(dev.path, each) for each in made] + [dev]


def test_each_deployment_creates_or_deletes_one_index_at_most(dev: Packaged) -> None:
    before = FIRST
    for each in steps(dev):
        after = set(indexes(each.template))
        assert len(before ^ after) <= 1
        before = after
    assert before == READS[2] | {"helpful"}


def test_functions_read_only_indexes_that_exist_before_and_after_a_step(dev: Packaged) -> None:
    made, layout_before = steps(dev), 1
    for number, each in enumerate(made):
        layouts = {
            function["Environment"]["Variables"].get(LAYOUT, "2")
            for function in each.functions.values()
        }
        (layout,) = map(int, layouts)
        before = FIRST if number == 0 else set(indexes(made[number - 1].template))
        assert READS[layout] <= set(indexes(each.template)) & before
        # Roles change before their functions do.
        for name in READS[layout] | READS[layout_before]:
            assert allows(
                each.statements("APIHandler"), "dynamodb:Query", f"{TABLE}.Arn/index/{name}"
            )
        layout_before = layout


def test_an_old_index_has_each_order_under_the_same_keys(dev: Packaged) -> None:
    known = indexes(at_step(dev.template, 1))
    assert {known[name]["Projection"]["ProjectionType"] for name in FIRST} == {"ALL"}
    assert known["by_member"]["KeySchema"] == indexes(dev.template)["of_member"]["KeySchema"]
