"""What orders refuse."""

from chalicelib.kernel.errors import Conflict, Words


class OrderExists(Conflict):
    """An order with this id was placed by an earlier try."""

    code = "order_exists"
    title = Words("订单已存在", "This order was placed before")


class LimitReached(Conflict):
    """More than the product's limit for an order or for a member; `limit` tells it."""

    code = "limit_reached"
    title = Words("超过限购数量", "Above the limit for this product")
    hint = Words("商品 {product_id} 限购 {limit} 件", "At most {limit} of product {product_id}")


class PriceChanged(Conflict):
    """Today's price is not what the client expected; `points` is today's total."""

    code = "price_changed"
    title = Words("价格已变动", "The price has changed")
    hint = Words("当前需要 {points} 积分", "It takes {points} points now")


class AddressRequired(Conflict):
    """Physical goods need an address: one of the member's, or a default one."""

    code = "address_required"
    title = Words("请选择收货地址", "A delivery address is required")


class MixedKinds(Conflict):
    """Physical, virtual and service goods take different ways: one kind an order."""

    code = "mixed_kinds"
    title = Words("不同类型的商品请分开下单", "Order goods of one kind at a time")
