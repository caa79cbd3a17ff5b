"""Gifts of points to other members, and to unregistered phones and e-mails."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import msgspec

from chalicelib import ledger
from chalicelib.kernel.clock import to_ms
from chalicelib.kernel.crypto import encrypt
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.store.writes import replay_outranks_refusal
from chalicelib.ledger import Cause, Entry
from chalicelib.members import queries
from chalicelib.members.rules import Destination
from chalicelib.members.tables import seals


class Gift(msgspec.Struct, frozen=True):
    """Points for a member, or for the present or future holder of a phone or an e-mail.

    `id` is the same for each try of one intention; `content` is a digest of the request.
    """

    id: str
    sender: str
    points: int
    content: bytes
    member_id: str | None = None
    destination: Destination | None = None
    message: str | None = None

    @property
    def reference(self) -> str:
        return ledger.transfer_reference(self.id)


class Sent(NamedTuple):
    """The sender's entry; whether it is a replay; whether the gift waits in escrow."""

    entry: Entry
    replayed: bool
    waits: bool


def send_gift(gift: Gift, now: datetime) -> tuple[Entry, bool]:
    """Send points to a member, or to escrow for an unregistered receiver: (entry, replayed).

    The result does not reveal whether the receiver has registered.

    Raises Invalid naming `to.member_id`, InsufficientPoints, AccountFrozen,
    TransferLimitReached, TransferToSelf, IdempotencyKeyReused.
    """
    sent, refused = replay_outranks_refusal(lambda: _send(gift, now), lambda: _sent_before(gift))
    if sent.waits and gift.destination is not None:
        _claim_at_once(gift.destination, now)
    return sent.entry, sent.replayed or refused


def _send(gift: Gift, now: datetime) -> Sent:
    cause = Cause(
        gift.reference,
        f"member:{gift.sender}",
        to_ms(now),
        content=gift.content,
        note=encrypt(gift.message.encode(), gift.reference) if gift.message else None,
    )
    account_id = ledger.points_account(gift.sender)
    receiver = _receiver(gift)
    if receiver is not None:
        to = ledger.points_account(receiver)
        return Sent(*ledger.transfer(account_id, to, gift.points, cause, now), waits=False)
    assert gift.destination is not None, "a gift without a receiver has a destination"
    identity = seals.identity_hash_of(gift.destination)
    sealed = seals.seal(gift.destination, gift.id)
    sent = ledger.transfer_to_escrow(account_id, identity, sealed, gift.points, cause, now)
    return Sent(*sent, waits=True)


def _receiver(gift: Gift) -> str | None:
    """The receiver's member id; None while nobody has the phone or e-mail.

    Raises Invalid.
    """
    if gift.destination is not None:
        return queries.member_with(seals.identity_hash_of(gift.destination))
    found = queries.find_member(member_id=gift.member_id)
    if found is None:
        words = Words("没有该会员", "is no member")
        raise Invalid(FieldError("to.member_id", "unknown_member", words))
    return found


def _sent_before(gift: Gift) -> Sent | None:
    account_id = ledger.points_account(gift.sender)
    found = replay_of(ledger.find_entry(account_id, gift.reference), gift.content)
    return Sent(found, replayed=True, waits=False) if found else None


def _claim_at_once(destination: Destination, now: datetime) -> None:
    """Claim a destination's gifts if somebody has registered with it by now.

    The consumer of the registration may have run before the gift was written. If this process
    ends before this check, the consumer receives the fact of the gift, too.
    """
    identity = seals.identity_hash_of(destination)
    holder = queries.member_with(identity)
    if holder is not None:
        claim_gifts(identity, holder, now)


def claim_gifts(identity: str, holder: str, now: datetime) -> None:
    """Claim the gifts that wait for a member's phone or e-mail.

    Gifts past their time, and the member's own gifts, return to their senders.
    """
    account_id = ledger.points_account(holder)
    for escrow in ledger.escrows_of(identity):
        if escrow.expires_at * 1000 <= to_ms(now) or escrow.account_id == account_id:
            ledger.return_gift(escrow, now, early=True)
        else:
            ledger.claim_gift(escrow, account_id, now)
