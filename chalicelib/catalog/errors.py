"""Errors of the catalog."""

from __future__ import annotations

from chalicelib.kernel.errors import Conflict, Invalid, TooMany, Unavailable, Words


class OutOfStock(Conflict):
    """The stock of `sku` is below the quantity: `available` units are left."""

    code = "out_of_stock"
    title = Words("库存不足", "Out of stock")
    # Whether it rests on consistent reads: no other look finds more.
    is_certain = False
    hint = Words("「{title}」已兑完", "Nothing of “{title}” is left")


SOME_LEFT = Words("「{title}」仅剩 {available} 件", "{available} of “{title}” are left")
ON_SALE_LATER = Words("「{title}」{at} 起可兑换", "“{title}” can be redeemed from {at} on")


class NotOnSale(Conflict):
    """The product is off sale, or outside its time of sale; `sku` is in its facts."""

    code = "not_on_sale"
    title = Words("商品未在售", "Not on sale")
    hint = Words("「{title}」目前不可兑换", "“{title}” cannot be redeemed at present")


class TierRequired(Conflict):
    """The goods are for members of one of `tiers`; `sku` is in its facts."""

    code = "tier_required"
    title = Words("会员等级不符", "For members of another tier")
    hint = Words(
        "「{title}」为会员专享，您的等级暂不可兑换", "“{title}” is for members of a higher tier"
    )


class CodePoolEmpty(Conflict):
    """A virtual SKU has too few free codes; `sku` is in its facts."""

    code = "code_pool_empty"
    title = Words("卡券码不足", "Not enough codes are left")
    hint = Words("请为 {sku} 导入卡券码", "Import codes for {sku}")


class SkuExists(Conflict):
    """SKU codes are unique over the whole catalog; `sku` is in its facts."""

    code = "sku_exists"
    title = Words("SKU 编码已存在", "This SKU code is taken")
    hint = Words("SKU 编码 {sku} 已被使用", "{sku} belongs to a product already")


class CategoryExists(Conflict):
    code = "category_exists"
    title = Words("分类已存在", "This category exists already")


class BrandExists(Conflict):
    code = "brand_exists"
    title = Words("品牌已存在", "This brand exists already")


class TooManyUploads(TooMany):
    """A member may begin so many uploads in a day."""

    code = "too_many_uploads"
    title = Words("今日上传的图片已达上限", "Too many pictures were sent today")
    hint = Words("请明天再试", "Try again tomorrow")


class StockComesFromCodes(Conflict):
    """The stock of virtual goods is the number of their codes."""

    code = "stock_comes_from_codes"
    title = Words("虚拟商品的库存来自卡券码", "The stock of virtual goods comes from their codes")
    hint = Words("请导入卡券码", "Import codes into its pool")


class CodesAreForVirtualGoods(Conflict):
    code = "codes_are_for_virtual_goods"
    title = Words("只有虚拟商品有卡券码", "Only virtual goods have codes")


class SlotInThePast(Conflict):
    """The slot has begun, at `starts_at`."""

    code = "slot_in_the_past"
    title = Words("该时段已过", "This time is over")
    hint = Words("请选择将来的时段", "Choose a time to come")


class SlotExists(Conflict):
    """The service has a slot at `starts_at` in this store: nothing of the series is made."""

    code = "slot_exists"
    title = Words("该时段已存在", "There is a slot at this time already")
    hint = Words("{at} 已有时段", "There is a slot at {at} already")


class SlotFull(Conflict):
    """The slot has fewer seats than wanted: `left` are free."""

    code = "slot_full"
    title = Words("该时段已约满", "This time is fully booked")
    hint = Words("请选择其他时段", "Choose another time")


SEATS_LEFT = Words("该时段仅剩 {left} 个名额", "{left} seats are left at this time")


class SlotClosed(Conflict):
    """The staff takes no more bookings for this slot."""

    code = "slot_closed"
    title = Words("该时段暂停预约", "This time takes no bookings")
    hint = Words("请选择其他时段", "Choose another time")


class SlotHasBookings(Conflict):
    """The capacity is below the `booked` seats of the slot."""

    code = "slot_has_bookings"
    title = Words("名额少于已预约数", "The capacity is below what is booked")
    hint = Words("已预约 {booked} 个名额", "{booked} seats are booked")


class SlotsAreForServices(Conflict):
    code = "slots_are_for_services"
    title = Words("只有服务类商品有预约时段", "Only services have slots")


class QueryTooLong(Invalid):
    """A search has more than `most` characters."""

    code = "query_too_long"
    title = Words("搜索内容过长", "The search is too long")
    hint = Words("搜索内容最多 {most} 个字符", "Search for at most {most} characters")


class QueryHasNoWords(Invalid):
    """A search has neither a letter nor a digit, only signs."""

    code = "query_has_no_words"
    title = Words("搜索内容须包含文字或数字", "The search has no words")
    hint = Words("请输入文字或数字", "Search for letters or digits")


class IndexAway(Unavailable):
    """The index of goods cannot be read now; lists without a search work."""

    code = "search_unavailable"
    title = Words("搜索暂时不可用，请稍后再试", "Search is not available, try again later")
