"""A product's SKUs fill a matrix of specs: no combination is lacking, none is there twice."""

from __future__ import annotations

from itertools import product

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.catalog.rules.drafts import SkuChange, SkuDraft
from chalicelib.catalog.rules.matrix import Axis, axes_of, in_order, matrix_errors
from chalicelib.catalog.rules.products import Sku
from tests.catalog.rules.drafting import changed, made
from tests.catalog.rules.drafting import wrong as refused

pytestmark = pytest.mark.pure

AXES = st.dictionaries(
    st.sampled_from(["色", "码", "款"]),
    st.lists(st.sampled_from("红黄蓝绿SML"), min_size=1, max_size=4, unique=True),
    max_size=3,
)


def skus_of(axes: dict[str, list[str]]) -> list[Sku]:
    """A SKU for each combination."""
    combinations = product(*axes.values())
    return [
        Sku(f"S{at}", dict(zip(axes, values, strict=True)))
        for at, values in enumerate(combinations)
    ]


def wrong(skus: list[Sku]) -> list[tuple[str, str]]:
    fields = {sku.sku: f"skus[{at}]" for at, sku in enumerate(skus)}
    return [(error.field, error.code) for error in matrix_errors(skus, fields)]


@given(AXES)
def test_every_whole_matrix_is_taken_and_shown_by_its_axes(axes: dict[str, list[str]]) -> None:
    skus = skus_of(axes)
    assert wrong(skus) == []
    assert axes_of(skus) == [Axis(name, values) for name, values in axes.items()]
    assert in_order(skus) == skus


@given(AXES, st.data())
def test_a_matrix_that_lacks_a_combination_is_refused(
    axes: dict[str, list[str]], data: st.DataObject
) -> None:
    skus = skus_of(axes)
    dropped = data.draw(st.sampled_from(skus))
    left = [sku for sku in skus if sku != dropped]
    # A value that no other combination has is gone with its axis' entry: that is no hole.
    whole = len(left) == len(list(product(*(axis.values for axis in axes_of(left)))))
    expected = [] if not left or whole else [("skus", "missing_combination")]
    assert (wrong(left) if left else []) == expected


@given(AXES, st.data())
def test_a_combination_that_is_there_twice_is_refused_by_its_place(
    axes: dict[str, list[str]], data: st.DataObject
) -> None:
    skus = skus_of(axes)
    twin = Sku("TWIN", data.draw(st.sampled_from(skus)).specs)
    assert wrong([*skus, twin]) == [(f"skus[{len(skus)}].specs", "duplicate_specs")]


def test_each_sku_has_the_same_specs() -> None:
    skus = [Sku("A", {"色": "红"}), Sku("B", {}), Sku("C", {"色": "蓝", "码": "L"})]
    assert wrong(skus) == [("skus[1].specs", "other_specs"), ("skus[2].specs", "other_specs")]
    (first, _) = matrix_errors(skus, {})
    assert first.message.zh == "每个 SKU 的规格名须相同：色"
    assert first.message.en == "must have the same names for each SKU: 色"


def test_a_hole_is_named_and_how_it_is_filled() -> None:
    skus = [Sku("A", {"色": "红", "码": "S"}), Sku("B", {"色": "蓝", "码": "M"})]
    (hole,) = matrix_errors(skus, {})
    assert hole.message.zh == "缺少组合「红 / M」；不售的组合库存填 0"
    assert hole.message.en == "lack the combination 红 / M; one that is not sold has a stock of 0"


def test_specs_are_kept_in_the_order_of_the_first_sku() -> None:
    skus = [Sku("A", {"色": "红", "码": "S"}), Sku("B", {"码": "S", "色": "蓝"})]
    assert [list(sku.specs) for sku in in_order(skus)] == [["色", "码"], ["色", "码"]]
    uneven = [Sku("A", {"色": "红"}), Sku("B", {"码": "S"})]
    assert in_order(uneven) == uneven


def test_sixty_values_of_eight_specs_are_looked_at_at_once() -> None:
    """A hole is found after a look at as many combinations as there are SKUs: not 60 ** 8."""
    skus = [Sku(f"S{n}", {f"s{at}": f"{n}" for at in range(8)}) for n in range(60)]
    assert wrong(skus) == [("skus", "missing_combination")]


def test_a_change_of_skus_leaves_a_whole_matrix() -> None:
    assert refused(changed, skus=[SkuChange("MUG")]) == [("skus[0].specs", "other_specs")]
    twin = [SkuChange("MUG", {"色": "红"})]
    assert refused(changed, skus=twin) == [("skus[0].specs", "duplicate_specs")]
    two = made(
        skus=[SkuDraft("A", {"色": "红", "码": "S"}), SkuDraft("B", {"色": "蓝", "码": "S"})]
    )
    hole = [SkuChange("C", {"色": "红", "码": "M"})]
    assert refused(changed, seen=two, skus=hole) == [("skus", "missing_combination")]
    assert len(changed(two, skus=[*hole, SkuChange("D", {"色": "蓝", "码": "M"})]).skus) == 4


def test_a_product_of_an_earlier_release_with_twins_is_changed_in_all_but_its_skus() -> None:
    twins = msgspec.structs.replace(made(), skus=[Sku("A", {}), Sku("B", {})])
    assert changed(twins, brand="C", skus=[SkuChange("A")]).skus == twins.skus
    mended = [SkuChange("A", {"色": "红"}), SkuChange("B", {"色": "蓝"})]
    assert [sku.specs for sku in changed(twins, skus=mended).skus] == [{"色": "红"}, {"色": "蓝"}]
    assert refused(changed, seen=twins, skus=mended[:1]) == [("skus", "other_specs")]
