"""Rules in words for members, in Chinese and English, made from the rules' data."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from chalicelib.earning.rules.condition_words import condition_words
from chalicelib.earning.rules.decisions import WayToEarn
from chalicelib.earning.rules.definitions import ORDER_PAID, Caps, Rule, RuleDraft, RuleExpiry
from chalicelib.earning.rules.terms import policy_of
from chalicelib.earning.rules.window_words import window_words
from chalicelib.kernel import money
from chalicelib.kernel.clock import from_ms
from chalicelib.kernel.errors import Words
from chalicelib.ledger import UNITS

_UNITS = {
    "points": Words("积分", "points"),
    "growth": Words("成长值", "growth points"),
    "rebate_cash": Words("返利", "rebate"),
}
_CAPS = {
    "member_day": Words("每人每天", "a day"),
    "member_month": Words("每人每月", "a month"),
    "member_life": Words("每人累计", "in all"),
}


def way_to_earn(
    rule: Rule,
    language: str,
    currency: str,
    zone: tzinfo,
    names: Mapping[str, Words] | None = None,
) -> WayToEarn:
    """A published rule as members read it; `names` are those of tiers, categories and brands."""
    terms = rule.terms
    said = [
        _gift(terms, currency),
        _when(terms, currency, names or {}),
        _of_items(terms, currency, names or {}),
        _caps(terms, currency),
        _budget(terms),
        _lots(terms),
    ]
    window = window_words(terms.valid, zone)
    parts = [each.in_language(language) for each in said if each is not None]
    changed = from_ms(rule.published_ms).astimezone(zone) if rule.published_ms else None
    return WayToEarn(
        rule.id,
        terms.title.in_language(language),
        (" " if language == "en" else "").join(parts),
        window.in_language(language) if window else None,
        f"{changed:%Y-%m-%d}" if changed and terms.announce else None,
    )


def _gift(terms: RuleDraft, currency: str) -> Words:
    effect, at = terms.effect, _occasion(terms.event)
    if effect.multiply is not None:
        times, unit = _times(effect.multiply.percent), _UNITS[effect.unit]
        return Words(
            f"{at.zh}所得{unit.zh}按 {times} 倍计算。",
            f"{at.en} earns {times} times the {unit.en}.",
        )
    if effect.per_amount is None:
        fixed = _amount(effect.fixed or 0, effect.unit, currency)
        return Words(f"{at.zh}得 {fixed.zh}。", f"{at.en} earns {fixed.en}.")
    part = effect.per_amount.amount
    zh, en = (money.spoken(part, currency, lang) for lang in ("zh-CN", "en"))
    given = _amount(effect.per_amount.points, effect.unit, currency)
    return Words(
        f"{at.zh}每满 {zh} 得 {given.zh}。", f"{at.en} earns {given.en} for every full {en}."
    )


def _amount(value: int, unit: str, currency: str) -> Words:
    """`1 积分`, `¥1.00 返利`."""
    if unit == "rebate_cash":
        zh, en = (money.spoken(value, currency, lang) for lang in ("zh-CN", "en"))
        return Words(f"{zh} 返利", f"a rebate of {en}")
    words = _UNITS[unit]
    return Words(f"{value} {words.zh}", f"{value} {words.en[:-1] if value == 1 else words.en}")


def _occasion(event: str) -> Words:
    if event == ORDER_PAID:
        return Words("购物", "A purchase")
    if event == "member.updated":
        return Words("更新会员资料", "An update of your profile")
    name = event.partition(".")[2].replace("_", " ")
    return Words(f"完成「{name}」", f"“{name}”")


def _when(terms: RuleDraft, currency: str, names: Mapping[str, Words]) -> Words | None:
    if terms.when is None:
        return None
    told = condition_words(terms.when, currency, names)
    return Words(f"条件：{told.zh}。", f"If {told.en}.")


def _of_items(terms: RuleDraft, currency: str, names: Mapping[str, Words]) -> Words | None:
    if terms.items is None:
        return None
    told = condition_words(terms.items, currency, names)
    return Words(f"仅限以下商品：{told.zh}。", f"Only for goods where {told.en}.")


def _caps(terms: RuleDraft, currency: str) -> Words | None:
    caps = terms.caps or Caps()
    given = [(each, getattr(caps, name)) for name, each in _CAPS.items()]
    told = [
        (each, _amount(most, terms.effect.unit, currency))
        for each, most in given
        if most is not None
    ]
    if not told:
        return None
    zh = "，".join(f"{each.zh}最多 {most.zh}" for each, most in told)
    en = ", ".join(f"{most.en} {each.en}" for each, most in told)
    return Words(f"{zh}。", f"At most {en}.")


def _budget(terms: RuleDraft) -> Words | None:
    return Words("总量有限，发完即止。", "While the budget lasts.") if terms.budget else None


def _lots(terms: RuleDraft) -> Words | None:
    """How long points wait and live, where that is not the unit's own policy."""
    lots, unit = terms.lots, _UNITS[terms.effect.unit]
    if lots is None:
        return None
    zh, en = "", ""
    if lots.pending_days:
        zh += f"{unit.zh}在 {lots.pending_days} 天后或订单完成时可用。"
        en += f"They are spendable {lots.pending_days} days on, or once the order is completed."
    if lots.expires is not None and policy_of(lots.expires) != UNITS[terms.effect.unit].expires:
        told = _expiry(lots.expires)
        zh, en = zh + told.zh, f"{en} {told.en}".strip()
    return Words(zh, en) if zh else None


def _expiry(expires: RuleExpiry) -> Words:
    count = expires.days or expires.months or expires.years or 0
    return {
        "never": Words("长期有效。", "They do not lapse."),
        "days": Words(f"{count} 天后到期。", f"They lapse after {count} days."),
        "months": Words(f"{count} 个月后到期。", f"They lapse after {count} months."),
        "end_of_month": Words(
            f"{count} 个月后的月底到期。" if count else "当月月底到期。",
            f"They lapse at the end of the month {count} months on."
            if count
            else "They lapse at the end of the month.",
        ),
        "end_of_year": Words(
            f"{count} 年后的年底到期。" if count else "当年年底到期。",
            f"They lapse at the end of the year {count} years on."
            if count
            else "They lapse at the end of the year.",
        ),
    }[expires.kind]


def _times(percent: int) -> str:
    """`2` for 200 percent, `1.25` for 125."""
    whole, rest = divmod(percent, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
