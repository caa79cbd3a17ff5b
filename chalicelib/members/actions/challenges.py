"""Login codes: sent to a destination, tried at most five times, used once."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.kernel import captcha, clock, ids, senders
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.store.tables import naming
from chalicelib.kernel.store.writes import WriteSet, with_fresh_reads
from chalicelib.members import queries, rules
from chalicelib.members.actions import limits
from chalicelib.members.actions.limits import Asked
from chalicelib.members.errors import OtpInvalid
from chalicelib.members.rules import Destination
from chalicelib.members.tables import seals
from chalicelib.members.tables.items import ChallengeItem

DAY_S = 86_400


class Challenge(NamedTuple):
    """A code is on its way; `expires_at` in epoch ms."""

    id: str
    expires_at: int


class Proof(NamedTuple):
    """Proof that the caller holds the destination. Good for one use."""

    challenge_id: str
    destination: Destination
    identity: str


def request_code(asked: Asked, now: datetime) -> Challenge:
    """Record a challenge and send its code, whether or not a member has the destination.

    Nothing here asks who has it: reads, writes and the answer are the same for everybody.

    Raises TooMany with retry_after_s, CaptchaRequired, DestinationNotServed, Unavailable if it
    could not be sent.
    """
    now_ms = clock.to_ms(now)
    challenge_id, code = ids.new_id("otp"), seals.new_code()
    item = _challenge_item(challenge_id, asked.destination, code, now_ms)
    passed = cache(lambda: _is_passed(asked))

    def write() -> limits.Seen:
        seen = limits.check(asked, now_ms, passed)
        writes = WriteSet()
        writes.put_new(item, or_raise=Unavailable)
        limits.add_sent(writes, seen, challenge_id, now_ms)
        writes.commit()
        return seen

    try:
        limits.count_shared(asked, with_fresh_reads(write), now_ms)
    except limits.Refused as refused:
        limits.count_refusal(refused.reason, now_ms)
        raise refused.error from refused
    _send(asked.destination, rules.code_message(code, asked.language))
    return Challenge(challenge_id, item.expires_at)


def _is_passed(asked: Asked) -> bool:
    token = asked.captcha_token
    return token is not None and captcha.is_passed(token, asked.source_ip)


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
