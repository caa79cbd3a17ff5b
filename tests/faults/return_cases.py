"""The use cases of returns: one line each."""

from __future__ import annotations

from tests.faults import payment_states as states
from tests.faults import return_acts as acts
from tests.faults.return_acts import DECISION, FINISH, RECEIPT, SENDING
from tests.faults.use_cases import UseCase

RETURN_CASES = (
    UseCase("ask for a return", acts.ask, arrange=states.be_delivered),
    UseCase("ask for an exchange", acts.ask_for_exchange, arrange=states.be_delivered),
    UseCase("approve a return", acts.approve, arrange=acts.be_asked),
    UseCase("approve an exchange", acts.approve, arrange=acts.be_asked_for_exchange),
    UseCase("approve a refund", acts.approve, arrange=acts.be_asked_for_refund),
    UseCase("reject a return", acts.reject, arrange=acts.be_asked),
    UseCase("reject sent goods", acts.reject, arrange=acts.be_sent_for_exchange),
    UseCase("withdraw a return", acts.withdraw, arrange=acts.be_asked),
    UseCase("withdraw an exchange", acts.withdraw, arrange=acts.be_approved_for_exchange),
    UseCase("send a return", acts.send, arrange=acts.be_approved),
    UseCase("receive a return", acts.receive, arrange=acts.be_sent),
    UseCase("receive some of a return", acts.receive_some, arrange=acts.be_two_sent),
    UseCase("receive an exchange", acts.receive, arrange=acts.be_sent_for_exchange),
    UseCase("ship a replacement", acts.ship, arrange=acts.be_exchanging),
    UseCase("end the decision", acts.end_time, DECISION, acts.be_asked_for_exchange),
    UseCase("end a refund's decision", acts.end_time, DECISION, acts.be_asked_for_refund),
    UseCase("end the sending", acts.end_time, SENDING, acts.be_approved_for_exchange),
    UseCase("end the receipt", acts.end_time, RECEIPT, acts.be_sent),
    UseCase("end an exchange", acts.end_time, FINISH, acts.be_exchanging),
)
# Those that only meet others.
MEETING = (
    UseCase("ask for all", acts.ask_for_all, arrange=states.be_delivered),
    UseCase("refund beside it", acts.refund_one, arrange=states.be_delivered),
    UseCase("send late", acts.send, SENDING, acts.be_approved_for_exchange),
    UseCase("receive late", acts.receive, RECEIPT, acts.be_sent),
    UseCase("receive the rest", acts.receive, arrange=acts.be_two_sent),
    UseCase("ship late", acts.ship, FINISH, acts.be_exchanging),
)
RETURN_USE_CASES = {case.name: case for case in (*RETURN_CASES, *MEETING)}
assert len(RETURN_USE_CASES) == len(RETURN_CASES) + len(MEETING), "each has a name of its own"
