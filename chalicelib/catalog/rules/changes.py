"""New and changed products, with the checks that span fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec import UNSET

from chalicelib.catalog.rules.details import (
    DetailsChange,
    cleaned,
    details_errors,
    details_of,
    packed,
)
from chalicelib.catalog.rules.drafts import ProductChange, ProductDraft, SkuChange, SkuDraft
from chalicelib.catalog.rules.matrix import in_order, matrix_errors
from chalicelib.catalog.rules.products import Localized, Price, Product, Sku
from chalicelib.catalog.rules.spec_words import kept_words, unknown_words, word_errors
from chalicelib.catalog.rules.terms import TimedPrice
from chalicelib.catalog.rules.validity import in_utc, validity_errors
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.money import Money
from chalicelib.kernel.shapes import merged, shaped
from chalicelib.kernel.years import year_errors

MAX_SKUS = 60
# It keeps the hot stock item under 1 KB even if all names are in four-byte characters.
MAX_SPECS_BYTES = 240
# Of both languages. It keeps an order of one SKU, which holds them, under 1 KB.
MAX_TITLE_BYTES = 200


def new_product(draft: ProductDraft, product_id: str, now: datetime) -> Product:
    """The product of a draft, version 1.

    Raises Invalid naming every field that is wrong.
    """
    _refuse(_draft_errors(draft))
    skus = in_order([Sku(sku.sku, sku.specs, sku.weight_grams) for sku in draft.skus])
    product = shaped(
        Product,
        draft,
        id=product_id,
        version=1,
        title=Localized(draft.title.zh, draft.title.en),
        description=Localized(draft.description.zh, draft.description.en),
        on_sale_from=clock.recorded(draft.on_sale_from),
        on_sale_until=clock.recorded(draft.on_sale_until),
        skus=skus,
        spec_words=kept_words(draft.spec_words, skus),
        tiers=draft.tiers or [],
        timed_prices=_timed(draft.timed_prices),
        created_at=now,
        updated_at=now,
        packed_details=packed(Localized(cleaned(draft.details.zh), cleaned(draft.details.en))),
        validity=in_utc(draft.validity),
        use_rules=Localized(draft.use_rules.zh, draft.use_rules.en),
    )
    _refuse(_product_errors(product))
    _refuse(matrix_errors(product.skus, _places(draft.skus)))
    _refuse(unknown_words(draft.spec_words, product.skus))
    _refuse(word_errors(product))
    return product


def changed_product(seen: Product, change: ProductChange, now: datetime) -> Product:
    """The next version of a product; absent fields stay.

    Raises Invalid naming every field that is wrong.
    """
    _refuse(_change_errors(seen, change))
    given = {name: getattr(change, name) for name in change.__struct_fields__}
    if given["tiers"] is not UNSET:
        given["tiers"] = given["tiers"] or []
    if given["timed_prices"] is not UNSET:
        given["timed_prices"] = _timed(given["timed_prices"])
    changes, details, validity = (given.pop(name) for name in ("skus", "details", "validity"))
    words = given.pop("spec_words")
    skus = seen.skus if changes is UNSET else in_order(_merged_skus(seen.skus, changes))
    for name in ("on_sale_from", "on_sale_until"):
        given[name] = given[name] if given[name] is UNSET else clock.recorded(given[name])
    product = msgspec.structs.replace(
        merged(seen, given),
        version=seen.version + 1,
        updated_at=now,
        skus=skus,
        spec_words=kept_words(seen.spec_words if words is UNSET else words, skus),
        packed_details=seen.packed_details if details is UNSET else _changed(seen, details),
        validity=seen.validity if validity is UNSET else in_utc(validity),
    )
    _refuse(_product_errors(product))
    # A product of an earlier release may have holes until its SKUs are changed.
    if product.skus != seen.skus:
        _refuse(matrix_errors(product.skus, _places(change.skus or ())))
    _refuse(unknown_words(change.spec_words or {}, product.skus))
    _refuse(word_errors(product))
    return product


def added_skus(seen: Product, change: ProductChange) -> list[SkuChange]:
    """The SKUs of a change that the product does not have yet."""
    known = {sku.sku for sku in seen.skus}
    return [sku for sku in change.skus or () if sku.sku not in known]


def _timed(prices: Sequence[TimedPrice]) -> list[TimedPrice]:
    """The prices as we record them, the first first."""
    kept = [
        msgspec.structs.replace(
            price,
            from_=clock.recorded(price.from_),
            until=clock.recorded(price.until),
        )
        for price in prices
    ]
    return sorted(kept, key=lambda price: price.from_)


def _merged_skus(seen: Sequence[Sku], changes: Sequence[SkuChange]) -> list[Sku]:
    merged_skus = {sku.sku: sku for sku in seen}
    for change in changes:
        known = merged_skus.get(change.sku, Sku(change.sku, {}))
        specs = known.specs if change.specs is UNSET else change.specs
        grams = known.weight_grams if change.weight_grams is UNSET else change.weight_grams
        merged_skus[change.sku] = Sku(change.sku, specs, grams)
    return list(merged_skus.values())


def _changed(seen: Product, change: DetailsChange) -> bytes | None:
    was = details_of(seen)
    return packed(
        Localized(
            was.zh if change.zh is UNSET else cleaned(change.zh),
            was.en if change.en is UNSET else cleaned(change.en),
        )
    )


def _places(skus: Sequence[SkuDraft | SkuChange]) -> dict[str, str]:
    """The field of each SKU of a request."""
    return {sku.sku: f"skus[{number}]" for number, sku in enumerate(skus)}


def _refuse(found: Iterable[FieldError]) -> None:
    if wrong := tuple(found):
        raise Invalid(*wrong)


def _draft_errors(draft: ProductDraft) -> Iterator[FieldError]:
    yield from _instant_errors(draft)
    yield from _twice_errors(draft)
    yield from details_errors(draft.details)
    yield from _sku_errors(draft.skus)
    for number, sku in enumerate(draft.skus):
        if draft.kind == "virtual" and sku.stock:
            yield _stock_from_codes(number)


def _change_errors(seen: Product, change: ProductChange) -> Iterator[FieldError]:
    yield from _instant_errors(change)
    yield from _twice_errors(change)
    if change.details is not UNSET:
        yield from details_errors(change.details)
    if change.kind not in (UNSET, seen.kind):
        words = Words("商品类型不可更改", "cannot change: make another product")
        yield FieldError("kind", "not_changeable", words)
    skus = change.skus or ()
    yield from _sku_errors(skus)
    new = {sku.sku for sku in added_skus(seen, change)}
    for number, sku in enumerate(skus):
        if sku.sku not in new and sku.shards > 1:
            words = Words("请在库存页调整分片数", "of an existing SKU change by themselves")
            yield FieldError(f"skus[{number}].shards", "shards_by_sku", words)
        if sku.stock is UNSET:
            continue
        if sku.sku not in new:
            words = Words("请通过补货接口调整库存", "of an existing SKU changes by restock only")
            yield FieldError(f"skus[{number}].stock", "stock_by_restock", words)
        elif seen.kind == "virtual" and sku.stock:
            yield _stock_from_codes(number)


def _stock_from_codes(number: int) -> FieldError:
    words = Words("虚拟商品的库存来自卡券码", "comes from the codes of virtual goods")
    return FieldError(f"skus[{number}].stock", "stock_comes_from_codes", words)


def _instant_errors(given: ProductDraft | ProductChange) -> Iterator[FieldError]:
    instants = {name: getattr(given, name) for name in ("on_sale_from", "on_sale_until")}
    for number, price in enumerate(given.timed_prices or ()):
        instants[f"timed_prices[{number}].from"] = price.from_
        instants[f"timed_prices[{number}].until"] = price.until
    told = {name: at for name, at in instants.items() if isinstance(at, datetime)}
    yield from year_errors(told)


def _twice_errors(given: ProductDraft | ProductChange) -> Iterator[FieldError]:
    for name in ("scene", "tiers", "pictures"):
        values = getattr(given, name) or ()
        for number, value in enumerate(values):
            if value in values[:number]:
                words = Words("重复", "is given more than once")
                yield FieldError(f"{name}[{number}]", "duplicate", words)


def _sku_errors(skus: Sequence[SkuDraft | SkuChange]) -> Iterator[FieldError]:
    seen: set[str] = set()
    for number, sku in enumerate(skus):
        if sku.sku in seen:
            words = Words("SKU 编码重复", "is given more than once")
            yield FieldError(f"skus[{number}].sku", "duplicate", words)
        seen.add(sku.sku)
        if sku.specs is not UNSET and len(msgspec.json.encode(sku.specs)) > MAX_SPECS_BYTES:
            words = Words("规格总长度过长", f"must be at most {MAX_SPECS_BYTES} bytes of JSON")
            yield FieldError(f"skus[{number}].specs", "too_long", words)


def _product_errors(product: Product) -> Iterator[FieldError]:
    yield from _price_errors("price", product.price)
    for tier, points in (product.price.tier_points or {}).items():
        if points > product.price.points:
            words = Words("不得大于 points", "must not be above points")
            yield FieldError(f"price.tier_points.{tier}", "above_points", words)
    yield from validity_errors(product.validity, product.kind)
    if product.cost is not None:
        yield from _currency_errors("cost", product.cost)
    if len((product.title.zh + product.title.en).encode()) > MAX_TITLE_BYTES:
        most = MAX_TITLE_BYTES
        words = Words(f"两种语言合计须在 {most} 字节以内", f"must be at most {most} bytes in all")
        yield FieldError("title", "too_long", words)
    if product.freight_template is not None and product.kind != "physical":
        words = Words("仅实物商品有运费", "is for goods that a carrier brings")
        yield FieldError("freight_template", "not_for_this_kind", words)
    if len(product.skus) > MAX_SKUS:
        words = Words(f"最多 {MAX_SKUS} 个 SKU", f"must be at most {MAX_SKUS} in all")
        yield FieldError("skus", "too_many", words)
    start, end = product.on_sale_from, product.on_sale_until
    if start is not None and end is not None and end <= start:
        words = Words("须晚于开售时间", "must be later than on_sale_from")
        yield FieldError("on_sale_until", "not_after_on_sale_from", words)
    yield from _timed_errors(product.timed_prices)


def _timed_errors(prices: Sequence[TimedPrice]) -> Iterator[FieldError]:
    """Faults of prices in their order of time."""
    free_from = None
    for number, price in enumerate(prices):
        at = f"timed_prices[{number}]"
        yield from _price_errors(at, price)
        if price.until <= price.from_:
            words = Words("须晚于开始时间", "must be later than from")
            yield FieldError(f"{at}.until", "not_after_from", words)
        if free_from is not None and price.from_ < free_from:
            words = Words("与另一限时价时间重叠", "overlaps another price for a time")
            yield FieldError(f"{at}.from", "overlaps", words)
        free_from = price.until


def _price_errors(at: str, price: Price | TimedPrice) -> Iterator[FieldError]:
    for name in ("cash", "cash_equivalent"):
        money: Money | None = getattr(price, name)
        if money is not None:
            yield from _currency_errors(f"{at}.{name}", money)
            if money.amount == 0:
                words = Words("须大于 0，或填 null", "must be above 0, or null")
                yield FieldError(f"{at}.{name}", "out_of_range", words)
    if price.min_points is not None and price.min_points > price.points:
        words = Words("不得大于 points", "must not be above points")
        yield FieldError(f"{at}.min_points", "above_points", words)
    elif price.cash_equivalent is None and price.min_points not in (None, 0, price.points):
        words = Words("须同时设置 cash_equivalent", "needs a cash_equivalent for the other points")
        yield FieldError(f"{at}.min_points", "needs_cash_equivalent", words)


def _currency_errors(field: str, money: Money) -> Iterator[FieldError]:
    if money.currency != config().currency:
        words = Words(f"须为 {config().currency}", f"must be in {config().currency}")
        yield FieldError(f"{field}.currency", "other_currency", words)
