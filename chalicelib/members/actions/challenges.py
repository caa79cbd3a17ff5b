"""Login codes: sent to a destination, tried at most five times, used once."""

from __future__ import annotations

import math
from datetime import datetime
from typing import NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.kernel import clock, ids, senders
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import TooMany, Unavailable
from chalicelib.kernel.store.tables import naming
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.members import queries, rules
from chalicelib.members.errors import OtpInvalid
from chalicelib.members.rules import Destination
from chalicelib.members.tables import seals
from chalicelib.members.tables.items import ChallengeItem, RateItem

DAY_S = 86_400
HOUR_S = 3_600
TEN_MINUTES_S = 600


class Challenge(NamedTuple):
    """A code is on its way; `expires_at` in epoch ms."""

    id: str
    expires_at: int


class Proof(NamedTuple):
    """Proof that the caller holds the destination. Good for one use."""

    challenge_id: str
    destination: Destination
    identity: str


def request_code(
    destination: Destination, *, language: str, source_ip: str, now: datetime
) -> Challenge:
    """Record a challenge and send its code, whether or not a member has the destination.

    Raises TooMany with retry_after_s, Unavailable if it could not be sent.
    """
    challenge_id = ids.new_id("otp")
    code = seals.new_code()
    item = _challenge_item(challenge_id, destination, code, clock.to_ms(now))

    def write() -> None:
        writes = WriteSet()
        writes.put_new(item, or_raise=Unavailable)
        _count(writes, item.identity, source_ip, now)
        writes.commit()

    with_fresh_reads(write)
    _send(destination, rules.code_message(code, language))
    return Challenge(challenge_id, item.expires_at)


def _challenge_item(
    challenge_id: str, destination: Destination, code: str, now_ms: int
) -> ChallengeItem:
    item = ChallengeItem.key(challenge_id)
    item.kind = destination.kind
    item.identity = seals.identity_hash_of(destination)
    item.sealed = seals.seal(destination, challenge_id)
    item.code_hash = seals.code_hash(challenge_id, item.identity, code)
    item.tries = 0
    item.expires_at = now_ms + rules.CODE_LIFETIME_MS
    item.ttl = item.expires_at // 1000 + DAY_S
    return item


def _count(writes: WriteSet, identity: str, source_ip: str, now: datetime) -> None:
    """Count a code against its limits; the refusal tells the longest wait, so that comes first."""
    settings = config().members
    to = seals.rate_key("otp", identity)
    origin = seals.rate_key("otp-ip", rules.origin(source_ip))
    for counted, window_s, limit in (
        (to, DAY_S, settings.otp_per_destination_day),
        (origin, HOUR_S, settings.otp_per_ip_hour),
        (to, TEN_MINUTES_S, settings.otp_per_destination_10_minutes),
    ):
        at = now.timestamp()
        number = int(at // window_s)
        ends_at = (number + 1) * window_s
        writes.update(
            RateItem.key(counted, window_s, number),
            [RateItem.uses.add(1), RateItem.ttl.set(ends_at + DAY_S)],
            condition=RateItem.uses.does_not_exist() | (RateItem.uses < limit),
            or_raise=TooMany(retry_after_s=max(1, math.ceil(ends_at - at))),
        )


def _send(destination: Destination, message: rules.Message) -> None:
    try:
        if destination.kind == "phone":
            senders.send_sms(destination.text, message.text)
        else:
            senders.send_email(destination.text, message.subject, message.text)
    except (BotoCoreError, ClientError) as error:
        raise Unavailable() from error


def prove(challenge_id: str, code: str, now: datetime) -> Proof:
    """Spend one try and check the code. A text that cannot be a code costs no try.

    Raises OtpInvalid for every mistake.
    """
    if not rules.is_code(code):
        raise OtpInvalid()
    challenge = with_fresh_reads(lambda: _spend_try(challenge_id, clock.to_ms(now)))
    if not seals.is_code(code, challenge_id, challenge.identity, challenge.code_hash):
        raise OtpInvalid()
    kind: rules.Kind = "phone" if challenge.kind == "phone" else "email"
    with naming(challenge):
        destination = seals.unseal(challenge.sealed, kind, challenge_id)
    return Proof(challenge_id, destination, challenge.identity)


def _spend_try(challenge_id: str, now_ms: int) -> ChallengeItem:
    if not ids.is_id("otp", challenge_id):
        raise OtpInvalid()
    key = ChallengeItem.key(challenge_id)
    challenge = queries.stored(key)
    if challenge is None:
        raise OtpInvalid()
    writes = WriteSet()
    writes.update(
        key,
        [ChallengeItem.tries.add(1)],
        condition=(ChallengeItem.tries < rules.CODE_TRIES) & (ChallengeItem.expires_at > now_ms),
        or_raise=OtpInvalid,
    )
    writes.commit()
    return challenge


def use_up(writes: WriteSet, proof: Proof) -> None:
    """Add the deletion of the challenge, so a proof is good for one commit."""
    key = ChallengeItem.key(proof.challenge_id)
    writes.delete(key, condition=ChallengeItem.pk.exists(), or_raise=OtpInvalid)
