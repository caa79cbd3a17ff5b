"""What campaigns give, by kind."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chalicelib.kernel.money import MAX_MINOR_UNITS
from chalicelib.kernel.texts import ID, SkuCode, kind
from chalicelib.ledger import MAX_POINTS

SomePoints = Annotated[int, Meta(ge=0, le=MAX_POINTS)]
SomeCash = Annotated[int, Meta(ge=0, le=MAX_MINOR_UNITS)]
Percent = Annotated[int, Meta(ge=0, le=100)]
Units = Annotated[int, Meta(ge=0, le=10_000)]
TemplateId = Annotated[str, kind(64, form=ID)]


class SkuPrice(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """The price of one unit: `points` and `cash` minor units; null is the list price's part."""

    sku: SkuCode
    points: SomePoints | None = None
    cash: SomeCash | None = None


class PriceEffect(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Another price of a unit: `prices` by SKU, or `percent_off` the list price of the scope's
    goods. So many units of a line as `per_order` have it, null is all."""

    prices: Annotated[list[SkuPrice], Meta(max_length=200)] = []
    percent_off: Percent | None = None
    per_order: Units | None = None


class BundleItem(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """So many units of a SKU in a bundle."""

    sku: SkuCode
    quantity: Units = 1


class BundleEffect(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A set of goods at a price of its own; at most `per_order` sets in an order."""

    items: Annotated[list[BundleItem], Meta(max_length=20)]
    points: SomePoints = 0
    cash: SomeCash = 0
    per_order: Units | None = None


class ReductionStep(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Goods of at least this value lower the price by `off`."""

    at_least: SomeCash
    off: SomeCash


class ReductionEffect(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """The highest step that the goods reach lowers their price, in points or in cash (minor units).
    A value in cash has all points paid in cash. `repeats`: the only step counts each time that the
    value holds it, at most `most_times`."""

    unit: Literal["points", "cash"]
    steps: Annotated[list[ReductionStep], Meta(max_length=10)]
    repeats: bool = False
    most_times: Units | None = None


class GiveEffect(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """`give` units of a SKU are free for each `buy` units of the scope's goods, `most_times` at
    most."""

    buy: Units
    give_sku: SkuCode
    give: Units = 1
    most_times: Units | None = None


class PointsBackEffect(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """Points come back once the order is complete: `percent` of the points paid for the scope's
    goods (rounded down, at most `cap`), or `points`, if at least `at_least` points were paid."""

    percent: Percent | None = None
    points: SomePoints | None = None
    at_least: SomePoints = 0
    cap: SomePoints | None = None


class FirstOrderEffect(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """A gift with a member's first order: units of a SKU in the order; points or a coupon once it
    is complete."""

    gift_sku: SkuCode | None = None
    gift_quantity: Units = 1
    points: SomePoints = 0
    coupon: TemplateId | None = None


class MultiplierEffect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Members earn `percent` of the usual points: 200 doubles them."""

    percent: Annotated[int, Meta(ge=0, le=10_000)]


class CampaignEffect(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """What a campaign gives: the one member that its kind names."""

    multiplier: MultiplierEffect | None = None
    price: PriceEffect | None = None
    flash_sale: PriceEffect | None = None
    bundle: BundleEffect | None = None
    full_reduction: ReductionEffect | None = None
    buy_and_give: GiveEffect | None = None
    points_back: PointsBackEffect | None = None
    first_order: FirstOrderEffect | None = None
