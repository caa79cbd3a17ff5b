"""Input of ops: products and categories, with the limits of each field."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from chalicelib.catalog.rules.details import Details, DetailsChange
from chalicelib.catalog.rules.products import (
    MAX_STOCK,
    Kind,
    Limits,
    Localized,
    Price,
    Status,
)
from chalicelib.catalog.rules.terms import (
    MAX_TIMED_PRICES,
    Points,
    SomePoints,
    TierLimitsByName,
    TierName,
    TierPoints,
    TimedPrice,
    UnitLimit,
)
from chalicelib.catalog.rules.validity import Instant, Validity
from chalicelib.kernel.money import Money
from chalicelib.kernel.spelling import paragraphs, pasted
from chalicelib.kernel.texts import ID, LINE_OR_NONE, PICTURE, PLAIN, SLUG, SkuCode, kind

# Sixty SKUs of a whole matrix have fewer names and values.
MAX_SPEC_WORDS = 80

CategoryId = Annotated[str, kind(32, pasted, SLUG)]
# The hot items of stock and order keep the titles: their bytes set these limits.
TitleZh = Annotated[str, kind(40, form=PLAIN)]
TitleEn = Annotated[str, kind(80, form=PLAIN)]
Text = Annotated[str, kind(2000, paragraphs, None, at_least=0)]
# A member reads them before and after the redemption, beside the validity.
UseRule = Annotated[str, kind(1000, paragraphs, None, at_least=0)]
Name = Annotated[str, kind(40, form=PLAIN)]
SpecName = Annotated[str, kind(20, form=PLAIN)]
Specs = Annotated[dict[SpecName, Name], Meta(max_length=8)]
# Of a word of a spec; empty where there is none.
SpecText = Annotated[str, kind(40, form=LINE_OR_NONE, at_least=0)]
Picture = Annotated[str, kind(300, pasted, PICTURE, at_least=0)]
Pictures = Annotated[list[Picture], Meta(max_length=9)]
Scenes = Annotated[list[Name], Meta(max_length=10)]
Tiers = Annotated[list[TierName], Meta(max_length=20)]
# Ids of freight templates; a text that is none is none of ours.
TemplateId = Annotated[str, kind(64, pasted, ID)]
WeightGrams = Annotated[int, Meta(ge=0, le=1_000_000)]
TimedPrices = Annotated[list[TimedPrice], Meta(max_length=MAX_TIMED_PRICES)]
Shards = Annotated[int, Meta(ge=1, le=64)]
Stock = Annotated[int, Meta(ge=0, le=MAX_STOCK)]
Position = Annotated[int, Meta(ge=0, le=1_000_000)]


class Title(Localized, frozen=True, forbid_unknown_fields=True):
    """A name: at most 40 characters in Chinese and 80 in English, 200 bytes in both."""

    zh: TitleZh = msgspec.field(name="zh-CN")
    en: TitleEn


class Description(Localized, frozen=True, forbid_unknown_fields=True):
    """At most 2,000 characters in each language."""

    zh: Text = msgspec.field(default="", name="zh-CN")
    en: Text = ""


class UseRules(Localized, frozen=True, forbid_unknown_fields=True):
    """How it is used, at most 1,000 characters in each language."""

    zh: UseRule = msgspec.field(default="", name="zh-CN")
    en: UseRule = ""


class SpecWord(Localized, frozen=True, forbid_unknown_fields=True):
    """A name or value of the specs in each language; where it is empty, it reads as it is."""

    zh: SpecText = msgspec.field(default="", name="zh-CN")
    en: SpecText = ""


SpecWords = Annotated[dict[Name, SpecWord], Meta(max_length=MAX_SPEC_WORDS)]


class SkuDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A SKU of a new product. Virtual goods get their stock from their codes."""

    sku: SkuCode
    specs: Specs = {}
    stock: Stock = 0
    shards: Shards = 1
    weight_grams: WeightGrams | None = None


class ProductDraft(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new product."""

    title: Title
    description: Description = Description()
    kind: Kind
    category: CategoryId
    brand: Name | None = None
    scene: Scenes = []
    pictures: Pictures = []
    price: Price
    cost: Money | None = None
    limits: Limits = Limits()
    tiers: Tiers | None = None
    status: Status = "draft"
    on_sale_from: Instant | None = None
    on_sale_until: Instant | None = None
    timed_prices: TimedPrices = []
    skus: Annotated[list[SkuDraft], Meta(min_length=1, max_length=60)]
    freight_template: TemplateId | None = None
    details: Details = Details()
    validity: Validity | None = None
    use_rules: UseRules = UseRules()
    spec_words: SpecWords = {}


class TitleChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new name in one language or both."""

    zh: TitleZh | UnsetType = msgspec.field(default=UNSET, name="zh-CN")
    en: TitleEn | UnsetType = UNSET


class DescriptionChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new description in one language or both."""

    zh: Text | UnsetType = msgspec.field(default=UNSET, name="zh-CN")
    en: Text | UnsetType = UNSET


class UseRulesChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """New rules of use in one language or both."""

    zh: UseRule | UnsetType = msgspec.field(default=UNSET, name="zh-CN")
    en: UseRule | UnsetType = UNSET


class PriceChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any part of a price."""

    points: Points | UnsetType = UNSET
    cash: Money | UnsetType | None = UNSET
    cash_equivalent: Money | UnsetType | None = UNSET
    min_points: SomePoints | UnsetType | None = UNSET
    tier_points: TierPoints | UnsetType | None = UNSET


class LimitsChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any of the limits; null lifts it."""

    per_member: UnitLimit | UnsetType | None = UNSET
    per_order: UnitLimit | UnsetType | None = UNSET
    per_member_day: UnitLimit | UnsetType | None = UNSET
    per_member_month: UnitLimit | UnsetType | None = UNSET
    tiers: TierLimitsByName | UnsetType | None = UNSET


class SkuChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """New specs of a SKU by its code, or a new SKU; `stock` is only for a new one."""

    sku: SkuCode
    specs: Specs | UnsetType = UNSET
    stock: Stock | UnsetType = UNSET
    shards: Shards = 1
    weight_grams: WeightGrams | UnsetType | None = UNSET


class ProductChange(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Any part of a product; absent fields stay. SKUs are found by code and never removed.

    `spec_words` are all the words; those of what no SKU has any more go by themselves.
    """

    title: TitleChange | UnsetType = UNSET
    description: DescriptionChange | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    category: CategoryId | UnsetType = UNSET
    brand: Name | UnsetType | None = UNSET
    scene: Scenes | UnsetType = UNSET
    pictures: Pictures | UnsetType = UNSET
    price: PriceChange | UnsetType = UNSET
    cost: Money | UnsetType | None = UNSET
    limits: LimitsChange | UnsetType = UNSET
    tiers: Tiers | UnsetType | None = UNSET
    status: Status | UnsetType = UNSET
    on_sale_from: Instant | UnsetType | None = UNSET
    on_sale_until: Instant | UnsetType | None = UNSET
    timed_prices: TimedPrices | UnsetType = UNSET
    skus: Annotated[list[SkuChange], Meta(max_length=60)] | UnsetType = UNSET
    freight_template: TemplateId | UnsetType | None = UNSET
    details: DetailsChange | UnsetType = UNSET
    validity: Validity | UnsetType | None = UNSET
    use_rules: UseRulesChange | UnsetType = UNSET
    spec_words: SpecWords | UnsetType = UNSET


class CategoryDraft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new category, below a `parent` or at the top. Its id is used in addresses and filters, and
    never changes."""

    id: CategoryId
    title: Title
    position: Position = 0
    parent: CategoryId | None = None


class CategoryChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Any part of a category but its id; another `parent` moves it with all below it."""

    title: TitleChange | UnsetType = UNSET
    position: Position | UnsetType = UNSET
    parent: CategoryId | UnsetType | None = UNSET
