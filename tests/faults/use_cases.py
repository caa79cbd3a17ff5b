"""The use cases for faults and races: one line each, all on one scene."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.kernel.errors import JifenError
from tests.faults import (
    acts,
    cart_acts,
    counter_acts,
    partner_acts,
    staff_acts,
    tier_acts,
    withdrawal_acts,
)
from tests.faults.moments import moment
from tests.faults.scene import ESCROW_TIME, HOLD_TIME, PENDING_TIME, SOON, Scene

Act = Callable[[Scene], Any]
LAPSED = SOON + timedelta(hours=1)


@dataclass(frozen=True)
class UseCase:
    """Something done under a fixed key, so that done again it is a retry; `act` gives an answer
    that a retry gives too.

    It is done `later` than the scene was set. `arrange` makes what it needs besides the scene;
    `sweep` is the use case by which a schedule of ours puts an end to it.
    """

    name: str
    act: Act
    later: timedelta = timedelta()
    arrange: Act | None = None
    sweep: UseCase | None = None

    def run(self, scene: Scene) -> Any:
        with moment(self.later):
            return self.act(scene)

    def outcome(self, scene: Scene) -> Any:
        """Its answer or its refusal."""
        try:
            return self.run(scene)
        except JifenError as error:
            return type(error).__name__


TIME_OUT = UseCase("time out", acts.time_out, HOLD_TIME)
UNLOCK = UseCase("unlock", acts.unlock, PENDING_TIME)
TIME_OUT_OTHER = UseCase("time out another", acts.time_out_other, HOLD_TIME)
UNLOCK_OTHER = UseCase("unlock another", acts.unlock_other, PENDING_TIME)
GIVE_BACK = UseCase("give back", acts.give_back, ESCROW_TIME + timedelta(seconds=1))
APPLY_REFUNDS = UseCase("apply refunds", partner_acts.apply_refunds)
APPROVED = withdrawal_acts.be_approved_for_provider
SYNC_WITHDRAWAL = UseCase("sync a withdrawal", withdrawal_acts.sync, arrange=APPROVED)

CASES = (
    UseCase("accrue", acts.accrue),
    UseCase("accrue pending", acts.accrue_pending, sweep=UNLOCK_OTHER),
    UseCase("accrue growth", acts.accrue_growth),
    UseCase("redeem", acts.redeem),
    UseCase("redeem after a lapse", acts.redeem_less, LAPSED),
    UseCase("reverse", acts.reverse),
    UseCase("reverse what has lapsed", acts.reverse, LAPSED),
    UseCase("adjust up", acts.adjust_up),
    UseCase("adjust down", acts.adjust_down),
    UseCase("claw back", acts.claw_back),
    UseCase("claw back into debt", acts.claw_back, arrange=acts.redeem),
    UseCase("pay a debt", acts.accrue, arrange=acts.fall_into_debt),
    UseCase("claw back pending", acts.claw_back_pending, sweep=UNLOCK),
    UseCase("claw back growth", acts.claw_back_growth, arrange=acts.adjust_growth_down),
    UNLOCK,
    UseCase("unlock by an action", acts.unlock_early),
    UseCase("lapse", acts.lapse, LAPSED),
    UseCase("hold", acts.hold, sweep=TIME_OUT_OTHER),
    UseCase("capture", acts.capture, sweep=TIME_OUT),
    UseCase("capture a part", acts.capture_part, sweep=TIME_OUT),
    UseCase("capture late", acts.capture, HOLD_TIME - timedelta(seconds=1), sweep=TIME_OUT),
    UseCase("release", acts.release, sweep=TIME_OUT),
    TIME_OUT,
    UseCase("time out after a lapse", acts.time_out, LAPSED),
    UseCase("transfer", acts.transfer),
    UseCase("transfer back", acts.transfer_back),
    UseCase("transfer to escrow", acts.transfer_to_escrow, sweep=GIVE_BACK),
    UseCase("claim", acts.claim, sweep=GIVE_BACK),
    GIVE_BACK,
    UseCase("freeze", acts.freeze),
    UseCase("remind", acts.remind),
    UseCase("adjust by hand", staff_acts.adjust_by_hand),
    UseCase("propose", staff_acts.propose),
    UseCase("approve", staff_acts.approve, arrange=staff_acts.propose),
    UseCase("reject", staff_acts.reject, arrange=staff_acts.propose),
    UseCase("count for a tier", tier_acts.go_on),
    UseCase("rise to a tier", tier_acts.lift),
    UseCase("fall by a refund", tier_acts.undo, arrange=tier_acts.lift),
    UseCase("be given a tier", tier_acts.grant),
    UseCase("judge a tier", tier_acts.judge, tier_acts.OVER, arrange=tier_acts.lift),
    UseCase("place an order", acts.place_order),
    UseCase("cancel an order", acts.cancel_order),
    UseCase("put into the cart", cart_acts.put, arrange=cart_acts.be_filled),
    UseCase("take out of the cart", cart_acts.remove, arrange=cart_acts.be_filled),
    UseCase("order from the cart", cart_acts.order, arrange=cart_acts.be_filled),
    UseCase("order a cart with cash", cart_acts.order_with_cash, arrange=cart_acts.be_filled),
    UseCase("give", partner_acts.give),
    UseCase("give to nobody", partner_acts.give_to_nobody),
    UseCase("pay", partner_acts.pay),
    UseCase("pay for nobody", partner_acts.pay_for_nobody),
    UseCase("register", partner_acts.apply_unmatched, arrange=partner_acts.pay_for_nobody),
    UseCase("refund", partner_acts.refund, arrange=partner_acts.pay),
    UseCase("refund the rest", partner_acts.refund_the_rest, arrange=partner_acts.pay),
    UseCase("refund what waits", partner_acts.refund, arrange=partner_acts.pay_pending),
    UseCase("refund first", partner_acts.refund_first, sweep=APPLY_REFUNDS),
    UseCase(
        "pay what was refunded", partner_acts.pay, arrange=partner_acts.refund, sweep=APPLY_REFUNDS
    ),
    UseCase("complete", partner_acts.complete, arrange=partner_acts.pay_pending),
    UseCase("pay by several", partner_acts.pay_by_several),
    UseCase(
        "register for several",
        partner_acts.apply_unmatched,
        arrange=partner_acts.pay_by_several_for_nobody,
    ),
    UseCase("refund of several", partner_acts.refund, arrange=partner_acts.pay_by_several),
    UseCase(
        "pay by several what was refunded",
        partner_acts.pay_by_several,
        arrange=partner_acts.refund,
        sweep=APPLY_REFUNDS,
    ),
    UseCase("complete several", partner_acts.complete, arrange=partner_acts.pay_by_several),
    UseCase("pay by limits", partner_acts.pay_by_limits, arrange=partner_acts.be_limited),
    UseCase(
        "refund within limits",
        partner_acts.refund_within_limits,
        arrange=partner_acts.have_paid_by_limits,
    ),
    UseCase("refund an item", partner_acts.refund_an_item, arrange=partner_acts.have_paid_by_items),
    UseCase("withdraw", withdrawal_acts.withdraw, arrange=withdrawal_acts.be_rich),
    UseCase("withdraw again", withdrawal_acts.withdraw_again, arrange=withdrawal_acts.be_rich),
    UseCase("approve a withdrawal", withdrawal_acts.approve, arrange=withdrawal_acts.be_asked),
    UseCase("reject a withdrawal", withdrawal_acts.reject, arrange=withdrawal_acts.be_asked),
    UseCase("change the account", withdrawal_acts.change_account, arrange=withdrawal_acts.be_asked),
    SYNC_WITHDRAWAL,
    UseCase("drop an approved one", withdrawal_acts.reject, arrange=APPROVED),
    UseCase("sync an unsent one", withdrawal_acts.sync, arrange=withdrawal_acts.be_unsent),
    UseCase("sync a refused one", withdrawal_acts.sync, arrange=withdrawal_acts.be_refused),
    UseCase("sync one sent back", withdrawal_acts.sync, arrange=withdrawal_acts.be_sent_back),
    UseCase("sync one back in part", withdrawal_acts.sync, arrange=withdrawal_acts.be_back_in_part),
    UseCase(
        "sync one back in parts",
        withdrawal_acts.sync_part_by_part,
        arrange=withdrawal_acts.be_back_in_parts,
    ),
    UseCase(
        "sync an unknown one back in parts",
        withdrawal_acts.sync_part_by_part,
        arrange=withdrawal_acts.be_back_in_parts_unknown,
    ),
    UseCase("sweep withdrawals", withdrawal_acts.sweep, arrange=APPROVED),
    UseCase(
        "sweep one back in parts",
        withdrawal_acts.sweep,
        arrange=withdrawal_acts.be_back_in_parts_unknown,
    ),
    UseCase("export", withdrawal_acts.export, arrange=withdrawal_acts.be_approved),
    UseCase("mark paid", withdrawal_acts.mark_paid, arrange=withdrawal_acts.be_exported),
    UseCase("mark failed", withdrawal_acts.mark_failed, arrange=withdrawal_acts.be_exported),
    UseCase("book", counter_acts.book, arrange=counter_acts.be_open),
    UseCase("book the same seat", counter_acts.book_other, arrange=counter_acts.be_open),
    UseCase("book the other slot", counter_acts.book_second, arrange=counter_acts.be_booked),
    UseCase("close a slot", counter_acts.close_slot, arrange=counter_acts.be_open),
    UseCase("reschedule", counter_acts.reschedule, arrange=counter_acts.be_booked),
    UseCase("refund a booking", counter_acts.refund_booking, arrange=counter_acts.be_booked),
    UseCase("use a voucher", counter_acts.use, arrange=counter_acts.be_booked),
    UseCase("use it again", counter_acts.use_again, arrange=counter_acts.be_booked),
    UseCase("miss", counter_acts.miss, counter_acts.FIRST, arrange=counter_acts.be_booked),
    UseCase(
        "settle a missed booking",
        counter_acts.settle,
        counter_acts.MISSED,
        arrange=counter_acts.be_booked,
    ),
    UseCase(
        "mark returned", withdrawal_acts.mark_returned, arrange=withdrawal_acts.be_paid_by_bank
    ),
)
USE_CASES = {case.name: case for case in CASES}
assert len(USE_CASES) == len(CASES), "each has a name of its own"
