"""A retry about cash has no effect, whenever it comes: also once the provider has forgotten its
key, which it does after a day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.errors import Unavailable
from chalicelib.orders.actions import sync
from tests.faults import payment_acts as acts
from tests.faults import payment_states as states
from tests.faults.invariants import problems_of
from tests.faults.moments import AFTER, moment
from tests.faults.payment_cases import PAYMENT_USE_CASES
from tests.faults.provider import THERE
from tests.faults.savepoint import Savepoint
from tests.faults.scene import Scene

KEYED = (
    "place with cash", "start payment", "start payment otherwise", "be told", "pay", "pay late",
    "cancel unpaid", "refund a part", "send refund", "retry refund", "refund by hand", "remit",
    "retry what is left", "give what is left",
)  # fmt: skip


@pytest.mark.parametrize("name", KEYED)
def test_a_repeated_reference_has_one_effect_at_any_later_time(name: str, stage: Scene) -> None:
    case = PAYMENT_USE_CASES[name]
    THERE.forgets_keys = True
    if case.arrange:
        case.arrange(stage)
    with Savepoint() as start:
        answer = case.run(stage)
        changes = start.changes()
        for after in AFTER:
            with moment(case.later + after):
                assert case.act(stage) == answer, after
            assert start.changes() == changes, after
        assert problems_of(start, changes) == []


@pytest.mark.parametrize("after", AFTER)
def test_a_refund_with_a_lost_answer_is_sent_once_however_late_its_retry(
    stage: Scene, after: timedelta
) -> None:
    THERE.forgets_keys = True
    states.be_refunded(stage)
    THERE.answers_lost = 1
    with pytest.raises(Unavailable):
        acts.send(stage)
    with moment(after):
        assert acts.send(stage) == ("succeeded", None)
    (intent,) = THERE.intents.values()
    assert intent.charge
    assert len(intent.charge.refunds) == 1


@pytest.mark.parametrize(("hours", "ended"), [(1, "canceled"), (25, "open")])
def test_an_unrecorded_payment_is_cancelled_while_the_provider_knows_its_key(
    stage: Scene, hours: int, ended: str
) -> None:
    """Later nobody asks for it by that key, which would make another; nobody has its secret."""
    THERE.forgets_keys = True
    states.be_unrecorded(stage)
    acts.cancel(stage)
    with moment(timedelta(hours=hours)):
        assert not sync.sync_order(stage.unpaid, clock.now()).unsettled
    assert [intent.status for intent in THERE.intents.values()] == [ended]
