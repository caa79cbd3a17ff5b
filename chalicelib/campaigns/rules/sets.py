"""Live campaigns, indexed so that a cart finds those of its goods."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from chalicelib.campaigns.rules.definitions import (
    BUNDLE,
    FIRST_ORDER,
    FLASH_SALE,
    PRICE,
    Campaign,
)
from chalicelib.campaigns.rules.effects import BundleEffect, PriceEffect
from chalicelib.campaigns.rules.lines import Line
from chalicelib.coupons import Scope


class Goods(NamedTuple):
    """What names goods: a line is of them if it has one of the names."""

    skus: frozenset[str]
    products: frozenset[str]
    categories: frozenset[str]
    brands: frozenset[str]

    @classmethod
    def of(cls, *names: Iterable[str]) -> Goods:
        return cls(*map(frozenset, names))

    def has(self, line: Line) -> bool:
        return (
            line.sku in self.skus
            or line.product_id in self.products
            or line.brand in self.brands
            or not self.categories.isdisjoint(line.categories)
        )


class Compiled(NamedTuple):
    """A campaign that is ready for use; its scope leaves out some goods, if it is not None."""

    campaign: Campaign
    leaves_out: Goods | None


class Candidate(NamedTuple):
    """A campaign and the places of the lines that it is about."""

    campaign: Campaign
    lines: tuple[int, ...]


class CampaignSet(NamedTuple):
    """Campaigns, the highest priority first, and their places by what a line is. `everywhere` are
    those of all goods."""

    campaigns: Sequence[Compiled]
    everywhere: Sequence[int]
    by_sku: Mapping[str, Sequence[int]]
    by_product: Mapping[str, Sequence[int]]
    by_category: Mapping[str, Sequence[int]]
    by_brand: Mapping[str, Sequence[int]]

    @property
    def asks_goods(self) -> bool:
        """Whether a line must tell its categories and its brand."""
        return bool(self.by_category or self.by_brand) or any(
            each.leaves_out and (each.leaves_out.categories or each.leaves_out.brands)
            for each in self.campaigns
        )

    @property
    def asks_orders(self) -> bool:
        """Whether the number of a member's earlier orders must be known."""
        return any(each.campaign.terms.kind == FIRST_ORDER for each in self.campaigns)

    def candidates(self, lines: Sequence[Line]) -> list[Candidate]:
        """The campaigns that are about a line of these, the highest priority first."""
        every = tuple(range(len(lines)))
        found: dict[int, tuple[int, ...] | dict[int, None]] = dict.fromkeys(self.everywhere, every)
        for at, line in enumerate(lines):
            for place in self._places(line):
                places = found.setdefault(place, {})
                if isinstance(places, dict):
                    places[at] = None
        made = []
        for place in sorted(found):
            each, places = self.campaigns[place], tuple(found[place])
            if each.leaves_out is not None:
                places = tuple(at for at in places if not each.leaves_out.has(lines[at]))
            if places:
                made.append(Candidate(each.campaign, places))
        return made

    def _places(self, line: Line) -> Iterable[int]:
        yield from self.by_sku.get(line.sku, ())
        yield from self.by_product.get(line.product_id, ())
        for category in line.categories:
            yield from self.by_category.get(category, ())
        if line.brand is not None:
            yield from self.by_brand.get(line.brand, ())


def compile_campaigns(campaigns: Iterable[Campaign]) -> CampaignSet:
    """The campaigns, indexed; their order does not matter, and their status is not looked at."""
    ordered = sorted(campaigns, key=lambda each: (-each.terms.priority, each.id))
    everywhere: list[int] = []
    by_sku: dict[str, list[int]] = {}
    by_product: dict[str, list[int]] = {}
    by_category: dict[str, list[int]] = {}
    by_brand: dict[str, list[int]] = {}
    made = []
    for place, campaign in enumerate(ordered):
        scope = scope_of(campaign)
        made.append(Compiled(campaign, left_out_of(scope)))
        if scope.all:
            everywhere.append(place)
            continue
        for index, names in (
            (by_sku, scope.skus),
            (by_product, scope.products),
            (by_category, scope.categories),
            (by_brand, scope.brands),
        ):
            for name in dict.fromkeys(names):
                index.setdefault(name, []).append(place)
    return CampaignSet(made, everywhere, by_sku, by_product, by_category, by_brand)


NO_CAMPAIGNS = compile_campaigns(())


def scope_of(campaign: Campaign) -> Scope:
    """The goods of a campaign: those that its effect names, or else those of its scope."""
    terms = campaign.terms
    effect = getattr(terms.effect, terms.kind)
    if terms.kind == BUNDLE and isinstance(effect, BundleEffect):
        return Scope(skus=[each.sku for each in effect.items])
    if terms.kind in (PRICE, FLASH_SALE) and isinstance(effect, PriceEffect) and effect.prices:
        return Scope(skus=[each.sku for each in effect.prices])
    return terms.scope


def left_out_of(scope: Scope) -> Goods | None:
    """The goods that a scope leaves out, if any."""
    named = scope.except_
    if named is None:
        return None
    return Goods.of(named.skus, named.products, named.categories, named.brands)


def lines_in(scope: Scope, lines: Sequence[Line]) -> tuple[int, ...]:
    """The places of the lines that a scope is about."""
    named = Goods.of(scope.skus, scope.products, scope.categories, scope.brands)
    out = left_out_of(scope) or Goods.of((), (), (), ())
    return tuple(
        at for at, line in enumerate(lines) if (scope.all or named.has(line)) and not out.has(line)
    )
