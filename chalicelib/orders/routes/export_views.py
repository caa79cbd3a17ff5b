"""Orders as rows of a file: one for each line of an order."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.kernel.clock import from_ms, shown
from chalicelib.kernel.csv_cells import Row
from chalicelib.kernel.errors import Words
from chalicelib.kernel.money import major
from chalicelib.members import Address
from chalicelib.orders.rules import Order, OrderLine
from chalicelib.orders.rules.details import OrderDetails
from chalicelib.orders.rules.words import status_words

COLUMNS = (
    Words("订单号", "order_id"),
    Words("状态", "status"),
    Words("下单时间", "placed_at"),
    Words("会员", "member_id"),
    Words("SKU", "sku"),
    Words("商品", "title"),
    Words("数量", "quantity"),
    Words("已退数量", "refunded"),
    Words("积分", "points"),
    Words("现金", "cash"),
    Words("币种", "currency"),
    Words("支付方式", "payment_method"),
    Words("收件人", "recipient"),
    Words("电话", "phone"),
    Words("地址", "address"),
    Words("邮编", "postal_code"),
    Words("快递公司", "carrier"),
    Words("运单号", "tracking_number"),
)


def columns(language: str) -> list[str]:
    return [each.in_language(language) for each in COLUMNS]


def rows_of(details: OrderDetails, language: str) -> Iterator[Row]:
    """A row for each line: what the line is, then whom it goes to, then how it went."""
    order = details.order
    address = _address_cells(details.address)
    for line in order.lines:
        yield (*_line_cells(order, line, language), *address, *_parcel_cells(order, line.sku))


def _line_cells(order: Order, line: OrderLine, language: str) -> Row:
    return (
        order.id,
        status_words(order.kind, order.status).in_language(language),
        shown(from_ms(order.created_at_ms)),
        order.member_id,
        line.sku,
        line.title.in_language(language),
        line.quantity,
        line.refunded,
        line.points,
        major(line.cash, order.currency) if order.currency else "",
        order.currency or "",
        order.method or "",
    )


def _address_cells(address: Address | None) -> Row:
    if address is None:
        return ("", "", "", "")
    places = (address.country, address.province, address.city, address.district, address.street)
    where = " ".join(each for each in places if each)
    return (address.recipient, address.phone, where, address.postal_code or "")


def _parcel_cells(order: Order, sku: str) -> Row:
    parcels = [parcel for parcel in order.parcels if sku in parcel.quantities]
    carriers = dict.fromkeys(parcel.carrier for parcel in parcels)
    return (" ".join(carriers), " ".join(parcel.tracking_number for parcel in parcels))
