"""Errors of slots, vouchers and stores' staff."""

from chalicelib.kernel.errors import Conflict, Denied, TooMany, Words


class SlotRequired(Conflict):
    """The service is booked by its slots: send one of them as `booking.slot_id`."""

    code = "slot_required"
    title = Words("请选择预约时段", "A slot is required")
    hint = Words("请选择一个可预约的时段", "Choose one of the times that are offered")


class SlotBookedAlready(Conflict):
    """The member has this slot already, by another order or by this one."""

    code = "slot_booked_already"
    title = Words("您已预约该时段", "You have booked this time already")
    hint = Words("请选择其他时段", "Choose another time")


class RescheduleClosed(Conflict):
    """The booking can be moved until `until`, some hours before its time."""

    code = "reschedule_closed"
    title = Words("已超过可改约时间", "It is too late to reschedule")
    hint = Words(
        "须在预约时间前 {hours} 小时改约，请联系门店",
        "A booking can be moved until {hours} hours before its time: ask the store",
    )


class BookingNotOver(Conflict):
    """The booking begins at `starts_at`: nobody has missed it yet."""

    code = "booking_not_over"
    title = Words("预约时间未到", "The booking has not begun yet")


class VoucherUsed(Conflict):
    """The voucher was used at `used_at`, in the store `used_store_id`."""

    code = "voucher_used"
    title = Words("该凭证已核销", "This voucher was used before")
    hint = Words("核销时间：{at}", "It was used at {at}")


class VoucherExpired(Conflict):
    """The voucher has expired, or was refunded."""

    code = "voucher_expired"
    title = Words("该凭证已失效", "This voucher has expired")


class VoucherOfAnotherStore(Conflict):
    """The voucher is good in the store `voucher_store_id` alone."""

    code = "voucher_of_another_store"
    title = Words("该凭证须在指定门店使用", "This voucher belongs to another store")


class TooManyWrongCodes(TooMany):
    """One of the staff may try so many codes in an hour that no voucher has."""

    code = "too_many_wrong_codes"
    title = Words("输错凭证码的次数过多", "Too many codes were wrong")
    hint = Words("请稍后再试，或由同事核销", "Try again later, or ask a colleague")


class NotThisStoresStaff(Denied):
    """The store names its staff, and the caller is not among them."""

    code = "not_this_stores_staff"
    title = Words("您不是该门店的店员", "You are not of this store's staff")
