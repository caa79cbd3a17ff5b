"""Campaigns in words for members: what one gives, for which goods, how often."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from chalicelib.campaigns.rules.definitions import (
    BUNDLE,
    BUY_AND_GIVE,
    FIRST_ORDER,
    FLASH_SALE,
    FULL_REDUCTION,
    MULTIPLIER,
    POINTS_BACK,
    PRICE,
    CampaignDraft,
)
from chalicelib.campaigns.rules.effects import ReductionStep
from chalicelib.kernel.errors import Words
from chalicelib.kernel.money import spoken

Names = Mapping[str, Words]
_POINTS = "points"


def in_words(terms: CampaignDraft, currency: str, names: Names) -> Words:
    """What a campaign gives; `names` are those of goods by their SKUs."""
    said = [_TEXTS[terms.kind](terms, currency, names), *_limits(terms)]
    return Words("".join(each.zh for each in said), " ".join(each.en for each in said))


def skus_in(terms: CampaignDraft) -> set[str]:
    """The SKUs that a campaign's words name."""
    effect = terms.effect
    named: set[str] = set()
    for priced in (effect.price, effect.flash_sale):
        named |= {each.sku for each in priced.prices} if priced else set()
    if effect.bundle:
        named |= {each.sku for each in effect.bundle.items}
    if effect.buy_and_give:
        named.add(effect.buy_and_give.give_sku)
    if effect.first_order and effect.first_order.gift_sku:
        named.add(effect.first_order.gift_sku)
    return named


def sum_words(points: int, cash: int, currency: str) -> Words:
    """Points and cash as a shop says them."""
    zh = [f"{points:,} 积分"] if points or not cash else []
    en = [f"{points:,} points"] if points or not cash else []
    zh += [spoken(cash, currency, "zh-CN")] if cash else []
    en += [spoken(cash, currency, "en")] if cash else []
    return Words(" + ".join(zh), " + ".join(en))


def _multiplier(terms: CampaignDraft, _: str, __: Names) -> Words:
    percent = terms.effect.multiplier.percent if terms.effect.multiplier else 100
    if percent % 100 == 0:
        return Words(f"积分 {percent // 100} 倍。", f"{percent // 100} times the points.")
    return Words(f"积分按 {percent}% 发放。", f"{percent}% of the usual points.")


def _price(terms: CampaignDraft, _: str, names: Names) -> Words:
    effect = terms.effect.price or terms.effect.flash_sale
    assert effect is not None, "a campaign has the effect of its kind"
    if effect.percent_off:
        return Words(f"立减 {effect.percent_off}%。", f"{effect.percent_off}% off.")
    listed = [_named(each.sku, names) for each in effect.prices[:3]]
    more = len(effect.prices) - len(listed)
    zh, en = _joined(listed)
    return Words(
        f"{zh}{f' 等 {more + len(listed)} 款商品' if more else ''}享活动价。",
        f"{en}{f' and {more} more' if more else ''} at a lower price.",
    )


def _bundle(terms: CampaignDraft, currency: str, names: Names) -> Words:
    effect = terms.effect.bundle
    assert effect is not None, "a campaign has the effect of its kind"
    parts = [_units(each.sku, each.quantity, names) for each in effect.items]
    zh, en = _joined(parts)
    price = sum_words(effect.points, effect.cash, currency)
    return Words(f"{zh} 一套 {price.zh}。", f"{en} together for {price.en}.")


def _reduction(terms: CampaignDraft, currency: str, _: Names) -> Words:
    effect = terms.effect.full_reduction
    assert effect is not None, "a campaign has the effect of its kind"

    def told(amount: int) -> Words:
        is_points = effect.unit == _POINTS
        return sum_words(amount, 0, currency) if is_points else sum_words(0, amount, currency)

    def step(each: ReductionStep) -> Words:
        least, off = told(each.at_least), told(each.off)
        word = ("每满", "every") if effect.repeats else ("满", "from")
        gap = "" if effect.unit == _POINTS else " "
        zh = f"{word[0]} {least.zh}{gap}减 {off.zh}"
        return Words(zh, f"{off.en} off {word[1]} {least.en}")

    zh, en = _joined(map(step, effect.steps))
    if effect.repeats and effect.most_times:
        zh, en = f"{zh}，最多 {effect.most_times} 次", f"{en}, {effect.most_times} times at most"
    return Words(f"{zh}。", f"{en}.")


def _give(terms: CampaignDraft, _: str, names: Names) -> Words:
    effect = terms.effect.buy_and_give
    assert effect is not None, "a campaign has the effect of its kind"
    gift = _units(effect.give_sku, effect.give, names)
    return Words(
        f"每满 {effect.buy} 件送 {gift.zh}。", f"{gift.en} free with every {effect.buy} goods."
    )


def _points_back(terms: CampaignDraft, _: str, __: Names) -> Words:
    effect = terms.effect.points_back
    assert effect is not None, "a campaign has the effect of its kind"
    if effect.percent:
        zh, en = f"返还所付积分的 {effect.percent}%", f"{effect.percent}% of the points paid"
    else:
        zh, en = f"返还 {effect.points or 0:,} 积分", f"{effect.points or 0:,} points"
    if effect.cap is not None:
        zh, en = f"{zh}，最多 {effect.cap:,} 积分", f"{en}, {effect.cap:,} at most"
    least = f"满 {effect.at_least:,} 积分，" if effect.at_least else ""
    from_ = f" from {effect.at_least:,} points" if effect.at_least else ""
    return Words(f"{least}订单完成后{zh}。", f"{en} come back once the order is complete{from_}.")


def _first_order(terms: CampaignDraft, _: str, names: Names) -> Words:
    effect = terms.effect.first_order
    assert effect is not None, "a campaign has the effect of its kind"
    gifts = []
    if effect.gift_sku:
        gifts.append(_units(effect.gift_sku, effect.gift_quantity, names))
    if effect.points:
        gifts.append(Words(f"{effect.points:,} 积分", f"{effect.points:,} points"))
    if effect.coupon:
        gifts.append(Words("优惠券", "a coupon"))
    zh, en = _joined(gifts)
    return Words(f"首单送 {zh}。", f"{en} with your first order.")


def _limits(terms: CampaignDraft) -> list[Words]:
    said = []
    if terms.per_member is not None:
        count = terms.per_member
        said.append(Words(f"每人限 {count} 单。", f"At most {count} orders each."))
    if not terms.with_coupons:
        said.append(Words("不与优惠券同享。", "Not together with coupons."))
    return said


def _units(sku: str, quantity: int, names: Names) -> Words:
    name = _named(sku, names)
    return Words(f"{name.zh}×{quantity}", f"{quantity} × {name.en}")


def _named(sku: str, names: Names) -> Words:
    return names.get(sku) or Words(sku, sku)


def _joined(parts: Iterable[Words]) -> tuple[str, str]:
    told = list(parts)
    return "、".join(each.zh for each in told), ", ".join(each.en for each in told)


_TEXTS: dict[str, Callable[[CampaignDraft, str, Names], Words]] = {
    MULTIPLIER: _multiplier,
    PRICE: _price,
    FLASH_SALE: _price,
    BUNDLE: _bundle,
    FULL_REDUCTION: _reduction,
    BUY_AND_GIVE: _give,
    POINTS_BACK: _points_back,
    FIRST_ORDER: _first_order,
}
