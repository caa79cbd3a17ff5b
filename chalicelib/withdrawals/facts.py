"""The facts of withdrawals. Amounts are in minor units of their currency."""

from __future__ import annotations

from typing import ClassVar

from chalicelib.kernel.store.facts import FactData


class WithdrawalChanged(FactData, frozen=True):
    """A withdrawal of `amount` minor units has changed its state, by its `version`-th change.

    `kind` is `provider` or `bank`; `reason` is the reason of a refusal or a failure.
    """

    member_id: str
    withdrawal_id: str
    amount: int
    currency: str
    kind: str
    reason: str | None
    version: int = 0


class WithdrawalRequested(WithdrawalChanged, frozen=True):
    """A member has requested a withdrawal of rebate cash; it waits for the staff."""

    TYPE: ClassVar[str] = "withdrawal.requested"


class WithdrawalApproved(WithdrawalChanged, frozen=True):
    """The staff has approved a withdrawal: it has to be paid."""

    TYPE: ClassVar[str] = "withdrawal.approved"


class WithdrawalRejected(WithdrawalChanged, frozen=True):
    """The staff has rejected a withdrawal: the money is back in the rebate balance."""

    TYPE: ClassVar[str] = "withdrawal.rejected"


class WithdrawalPaying(WithdrawalChanged, frozen=True):
    """The provider has been asked to pay, or a bank file lists the withdrawal."""

    TYPE: ClassVar[str] = "withdrawal.paying"


class WithdrawalPaid(WithdrawalChanged, frozen=True):
    """The money was paid."""

    TYPE: ClassVar[str] = "withdrawal.paid"


class WithdrawalFailed(WithdrawalChanged, frozen=True):
    """The money could not be paid: it is back in the rebate balance."""

    TYPE: ClassVar[str] = "withdrawal.failed"


class WithdrawalReturned(WithdrawalChanged, frozen=True):
    """`amount` of a paid withdrawal was returned: it is in the rebate balance again."""

    TYPE: ClassVar[str] = "withdrawal.returned"


# The fact of each status of a withdrawal.
OF_STATUS: dict[str, type[WithdrawalChanged]] = {
    kind.TYPE.removeprefix("withdrawal."): kind
    for kind in (
        WithdrawalRequested,
        WithdrawalApproved,
        WithdrawalRejected,
        WithdrawalPaying,
        WithdrawalPaid,
        WithdrawalFailed,
    )
}
