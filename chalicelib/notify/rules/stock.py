"""The letter to ops about stock that crossed a mark, in both languages."""

from __future__ import annotations

from chalicelib.catalog import StockCrossed
from chalicelib.kernel.errors import Words
from chalicelib.notify.rules.letters import Letter
from chalicelib.notify.rules.orders import SIGNATURE

_SUBJECT = {
    "low": Words("库存偏低：{sku}", "Low stock: {sku}"),
    "high": Words("库存偏高：{sku}", "High stock: {sku}"),
}
_TEXT = {
    "low": Words(
        "SKU {sku} 仅剩 {available} 件，已达到低库存线（{mark} 件）。"
        "请及时补货，卡券类商品请导入券码。",
        "SKU {sku} has {available} units left, at or below its low mark of {mark}. "
        "Restock it, or import codes.",
    ),
    "high": Words(
        "SKU {sku} 现有 {available} 件，已超过高库存线（{mark} 件）。请核对入库数量。",
        "SKU {sku} has {available} units, above its high mark of {mark}. Check what was taken in.",
    ),
}
_ONCE = Words(
    "库存恢复正常之前不再重复提醒。全部越线的 SKU 见管理后台「库存提醒」。",
    "No other letter follows until the stock has come back. The console lists all SKUs beyond a "
    "mark under “Stock alerts”.",
)
_LANGUAGES = ("zh-CN", "en")


def stock_letter(crossed: StockCrossed) -> Letter:
    """The letter about one crossing."""
    facts = {"sku": crossed.sku, "mark": crossed.mark, "available": crossed.available}

    def said(words: Words, language: str) -> str:
        return words.in_language(language, **facts)

    subjects = [said(_SUBJECT[crossed.level], language) for language in _LANGUAGES]
    texts = [
        f"{said(_TEXT[crossed.level], language)}\n{said(_ONCE, language)}"
        for language in _LANGUAGES
    ]
    return Letter(SIGNATURE.in_language("zh-CN") + " / ".join(subjects), "\n\n".join(texts))
