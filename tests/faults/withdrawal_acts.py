"""Acts on rebate cash: withdrawn, decided on, paid by provider and bank."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from chalicelib import ledger
from chalicelib.audit import Act, Actor
from chalicelib.kernel import clock
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.errors import Unavailable
from chalicelib.ledger.rules import NEVER
from chalicelib.withdrawals.actions import bank_files, sweeping, withdrawals
from chalicelib.withdrawals.actions.payout_accounts import set_payout_account
from chalicelib.withdrawals.actions.sync import sync_withdrawal
from chalicelib.withdrawals.queries.withdrawals import get_withdrawal
from chalicelib.withdrawals.rules import withdrawals as rules
from chalicelib.withdrawals.rules.payout_accounts import BankAccount, PayoutAccount, ProviderAccount
from tests.faults.provider import THERE
from tests.faults.scene import Scene, cause, on_account
from tests.faults.wire import ask_provider
from tests.withdrawals.withdrawing import empty_payments

AMOUNT = 12_000
AT_BANK = BankAccount("李雷", "中国银行上海分行", "12345678")
AT_PROVIDER = ProviderAccount("acct_1PgafTB7WZ01zgke")


def be_rich(scene: Scene, to: PayoutAccount = AT_BANK) -> None:
    empty_payments()
    account_id, why = ledger.account_of(scene.member, "rebate_cash"), cause(scene.named("rebate"))
    credit = ledger.Credit(100_000, NEVER, why)
    on_account(
        account_id, why.reference, lambda w, seen: ledger.accrue(w, seen, [credit], clock.now())
    )
    set_payout_account(scene.member, to, clock.now())


def withdraw(scene: Scene) -> Any:
    return _withdraw(scene, "withdrawal")


def withdraw_again(scene: Scene) -> Any:
    return _withdraw(scene, "another withdrawal")


def approve(scene: Scene) -> Any:
    act = _act(scene, "withdrawal.approve")
    made, _ = withdrawals.approve_withdrawal(_id(scene), act, clock.now())
    return made.status


def reject(scene: Scene) -> Any:
    act = _act(scene, "withdrawal.reject")
    made, _ = withdrawals.reject_withdrawal(_id(scene), "reason", act, clock.now())
    return made.status


def sync(scene: Scene) -> Any:
    return sync_withdrawal(_id(scene), clock.now()).status


def export(scene: Scene) -> Any:
    act, file_id = _act(scene, "bank_file.make"), scene.named("file")
    made, _ = bank_files.make_bank_file(file_id, b"content", act, clock.now())
    return made.withdrawals


def mark_paid(scene: Scene) -> Any:
    act = _act(scene, "withdrawal.mark_paid")
    made, _ = bank_files.mark_paid(_id(scene), "B1", act, clock.now())
    return made.status


def mark_failed(scene: Scene) -> Any:
    act = _act(scene, "withdrawal.mark_failed")
    made, _ = bank_files.mark_failed(_id(scene), "reason", act, clock.now())
    return made.status


def mark_returned(scene: Scene) -> Any:
    act = _act(scene, "withdrawal.mark_returned")
    made, _ = bank_files.mark_returned(_id(scene), "B2", "reason", act, clock.now())
    return made.status


def change_account(scene: Scene) -> Any:
    other = BankAccount("韩梅梅", "中国银行上海分行", "87654321")
    return set_payout_account(scene.member, other, clock.now()).version


def be_asked(scene: Scene) -> None:
    """A withdrawal to the bank waits for a review."""
    be_rich(scene)
    withdraw(scene)


def be_approved(scene: Scene) -> None:
    be_asked(scene)
    approve(scene)


def be_exported(scene: Scene) -> None:
    be_approved(scene)
    export(scene)


def be_paid_by_bank(scene: Scene) -> None:
    be_exported(scene)
    mark_paid(scene)


def be_approved_for_provider(scene: Scene) -> None:
    be_rich(scene, AT_PROVIDER)
    withdraw(scene)
    approve(scene)


def be_refused(scene: Scene) -> None:
    be_approved_for_provider(scene)
    THERE.refuse_payouts = "account_invalid"


def be_sent_back(scene: Scene) -> None:
    be_approved_for_provider(scene)
    sync(scene)
    (sent,) = [each.id for each in THERE.payouts.values() if each.key == _id(scene)]
    THERE.fail_payout(sent)


def be_unsent(scene: Scene) -> None:
    """Its payment failed during an outage of the provider."""
    be_approved_for_provider(scene)
    THERE.down = True
    with suppress(Unavailable):
        sync(scene)
    THERE.down = False


def be_on_its_way(scene: Scene) -> None:
    """The provider has sent it, and its arrival is open."""
    be_approved_for_provider(scene)
    THERE.payouts_pend = True
    sync(scene)


def come_back(scene: Scene) -> Any:
    """It is returned to the provider, and the withdrawal is synced."""
    (payout,) = THERE.payouts.values()
    if payout.status == "pending":
        ask_provider("fail_payout", payout.id, (payout.id,), changes=True)
    return sync(scene)


def be_back_in_part(scene: Scene) -> None:
    """A part of it was returned to the provider; it is not synced yet."""
    be_approved_for_provider(scene)
    sync(scene)
    (sent,) = THERE.payouts
    THERE.return_part(sent, AMOUNT // 3)


def be_back_in_parts(scene: Scene) -> None:
    """All of it was returned to the provider in three parts; it is not synced yet."""
    be_back_in_part(scene)
    (sent,) = THERE.payouts
    THERE.return_part(sent, AMOUNT // 4)
    THERE.fail_payout(sent)


def be_back_in_parts_unknown(scene: Scene) -> None:
    """The same, for one whose sending is not recorded."""
    be_approved_for_provider(scene)
    THERE.answers_lost = 1
    with suppress(Unavailable):
        sync(scene)
    (sent,) = THERE.payouts
    THERE.return_part(sent, AMOUNT // 3)
    THERE.fail_payout(sent)


def sync_part_by_part(scene: Scene) -> Any:
    """With transactions that hold a part each."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rules, "PARTS_AT_ONCE", 1)
        return sync(scene)


def sweep(scene: Scene) -> Any:
    """Sweep twice at the same moment: the second sweep takes the deferred withdrawals too."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweeping, "DEFERRED", timedelta())
        for _ in range(2):
            sweeping.sync_due(clock.now(), [])
    return get_withdrawal(_id(scene)).status


def _withdraw(scene: Scene, name: str) -> Any:
    made, _ = withdrawals.request_withdrawal(
        scene.member, scene.named(name), b"content", AMOUNT, clock.now()
    )
    return made.amount


def _id(scene: Scene) -> str:
    return scene.named("withdrawal")


def _act(scene: Scene, name: str) -> Act:
    actor = Actor("mbr_finance", frozenset({"finance"}), None, "request")
    subject = scene.named("file") if name.startswith("bank_file") else scene.member
    return Act(scene.named(name), name, subject, actor, to_ms(clock.now()), content=b"content")
