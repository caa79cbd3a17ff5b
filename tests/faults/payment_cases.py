"""The use cases of an order's cash: one line each."""

from __future__ import annotations

from tests.faults import payment_acts as acts
from tests.faults import payment_states as states
from tests.faults import voucher_acts as vouchers
from tests.faults import withdrawal_acts as withdrawals
from tests.faults.payment_acts import LATER
from tests.faults.use_cases import UseCase

SWEEP = UseCase("sweep payments", acts.sweep)
SWEEP_LATE = UseCase("sweep payments late", acts.sweep, LATER)

PAYMENT_CASES = (
    UseCase("place with cash", acts.place),
    UseCase("start payment", acts.start),
    UseCase("start payment otherwise", acts.start_otherwise),
    UseCase("change the way to pay", acts.start_otherwise, arrange=states.be_started),
    UseCase("pay", acts.sync_order, arrange=states.be_paid_there),
    UseCase("pay late", acts.sync_order, arrange=states.be_paid_late, sweep=SWEEP),
    UseCase("decline", acts.sync_order, arrange=states.be_declined),
    UseCase("cancel unpaid", acts.cancel, arrange=states.be_started, sweep=SWEEP),
    UseCase("cancel unstarted", acts.cancel, sweep=SWEEP),
    UseCase("end a dead payment", acts.sync_order, arrange=states.be_cancelled),
    UseCase("time out unpaid", acts.time_out, LATER, states.be_started, SWEEP_LATE),
    UseCase("cancel paid", acts.cancel_reviewed, arrange=states.be_reviewed, sweep=SWEEP),
    UseCase("reject paid", acts.reject, arrange=states.be_in_review, sweep=SWEEP),
    UseCase("refund a part", acts.refund_part, arrange=states.be_paid, sweep=SWEEP),
    UseCase("refund the rest of it", acts.refund_rest, arrange=states.be_sent, sweep=SWEEP),
    UseCase("send refund", acts.send, arrange=states.be_refunded),
    UseCase("send refused", acts.send, arrange=states.be_refused),
    UseCase("send again", acts.send, arrange=states.be_pending),
    UseCase("refund succeeds", acts.sync_order, arrange=states.be_finished),
    UseCase("refund fails", acts.sync_order, arrange=states.be_sent_back),
    UseCase("retry refund", acts.retry, arrange=states.be_failed, sweep=SWEEP),
    UseCase("refund by hand", acts.give_by_hand, arrange=states.be_failed),
    UseCase("retry what is left", acts.retry, arrange=states.be_too_large, sweep=SWEEP),
    UseCase("give what is left", acts.give_left_by_hand, arrange=states.be_too_large),
    UseCase("learn what failed there", acts.sync_order, arrange=states.be_displaced, sweep=SWEEP),
    UseCase("pay late and less", acts.sync_order, arrange=states.be_late_and_refunded_there),
    UseCase("learn it late again", acts.sync_order, arrange=states.be_late_and_failed_there),
    UseCase("waive refund", acts.waive, arrange=states.be_failed),
    UseCase("learn of a refund there", acts.sync_order, arrange=states.be_refunded_there),
    UseCase("hand out", vouchers.hand_out, arrange=vouchers.be_sold),
    UseCase("hand out the rest", vouchers.hand_out, arrange=vouchers.be_refunded),
    UseCase("refund a voucher", vouchers.refund_one, arrange=vouchers.be_sold),
    UseCase("refund all vouchers", vouchers.refund_all, arrange=vouchers.be_sold),
    UseCase("refund a voucher that left", vouchers.refund_one, arrange=vouchers.be_handed_out),
    UseCase("dispute", acts.sync_order, arrange=states.be_disputed_there),
    UseCase("win", acts.sync_order, arrange=states.be_won),
    UseCase("lose", acts.sync_order, arrange=states.be_lost),
    UseCase("deliver what is unpaid", acts.deliver, arrange=states.be_on_the_way),
    UseCase("remit", acts.remit, arrange=states.be_delivered),
    UseCase("come back unpaid", acts.come_back, arrange=states.be_on_the_way),
    UseCase("come back uncollected", acts.come_back, arrange=states.be_delivered),
    UseCase("payout to our bank", acts.learn_to_bank, arrange=states.be_sent_to_bank),
    UseCase("be told", acts.tell, arrange=states.be_paid),
    UseCase("start what nobody recorded", acts.start, arrange=states.be_unrecorded),
    UseCase("cancel what nobody recorded", acts.cancel, arrange=states.be_unrecorded, sweep=SWEEP),
)
# Those that only meet others: we do not retry the provider's own acts,
# and whether an order was paid in time is the provider's to say, if it can be asked.
MEETING = (
    UseCase("refund another part", acts.refund_another, arrange=states.be_paid, sweep=SWEEP),
    UseCase("refund two parts", acts.refund_two, arrange=states.be_paid, sweep=SWEEP),
    UseCase("refund two vouchers", vouchers.refund_two, arrange=vouchers.be_sold),
    UseCase("use it", acts.use, arrange=states.be_paid),
    UseCase("time out paid", acts.time_out, LATER, states.be_paid_there),
    UseCase("fail a refund", acts.fail_refund_and_sync, arrange=states.be_sent),
    UseCase("learn it late", acts.sync_order, arrange=states.be_paid_late),
    UseCase("redeem what is left", acts.spend, arrange=states.be_paid_there),
    UseCase("fail what succeeds", acts.fail_refund_and_sync, arrange=states.be_finished),
    UseCase("ask for one sent", withdrawals.sync, arrange=withdrawals.be_on_its_way),
    UseCase("come back", withdrawals.come_back, arrange=withdrawals.be_on_its_way),
    UseCase("fail what took it", acts.fail_refund_and_sync, arrange=states.be_too_large),
    UseCase("waive what is left", acts.waive, arrange=states.be_too_large),
    UseCase("win it there", acts.win_and_sync, arrange=states.be_disputed_there),
)
PAYMENT_USE_CASES = {case.name: case for case in (*PAYMENT_CASES, *MEETING)}
assert len(PAYMENT_USE_CASES) == len(PAYMENT_CASES) + len(MEETING), "each has a name of its own"
