"""The facts of the ledger. Points are whole; rebate cash is in minor units of its currency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from chalicelib.kernel.store.facts import FactData


class EntryRecorded(FactData, frozen=True):
    """An entry was recorded in a member's account of a `unit`, as the `seq`-th of that account.

    `points` is the change of the available balance, and `balance_after` is that balance after it.
    `moved` is the net sum that came into the account from outside, spendable or not.
    `type` is the entry's type, such as `accrual`, and `reference` names its cause. `note` is
    the giver's message of a gift, sealed, in base64.
    """

    TYPE: ClassVar[str] = "ledger.entry"
    ATTRIBUTES: ClassVar[Mapping[str, str]] = {"entry_type": "type"}

    member_id: str
    unit: str
    entry_id: str
    seq: int
    type: str
    points: int
    balance_after: int
    source: str
    reference: str
    moved: int
    note: str | None = None


class AccountStatusChanged(FactData, frozen=True):
    """A member's account of a `unit` has another `status`: `active`, `credits_pending` (new points
    wait for days), `under_review` (spending stops, too) or `frozen`."""

    TYPE: ClassVar[str] = "ledger.status"

    member_id: str
    unit: str
    status: str


class PointsExpiring(FactData, frozen=True):
    """Points lapse at `expires_at` (RFC 3339), `days` days ahead or fewer."""

    TYPE: ClassVar[str] = "points.expiring"

    member_id: str
    unit: str
    points: int
    expires_at: str
    days: int


class TransferEscrowed(FactData, frozen=True):
    """A gift waits until `expires_at` (RFC 3339) for an unregistered receiver.

    `identity` is the keyed hash of their phone or e-mail. `recipient` is the phone or e-mail,
    sealed to the transfer, in base64.
    """

    TYPE: ClassVar[str] = "transfer.escrowed"
    IS_INTERNAL: ClassVar[bool] = True
    IS_NEWS: ClassVar[bool] = True

    transfer_id: str
    identity: str
    points: int
    recipient: str
    expires_at: str


class VerificationUnfinished(FactData, frozen=True):
    """A part of a verification of the ledger has more to do, after `round` rounds."""

    TYPE: ClassVar[str] = "ledger.verify"
    IS_INTERNAL: ClassVar[bool] = True

    job_id: str
    part: int
    round: int
