"""Refusals of coupons."""

from __future__ import annotations

from chalicelib.kernel.errors import Conflict, NotFound, TooMany, Words


class CouponNotFound(NotFound):
    """The caller has no such coupon."""

    code = "coupon_not_found"
    title = Words("没有这张优惠券", "You have no such coupon")


class CouponNotApplicable(Conflict):
    """The coupon saves nothing here; it is kept."""

    code = "coupon_not_applicable"
    title = Words("优惠券不适用", "The coupon does not apply here")


class CouponReserved(Conflict):
    """Another order, or a shop's checkout, has the coupon reserved."""

    code = "coupon_reserved"
    title = Words("优惠券已被另一笔订单占用", "Another order has this coupon")
    hint = Words(
        "取消那笔订单后优惠券会退回", "It comes back when that order is cancelled or times out"
    )


class CouponUsed(Conflict):
    code = "coupon_used"
    title = Words("优惠券已使用", "The coupon has been used")


class CouponExpired(Conflict):
    code = "coupon_expired"
    title = Words("优惠券已过期", "The coupon has lapsed")


class CouponsGone(Conflict):
    """All coupons of the template are given."""

    code = "coupons_gone"
    title = Words("优惠券已领完", "These coupons are all gone")


class CouponLimitReached(Conflict):
    """The member has had as many of this template as one member may: `per_member`."""

    code = "coupon_limit_reached"
    title = Words("已达领取上限", "You have had as many of these as one member may")
    hint = Words("每人限领 {per_member} 张", "One member may have {per_member}")


class CouponNotOffered(Conflict):
    """The template is not published, or its time to claim is not now."""

    code = "coupon_not_offered"
    title = Words("优惠券未在发放", "This coupon is not offered now")


class CouponExists(Conflict):
    """The coupon of this reference was given before: the caller answers from it."""

    code = "coupon_exists"
    title = Words("优惠券已发放", "This coupon was given before")


class CouponCodeNotFound(NotFound):
    """No batch has this code."""

    code = "coupon_code_not_found"
    title = Words("优惠码无效", "This code is not valid")
    hint = Words("请核对后再输入", "Look at it again, letter by letter")


class CouponCodeUsed(Conflict):
    """Somebody has redeemed the code."""

    code = "coupon_code_used"
    title = Words("优惠码已被使用", "This code has been used")


class TooManyWrongCouponCodes(TooMany):
    """The member has tried too many wrong codes within the hour; `retry_after_s` says how long to
    wait."""

    code = "too_many_wrong_coupon_codes"
    title = Words("输错次数过多，请稍后再试", "Too many wrong codes, try again later")


class CouponNotTransferable(Conflict):
    """Coupons of this template stay with their member, or this one is not unused."""

    code = "coupon_not_transferable"
    title = Words("优惠券不能转赠", "This coupon cannot be given away")


class CouponTransferToSelf(Conflict):
    code = "coupon_transfer_to_self"
    title = Words("不能转赠给自己", "You cannot give a coupon to yourself")


class CouponTotalTooLow(Conflict):
    """More coupons than the new total have been given."""

    code = "coupon_total_too_low"
    title = Words("已发出的优惠券超过新的总数", "More than the new total have been given already")


class ReservationNotFound(NotFound):
    """The shop has reserved nothing under this id."""

    code = "coupon_reservation_not_found"
    title = Words("没有该占用记录", "There is no such reservation")


class ReservationEnded(Conflict):
    """The reservation was redeemed or released, or its time is over: see `status`."""

    code = "coupon_reservation_ended"
    title = Words("占用已结束", "The reservation has ended")
    hint = Words("该占用已核销、已释放或已超时", "It was redeemed or released, or its time is over")
