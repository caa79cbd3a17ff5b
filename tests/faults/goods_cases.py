"""The use cases of stock, of fulfilment and of reviews: one line each."""

from __future__ import annotations

from tests.faults import acts, counter_acts
from tests.faults import order_acts as orders
from tests.faults import review_acts as reviews
from tests.faults import stock_acts as stock
from tests.faults.counter_acts import LAPSED
from tests.faults.order_acts import UNCONFIRMED
from tests.faults.use_cases import UseCase

GOODS_CASES = (
    UseCase("restock", stock.restock),
    UseCase("restock shards", stock.restock, arrange=stock.be_in_shards),
    UseCase("take units away", stock.take_away, arrange=stock.be_in_two),
    UseCase("correct upwards", stock.correct_up, arrange=stock.be_in_two),
    UseCase("correct downwards", stock.correct_down),
    UseCase("raise the shards", stock.raise_shards),
    UseCase("raise the shards again", stock.raise_more, arrange=stock.be_in_two),
    UseCase("lower the shards", stock.lower_shards, arrange=stock.be_in_shards),
    UseCase("lower the shards to two", stock.raise_shards, arrange=stock.be_in_shards),
    UseCase("order the last units", acts.place_order, arrange=stock.be_few),
    UseCase("order of shards", acts.place_order, arrange=stock.be_in_shards),
    UseCase("cancel into shards", acts.cancel_order, arrange=stock.be_in_shards),
    UseCase("take an order", orders.take, arrange=orders.be_ordered),
    UseCase("cancel on delivery", orders.cancel, arrange=orders.be_ordered),
    UseCase("approve an order", orders.approve, arrange=orders.be_taken),
    UseCase("reject an order", orders.reject, arrange=orders.be_taken),
    UseCase("ship an order", orders.ship, arrange=orders.be_approved),
    UseCase("ship a part of it", orders.ship_one, arrange=orders.be_approved),
    UseCase("ship its other part", orders.ship_other, arrange=orders.be_half_shipped),
    UseCase("ship by a file", orders.ship_listed, arrange=orders.be_listed),
    UseCase("hear of a delivery", orders.hear, arrange=orders.be_shipped),
    UseCase("confirm the receipt", orders.confirm, arrange=orders.be_shipped),
    UseCase("confirm it by time", orders.confirm_by_time, UNCONFIRMED, orders.be_shipped),
    UseCase("note something", orders.note, arrange=orders.be_ordered),
    UseCase("let a voucher lapse", counter_acts.settle, LAPSED, counter_acts.be_missed),
    UseCase("review", reviews.write, arrange=reviews.be_had),
    UseCase("publish a review", reviews.publish, arrange=reviews.be_written),
    UseCase("publish it again", reviews.publish, arrange=reviews.be_hidden),
    UseCase("hide a review", reviews.hide, arrange=reviews.be_helpful),
    UseCase("reply to a review", reviews.reply, arrange=reviews.be_published),
    UseCase("find it helpful", reviews.mark, arrange=reviews.be_published),
    UseCase("find it helpful no more", reviews.unmark, arrange=reviews.be_helpful),
)
# Those that only meet others.
MEETING = (
    UseCase("cancel while few are left", acts.cancel_order, arrange=stock.be_few),
    UseCase("restock few", stock.restock, arrange=stock.be_few),
    UseCase("correct few", stock.correct_down, arrange=stock.be_few),
    UseCase("raise the shards too", stock.raise_too),
    UseCase("ship both", orders.ship, arrange=orders.be_half_shipped),
    UseCase("review otherwise", reviews.write_otherwise, arrange=reviews.be_had),
    UseCase("find it helpful too", reviews.mark_too, arrange=reviews.be_published),
    UseCase("hide it", reviews.hide, arrange=reviews.be_published),
    UseCase("confirm late", orders.confirm, UNCONFIRMED, orders.be_shipped),
)
GOODS_USE_CASES = {case.name: case for case in (*GOODS_CASES, *MEETING)}
assert len(GOODS_USE_CASES) == len(GOODS_CASES) + len(MEETING), "each has a name of its own"
