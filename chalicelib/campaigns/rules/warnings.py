"""What a person should know before a campaign runs: it may cost more than is meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from chalicelib.campaigns.rules.definitions import (
    BUNDLE,
    FLASH_SALE,
    FULL_REDUCTION,
    PRICE,
    Campaign,
    CampaignDraft,
)
from chalicelib.campaigns.rules.lines import MICROS, Line
from chalicelib.campaigns.rules.sets import compile_campaigns, scope_of
from chalicelib.coupons import Scope
from chalicelib.earning import Valid
from chalicelib.kernel import money
from chalicelib.kernel.errors import FieldError, Words

# More than these are counted, not named.
_NAMED = 3


class GoodsFacts(NamedTuple):
    """A unit of a SKU on the list (`quantity` is 1), and what it costs us (None: not known)."""

    line: Line
    cost: int | None = None


class Known(NamedTuple):
    """What warnings know: goods by SKU, the other campaigns that run or will, the currency, and the
    worth of a point in millionths of a minor unit."""

    goods: Mapping[str, GoodsFacts]
    others: Sequence[Campaign] = ()
    currency: str = "CNY"
    worth: int = MICROS


def campaign_warnings(campaign: Campaign, known: Known) -> list[FieldError]:
    """What to tell, each with its field; none of it keeps a campaign from running."""
    return [
        *_dearer_goods(campaign.terms, known),
        *_below_cost(campaign, known),
        *_overlaps(campaign, known.others),
    ]


def _dearer_goods(terms: CampaignDraft, known: Known) -> Iterator[FieldError]:
    """Prices above the list, which never apply."""
    effect = terms.effect.price if terms.kind == PRICE else terms.effect.flash_sale
    if terms.kind in (PRICE, FLASH_SALE) and effect is not None:
        for at, each in enumerate(effect.prices):
            facts = known.goods.get(each.sku)
            field = f"effect.{terms.kind}.prices[{at}]"
            if facts is None:
                yield _unknown(f"{field}.sku", each.sku)
            else:
                yield from _above(field, facts.line, each.points, each.cash, known.currency)
    if terms.kind == BUNDLE and terms.effect.bundle is not None:
        bundle = terms.effect.bundle
        there = [(known.goods.get(each.sku), each.quantity) for each in bundle.items]
        found = [(facts.line, units) for facts, units in there if facts is not None]
        if len(found) < len(there):
            missing = next(at for at, (facts, _) in enumerate(there) if facts is None)
            yield _unknown(f"effect.bundle.items[{missing}].sku", bundle.items[missing].sku)
            return
        whole = Line(
            "",
            "",
            1,
            sum(line.points * units for line, units in found),
            cash=sum(line.cash * units for line, units in found),
        )
        yield from _above("effect.bundle", whole, bundle.points, bundle.cash, known.currency)


def _unknown(field: str, sku: str) -> FieldError:
    return FieldError(field, "unknown_sku", Words(f"没有 SKU {sku}", f"there is no SKU {sku}"))


def _above(
    field: str, line: Line, points: int | None, cash: int | None, currency: str
) -> Iterator[FieldError]:
    if points is not None and points > line.points:
        said = Words(
            f"高于原价 {line.points:,} 积分，不会生效",
            f"is above the list price of {line.points:,} points: it never applies",
        )
        yield FieldError(f"{field}.points", "above_list_price", said)
    if cash is not None and cash > line.cash:
        zh, en = (money.spoken(line.cash, currency, each) for each in ("zh-CN", "en"))
        said = Words(
            f"高于原价 {zh}，不会生效", f"is above the list price of {en}: it never applies"
        )
        yield FieldError(f"{field}.cash", "above_list_price", said)


def _below_cost(campaign: Campaign, known: Known) -> Iterator[FieldError]:
    """Goods that are sold below their cost, in numbers."""
    chosen = compile_campaigns([campaign])
    lines = [facts.line for facts in known.goods.values()]
    touched = {lines[at].sku for each in chosen.candidates(lines) for at in each.lines}
    less = []
    for sku in sorted(touched):
        facts = known.goods[sku]
        share = _share_off(campaign.terms, facts.line, known)
        worth = _worth(facts.line, known.worth)
        sold_at = int(worth * (1 - share))
        if share and facts.cost is not None and sold_at < facts.cost:
            less.append((facts.cost - sold_at, sku, sold_at, facts.cost))
    if less:
        less.sort(reverse=True)
        yield FieldError(f"effect.{campaign.terms.kind}", "below_cost", _loss(less, known.currency))


def _loss(less: Sequence[tuple[int, str, int, int]], currency: str) -> Words:
    told = {}
    for language, pattern in (
        ("zh-CN", "{sku} 折后 {sold}，成本 {cost}"),
        ("en", "{sku} sells at {sold} and costs {cost}"),
    ):
        told[language] = [
            pattern.format(
                sku=sku,
                sold=money.spoken(sold, currency, language),
                cost=money.spoken(cost, currency, language),
            )
            for _, sku, sold, cost in less[:_NAMED]
        ]
    more = len(less) - _NAMED
    zh, en = "；".join(told["zh-CN"]), "; ".join(told["en"])
    if more > 0:
        return Words(f"{zh}；另有 {more} 个 SKU 低于成本", f"{en}; and {more} more SKUs below cost")
    return Words(zh, en)


def _worth(line: Line, worth: int) -> int:
    """A unit's price in minor units: cash, and points as cash would replace them."""
    instead = line.points * worth // MICROS if line.equivalent is None else line.equivalent
    return line.cash + instead


def _share_off(terms: CampaignDraft, line: Line, known: Known) -> Fraction:
    """The greatest share of a unit's price that a campaign takes."""
    if terms.kind == FULL_REDUCTION and terms.effect.full_reduction is not None:
        steps = terms.effect.full_reduction.steps
        return max(Fraction(min(each.off, each.at_least), each.at_least or 1) for each in steps)
    if terms.kind == BUNDLE and terms.effect.bundle is not None:
        return _share_of_bundle(terms, known)
    effect = terms.effect.price if terms.kind == PRICE else terms.effect.flash_sale
    if terms.kind not in (PRICE, FLASH_SALE) or effect is None:
        return Fraction(0)
    if effect.percent_off is not None:
        return Fraction(effect.percent_off, 100)
    price = next(each for each in effect.prices if each.sku == line.sku)
    points = line.points if price.points is None else min(price.points, line.points)
    cash = line.cash if price.cash is None else min(price.cash, line.cash)
    instead = None
    if line.equivalent is not None and line.points:
        instead = line.equivalent * points // line.points
    after = line._replace(points=points, cash=cash, equivalent=instead)
    before = _worth(line, known.worth)
    return 1 - Fraction(_worth(after, known.worth), before) if before else Fraction(0)


def _share_of_bundle(terms: CampaignDraft, known: Known) -> Fraction:
    bundle = terms.effect.bundle
    assert bundle is not None, "a campaign has the effect of its kind"
    before = points = 0
    for each in bundle.items:
        facts = known.goods.get(each.sku)
        if facts is None:
            return Fraction(0)
        before += _worth(facts.line, known.worth) * each.quantity
        points += facts.line.points * each.quantity
    # Points of the set are worth what those of its goods are.
    cash = sum(known.goods[each.sku].line.cash * each.quantity for each in bundle.items)
    of_points = Fraction(before - cash, points) if points else Fraction(0)
    after = bundle.cash + bundle.points * of_points
    return max(Fraction(0), 1 - Fraction(after, before)) if before else Fraction(0)


def _overlaps(campaign: Campaign, others: Sequence[Campaign]) -> Iterator[FieldError]:
    """Others of the group that meet it with the same priority: what saves more is taken."""
    terms = campaign.terms
    if terms.exclusion_group is None:
        return
    met = [
        each
        for each in others
        if each.id != campaign.id
        and each.terms.exclusion_group == terms.exclusion_group
        and each.terms.priority == terms.priority
        and _meet(terms.valid or Valid(), each.terms.valid or Valid())
        and _share_goods(scope_of(campaign), scope_of(each))
    ]
    if met:
        zh = "、".join(f"“{each.terms.title.zh}”" for each in met[:_NAMED])
        en = ", ".join(f"“{each.terms.title.en}”" for each in met[:_NAMED])
        said = Words(
            f"与同组的{zh}优先级相同，将取更优惠的一个",
            f"is that of {en} in its group: a line gets what saves more",
        )
        yield FieldError("priority", "same_priority", said)


def _meet(one: Valid, other: Valid) -> bool:
    """Whether two windows may hold at the same time, by their ends."""
    if one.until is not None and other.from_ is not None and one.until <= other.from_:
        return False
    return not (other.until is not None and one.from_ is not None and other.until <= one.from_)


def _share_goods(one: Scope, other: Scope) -> bool:
    """Whether two scopes may have goods in common: only lists of SKUs alone surely have none."""
    if one.all or other.all or any((one.products, one.categories, one.brands)):
        return True
    if any((other.products, other.categories, other.brands)):
        return True
    return not set(one.skus).isdisjoint(other.skus)
