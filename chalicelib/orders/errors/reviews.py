"""Errors of reviews."""

from chalicelib.kernel.errors import Conflict, Words


class AlreadyReviewed(Conflict):
    """The member has reviewed this line of the order: `review_id` is that review."""

    code = "already_reviewed"
    title = Words("该商品已评价过", "You have reviewed this already")
    hint = Words("每件商品只能评价一次", "Each item of an order can be reviewed once")


class LineRefunded(Conflict):
    """All units of the line with this `sku` are refunded, so it cannot be reviewed."""

    code = "line_refunded"
    title = Words("该商品已全部退款，不能评价", "It was refunded in full and cannot be reviewed")


class OwnReview(Conflict):
    """Nobody marks a review of their own as helpful."""

    code = "own_review"
    title = Words("不能给自己的评价点“有用”", "This is your own review")
    hint = Words("请其他会员来评判", "Other members decide whether it helps")


class AlreadyMarked(Conflict):
    """The mark of a review is as it is wanted: an earlier try made it so."""

    code = "already_marked"
    title = Words("该评价已是此标记", "The review is marked so already")
