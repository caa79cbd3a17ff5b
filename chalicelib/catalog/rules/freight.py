"""Freight: templates by weight, units or worth of the goods, with fees for each region."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import UNSET, Meta, UnsetType

from chalicelib.catalog.rules.drafts import Title
from chalicelib.catalog.rules.products import Localized
from chalicelib.catalog.rules.terms import SomePoints, TierName
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.shapes import next_version

HOME_COUNTRY = "CN"
# Source: GB/T 2260, the divisions of the first level, in its order.
Province = Literal[
    "北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "辽宁省", "吉林省", "黑龙江省",
    "上海市", "江苏省", "浙江省", "安徽省", "福建省", "江西省", "山东省", "河南省", "湖北省",
    "湖南省", "广东省", "广西壮族自治区", "海南省", "重庆市", "四川省", "贵州省", "云南省",
    "西藏自治区", "陕西省", "甘肃省", "青海省", "宁夏回族自治区", "新疆维吾尔自治区", "台湾省",
    "香港特别行政区", "澳门特别行政区",
]  # fmt: skip
PROVINCES: tuple[Province, ...] = Province.__args__  # type: ignore[attr-defined]
# What remains of each name without the words for its rank and its peoples: 内蒙古, 广西, 香港.
_RANKS = ("维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "特别行政区", "省", "市")
MAX_FEE = 100_000_000

ChargedBy = Literal["weight", "quantity", "worth"]
PaidIn = Literal["cash", "points"]
Fee = Annotated[int, Meta(ge=0, le=MAX_FEE)]
Measure = Annotated[int, Meta(ge=1, le=MAX_FEE)]


class FreightRegion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The fees of some provinces; without `provinces`, of all that no other region names.

    `fee` takes goods up to `first`: grams, units, or points that they cost. Each `step` begun
    beyond costs `step_fee`; without a `step`, `fee` takes any.
    """

    fee: Fee
    provinces: Annotated[list[Province], Meta(max_length=34)] = []
    first: Measure = 1
    step: Measure | None = None
    step_fee: Fee = 0


class FreeFreight(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Freight is free for goods that cost so many `points` or so much fixed `cash` (minor units),
    and for members of these `tiers`: any one of them is enough."""

    points: SomePoints | None = None
    cash: Fee | None = None
    tiers: Annotated[list[TierName], Meta(max_length=20)] = []


class FreightTerms(msgspec.Struct, frozen=True, kw_only=True):
    """What freight costs: fees are points, or minor units of the program's currency."""

    charged_by: ChargedBy
    paid_in: PaidIn
    regions: list[FreightRegion]
    free: FreeFreight


class FreightTemplate(FreightTerms, frozen=True, kw_only=True):
    """Terms of freight under a name."""

    id: str
    version: int
    title: Localized


Regions = Annotated[list[FreightRegion], Meta(min_length=1, max_length=34)]


class FreightDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new freight template. A province without a region gets no goods of it."""

    title: Title
    charged_by: ChargedBy
    paid_in: PaidIn = "cash"
    regions: Regions
    free: FreeFreight = FreeFreight()


class FreightChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any part of a freight template; `regions` and `free` are replaced whole."""

    title: Title | UnsetType = UNSET
    charged_by: ChargedBy | UnsetType = UNSET
    paid_in: PaidIn | UnsetType = UNSET
    regions: Regions | UnsetType = UNSET
    free: FreeFreight | UnsetType = UNSET


class Carried(NamedTuple):
    """Goods of one template in an order: their weight, units, points and fixed cash."""

    grams: int = 0
    units: int = 0
    points: int = 0
    cash: int = 0

    def __add__(self, more: object) -> Carried:
        assert isinstance(more, Carried)
        return Carried(*(a + b for a, b in zip(self, more, strict=True)))


class Freight(NamedTuple):
    """The freight of an order, in points and in minor units."""

    points: int = 0
    cash: int = 0


def new_template(draft: FreightDraft, template_id: str) -> FreightTemplate:
    """The template of a draft, version 1.

    Raises Invalid.
    """
    _check_regions(draft.regions)
    title = Localized(draft.title.zh, draft.title.en)
    return FreightTemplate(
        id=template_id,
        version=1,
        title=title,
        charged_by=draft.charged_by,
        paid_in=draft.paid_in,
        regions=draft.regions,
        free=draft.free,
    )


def changed_template(seen: FreightTemplate, change: FreightChange) -> FreightTemplate:
    """The next version of a template.

    Raises Invalid.
    """
    after = next_version(seen, change)
    _check_regions(after.regions)
    return after


def _check_regions(regions: Sequence[FreightRegion]) -> None:
    """Raises Invalid naming each region that says what another one says."""
    if wrong := tuple(_region_errors(regions)):
        raise Invalid(*wrong)


def _region_errors(regions: Sequence[FreightRegion]) -> Iterator[FieldError]:
    seen: set[str] = set()
    others = 0
    for number, region in enumerate(regions):
        others += not region.provinces
        if not region.provinces and others > 1:
            words = Words("只能有一个“其他地区”", "only one region may be that of all others")
            yield FieldError(f"regions[{number}].provinces", "duplicate", words)
        for place, province in enumerate(region.provinces):
            if province in seen:
                words = Words(f"{province}重复", f"names {province} once more")
                yield FieldError(f"regions[{number}].provinces[{place}]", "duplicate", words)
            seen.add(province)
        if region.step is None and region.step_fee:
            words = Words("须填写续重或续件", "needs a step")
            yield FieldError(f"regions[{number}].step_fee", "needs_step", words)


def province_of(country: str, province: str) -> str | None:
    """The province of an address, whatever its spelling (广东, 广东省); None abroad.

    The text itself if it is no province that we know.
    """
    if country != HOME_COUNTRY:
        return None
    text = province.strip()
    return next((each for each in PROVINCES if text.startswith(_core(each))), text)


def _core(province: str) -> str:
    for rank in _RANKS:
        if province.endswith(rank):
            return province.removesuffix(rank)
    return province


def freight_of(
    terms: FreightTerms, province: str | None, carried: Carried, tier: str | None
) -> Freight | None:
    """The freight of goods to a province; None if they are not delivered there.

    A tier or an amount that makes it free does not make a place reachable.
    """
    region = _region_of(terms, province)
    if region is None:
        return None
    if _is_free(terms.free, carried, tier):
        return Freight()
    measure = {"weight": carried.grams, "quantity": carried.units, "worth": carried.points}
    fee = _fee(region, measure[terms.charged_by])
    return Freight(points=fee) if terms.paid_in == "points" else Freight(cash=fee)


def _region_of(terms: FreightTerms, province: str | None) -> FreightRegion | None:
    if province is None:
        return None
    own = (region for region in terms.regions if province in region.provinces)
    others = (region for region in terms.regions if not region.provinces)
    return next(own, None) or next(others, None)


def _is_free(free: FreeFreight, carried: Carried, tier: str | None) -> bool:
    if tier in free.tiers:
        return True
    above = free.points is not None and carried.points >= free.points
    return above or (free.cash is not None and carried.cash >= free.cash)


def _fee(region: FreightRegion, measure: int) -> int:
    beyond = max(0, measure - region.first)
    steps = -(-beyond // region.step) if region.step else 0
    return region.fee + steps * region.step_fee


def delivered_to(templates: Iterable[FreightTerms]) -> list[str]:
    """The provinces that all of these templates deliver to."""
    every = list(templates)
    return [each for each in PROVINCES if all(_region_of(terms, each) for terms in every)]
