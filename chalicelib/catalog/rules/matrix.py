"""The matrix of a product's SKUs: each combination of its specs' values is one SKU, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import product as combinations

import msgspec

from chalicelib.catalog.rules.products import Sku
from chalicelib.kernel.errors import FieldError, Words

Specs = Mapping[str, str]


class Axis(msgspec.Struct, frozen=True):
    """A spec, such as a colour, with its values as the SKUs name them first."""

    name: str
    values: list[str]


def axes_of(skus: Sequence[Sku]) -> list[Axis]:
    """The specs of a product, in the order of its SKUs."""
    values: dict[str, dict[str, None]] = {}
    for sku in skus:
        for name, value in sku.specs.items():
            values.setdefault(name, {})[value] = None
    return [Axis(name, list(found)) for name, found in values.items()]


def in_order(skus: Sequence[Sku]) -> list[Sku]:
    """The SKUs with their specs in the order of the first one's, where all have the same."""
    names = [axis.name for axis in axes_of(skus)]
    if any(sku.specs.keys() != set(names) for sku in skus):
        return list(skus)
    return [
        msgspec.structs.replace(sku, specs={name: sku.specs[name] for name in names})
        for sku in skus
    ]


def matrix_errors(skus: Sequence[Sku], fields: Mapping[str, str]) -> Iterator[FieldError]:
    """What makes the SKUs no whole matrix; `fields` names each SKU of the request.

    A combination that nobody can have is a SKU without stock.
    """
    axes = axes_of(skus)
    uneven = [sku for sku in skus if sku.specs.keys() != skus[0].specs.keys()]
    if uneven:
        words = Words(
            f"每个 SKU 的规格名须相同：{'、'.join(skus[0].specs) or '无规格'}",
            f"must have the same names for each SKU: {', '.join(skus[0].specs) or 'none'}",
        )
        yield from (FieldError(_specs_of(sku, fields), "other_specs", words) for sku in uneven)
        return
    seen: dict[tuple[str, ...], str] = {}
    for sku in skus:
        values = tuple(sku.specs[axis.name] for axis in axes)
        first = seen.setdefault(values, sku.sku)
        if first != sku.sku:
            words = Words(f"规格与 {first} 相同", f"are those of {first}, too")
            yield FieldError(_specs_of(sku, fields), "duplicate_specs", words)
    # With a hole, at most one combination more is looked at than there are SKUs.
    hole = next((c for c in combinations(*(a.values for a in axes)) if c not in seen), None)
    if hole is not None:
        named = " / ".join(hole)
        words = Words(
            f"缺少组合「{named}」；不售的组合库存填 0",
            f"lack the combination {named}; one that is not sold has a stock of 0",
        )
        yield FieldError("skus", "missing_combination", words)


def _specs_of(sku: Sku, fields: Mapping[str, str]) -> str:
    return f"{fields[sku.sku]}.specs" if sku.sku in fields else "skus"
