"""What a tier gives and what it takes, in the words of a language."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.kernel.errors import Words
from chalicelib.kernel.money import spoken
from chalicelib.tiers.rules.ladder import Benefits, LadderDraft, Level, Metric

_NEEDED: dict[Metric, Words] = {
    "spend": Words("消费满 {least}", "{least} spent"),
    "orders": Words("完成 {least} 笔订单", "{least} paid orders"),
    "points": Words("累计获得 {least} 积分", "{least} points earned"),
    "growth": Words("成长值达到 {least}", "{least} of growth"),
}
_WINDOWS = {
    "rolling": Words("近 {months} 个月", "in the last {months} months"),
    "calendar_year": Words("自然年内", "in a calendar year"),
    "calendar_quarter": Words("自然季度内", "in a calendar quarter"),
}


def thresholds_of(level: Level, draft: LadderDraft, currency: str, language: str) -> str:
    """`近 12 个月消费满 ¥5000.00，或完成 20 笔订单`; for the lowest, that all members are of it."""
    if not level.thresholds:
        return Words("注册即享", "For every member").in_language(language)
    needs = [
        _NEEDED[metric].in_language(language, least=_amount(metric, least, currency))
        for metric, least in level.thresholds.items()
    ]
    window = _WINDOWS[draft.window].in_language(language, months=draft.months)
    if language == "en":
        return f"{' or '.join(needs)} {window}"
    return window + "，或".join(needs)


def _amount(metric: Metric, least: int, currency: str) -> str:
    """Money as the pages beside these words show it, the same in each language."""
    return spoken(least, currency, "zh-CN") if metric == "spend" else str(least)


def benefits_in(benefits: Benefits, language: str) -> list[str]:
    """One line for each benefit."""
    return [words.in_language(language) for words in _benefits(benefits)]


def _benefits(given: Benefits) -> Iterator[Words]:
    if given.multiplier_percent > 100:
        whole, rest = divmod(given.multiplier_percent, 100)
        times = f"{whole}.{rest:02d}".rstrip("0").rstrip(".")
        yield Words(f"购物积分 {times} 倍", f"{times} times the points for purchases")
    if given.free_freight:
        yield Words("免运费", "Free delivery")
    if given.birthday_points:
        points = given.birthday_points
        yield Words(f"生日当天赠 {points} 积分", f"{points} points on your birthday")
    if given.early_access_hours:
        hours = given.early_access_hours
        unit = "hour" if hours == 1 else "hours"
        yield Words(f"新品提前 {hours} 小时开兑", f"New goods {hours} {unit} before others")
    if given.categories:
        yield Words("专享商品分类", "Goods that only some tiers may have")
    if given.ticket_priority:
        yield Words("客服优先接待", "Answered first by our agents")
