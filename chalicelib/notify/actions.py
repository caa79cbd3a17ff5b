"""Deliver a fact to its member once, and mark a notice as read."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec

from chalicelib.kernel import clock, senders
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.observe import count
from chalicelib.kernel.outages import code_of, is_outage
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.writes import was_written
from chalicelib.ledger import TransferEscrowed
from chalicelib.members import (
    Destination,
    contact_of,
    member_with,
    nickname_of,
    unseal_recipient,
)
from chalicelib.notify import queries
from chalicelib.notify.errors import BeingSentElsewhere, SmsDelayed, SmsNotSent
from chalicelib.notify.rules import (
    TEXTS_A_DAY,
    Invitation,
    Received,
    goes_by_sms,
    invitation,
    letter,
    news_of,
    notice,
)
from chalicelib.notify.tables import (
    EMAIL_SENT,
    KEPT,
    SMS_DUE,
    SMS_NO_PHONE,
    SMS_SENT,
    SMS_TOO_MANY,
    InvitationItem,
    NoticeItem,
    TextCountItem,
    TextItem,
)

# Longer than a claim's holder can take: one look-up, one send without retries.
CLAIM = timedelta(seconds=20)


def deliver(fact: Fact[Any], now: datetime) -> None:
    """Put a fact into its member's inbox once, and send its text, if it has one, once: by SMS, or
    by e-mail where there is no phone.

    Facts come at least once, in any order, also to several processes at a time: the notice's
    key follows from the fact, and a claim of CLAIM on the machine's clock (`now`) lets only one
    of them send. A crash after the send and before its record leaves the claim to lapse, and the
    next delivery sends again under the same message id, which providers with keys drop; SNS
    itself keeps none, so on AWS such a crash can cost a second text, and never none.

    Raises BeingSentElsewhere, SmsNotSent, msgspec.ValidationError.
    """
    if isinstance(fact.data, TransferEscrowed):
        _invite(fact, now)
        return
    news = news_of(fact.data)
    if news is None:
        return
    if isinstance(news, Received):
        news = msgspec.structs.replace(news, giver=nickname_of(news.giver_id), source="")
    item = NoticeItem.of(fact, news)
    if goes_by_sms(news):
        item.sms, item.sms_claimed_until = SMS_DUE, clock.to_ms(now + CLAIM)
    is_new = was_written(lambda: item.save(condition=NoticeItem.pk.does_not_exist()))
    if item.sms == SMS_DUE and (is_new or _claim(item, now)):
        _send(item)


def _invite(fact: Fact[TransferEscrowed], now: datetime) -> None:
    """Tell somebody who has not registered of a gift, once, and of TEXTS_A_DAY a day at most.

    Who has registered by now hears of it in their inbox. Beyond the limit gifts wait in silence;
    a crash between the record and the count leaves one text uncounted.
    """
    waiting = fact.data
    expires_at = datetime.fromisoformat(waiting.expires_at)
    if expires_at <= clock.now() or member_with(waiting.identity) is not None:
        return
    item = InvitationItem.of(waiting)
    item.sms, item.sms_claimed_until = SMS_DUE, clock.to_ms(now + CLAIM)
    is_new = was_written(lambda: item.save(condition=InvitationItem.pk.does_not_exist()))
    if is_new and not _count_text(waiting.identity):
        count("GiftTextsHeldBack")
        _record(item, SMS_TOO_MANY)
    elif is_new or _claim(item, now):
        to = unseal_recipient(b64decode(waiting.recipient), waiting.transfer_id)
        days = (expires_at - datetime.fromisoformat(fact.occurred_at)).days
        _send_invitation(item, to, invitation(waiting.points, days, to.kind, to.text))


def _count_text(identity: str) -> bool:
    """Count a text of today to somebody; whether it is not one too many."""
    now = clock.now()
    item = TextCountItem.key(identity, clock.program_day(now))
    texts = TextCountItem.texts
    ttl = int((now + KEPT).timestamp())
    return was_written(
        lambda: item.update(
            [texts.add(1), TextCountItem.ttl.set(ttl)],
            condition=texts.does_not_exist() | (texts < TEXTS_A_DAY),
        )
    )


def _send_invitation(item: InvitationItem, to: Destination, said: Invitation) -> None:
    with _naming(item):
        if to.kind == "phone":
            senders.send_sms(to.text, said.text, message_id=item.id)
        else:
            senders.send_email(to.text, said.subject, said.text, message_id=item.id)
    _record(item, SMS_SENT)


def _claim(item: NoticeItem | InvitationItem, now: datetime) -> bool:
    """Whether the text of a notice that exists already is now ours to send.

    Raises BeingSentElsewhere.
    """
    # A text that was sent holds no claim, so it can never be claimed again.
    lapsed = TextItem.sms_claimed_until <= clock.to_ms(now)
    claim = TextItem.sms_claimed_until.set(clock.to_ms(now + CLAIM))
    if was_written(lambda: item.update([claim], condition=lapsed)):
        return True
    if type(item).find(item.pk, item.sk).sms == SMS_DUE:
        raise BeingSentElsewhere(item.id)
    return False


def _send(item: NoticeItem) -> None:
    """Send the text that we hold the claim on, and record how it went: by SMS, or by e-mail to a
    member who has no phone."""
    contact = contact_of(item.news.member_id)
    text = notice(item.news, contact.language).sms
    state = SMS_NO_PHONE
    with _naming(item):
        if contact.phone:
            if text:
                senders.send_sms(contact.phone, text, message_id=item.id)
            state = SMS_SENT
        elif contact.email:
            said = letter(item.news, contact.language)
            senders.send_email(contact.email, said.subject, said.text, message_id=item.id)
            state = EMAIL_SENT
    _record(item, state)


@contextmanager
def _naming(item: NoticeItem | InvitationItem) -> Iterator[None]:
    """Let a failure of the provider say which text it was, and no more.

    Raises SmsNotSent.
    """
    try:
        yield
    except Exception as error:
        # Providers quote the number in what they say, and what they say would be logged.
        refused = SmsDelayed if is_outage(error) else SmsNotSent
        raise refused(f"{item.id}: {code_of(error) or type(error).__name__}") from None


def _record(item: TextItem, state: str) -> None:
    item.update([TextItem.sms.set(state), TextItem.sms_claimed_until.remove()])


def mark_read(member_id: str, notice_id: str) -> NoticeItem:
    """The member's notice, read from now on; one that was read already is left as it is.

    Raises NotFound.
    """
    item = queries.find_notice(member_id, notice_id)
    if not item.read:
        read = NoticeItem.inbox.set(item.inbox_when_read)
        if not was_written(lambda: item.update([read], condition=NoticeItem.pk.exists())):
            raise NotFound()
    return item
