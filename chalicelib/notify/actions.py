"""Deliver a fact to its member once, and mark a notice as read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from pynamodb.exceptions import PutError, UpdateError

from chalicelib.kernel import clock, senders
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.facts import Fact
from chalicelib.kernel.outages import code_of
from chalicelib.members import contact_of
from chalicelib.notify import queries
from chalicelib.notify.errors import BeingSentElsewhere, SmsNotSent
from chalicelib.notify.rules import goes_by_sms, news_of, notice
from chalicelib.notify.tables import (
    READ,
    SMS_DUE,
    SMS_NO_PHONE,
    SMS_SENT,
    NoticeItem,
    inbox_key,
)

# Longer than a claim's holder can take: one look-up, one send without retries.
CLAIM = timedelta(seconds=20)


def deliver(fact: Fact, now: datetime) -> None:
    """Put a fact into its member's inbox once, and send its text message, if it has one, once.

    Facts come at least once, in any order, also to several processes at a time: the notice's
    key follows from the fact, and a claim of CLAIM on the machine's clock (`now`) lets only one
    of them send. A crash after the send and before its record leaves the claim to lapse, and the
    next delivery sends again under the same message id, which providers with keys drop; SNS
    itself keeps none, so on AWS such a crash can cost a second text, and never none.

    Raises BeingSentElsewhere, SmsNotSent, msgspec.ValidationError.
    """
    news = news_of(fact.type, fact.data)
    if news is None:
        return
    item = NoticeItem.of(fact, news)
    if goes_by_sms(news):
        item.sms, item.sms_claimed_until = SMS_DUE, clock.to_ms(now + CLAIM)
    is_new = _was_written(lambda: item.save(condition=NoticeItem.pk.does_not_exist()))
    if item.sms == SMS_DUE and (is_new or _claim(item, now)):
        _send(item)


def _claim(item: NoticeItem, now: datetime) -> bool:
    """Whether the text of a notice that exists already is now ours to send.

    Raises BeingSentElsewhere.
    """
    # A text that was sent holds no claim, so it can never be claimed again.
    lapsed = NoticeItem.sms_claimed_until <= clock.to_ms(now)
    claim = NoticeItem.sms_claimed_until.set(clock.to_ms(now + CLAIM))
    if _was_written(lambda: item.update([claim], condition=lapsed)):
        return True
    if NoticeItem.find(item.pk, item.sk).sms == SMS_DUE:
        raise BeingSentElsewhere(item.id)
    return False


def _send(item: NoticeItem) -> None:
    """Send the text that we hold the claim on, and record how it went."""
    contact = contact_of(item.news.member_id)
    text = notice(item.news, contact.language).sms
    if contact.phone and text:
        try:
            senders.send_sms(contact.phone, text, message_id=item.id)
        except Exception as error:
            # Providers quote the number in what they say, and what they say would be logged.
            raise SmsNotSent(f"{item.id}: {code_of(error) or type(error).__name__}") from None
    state = SMS_SENT if contact.phone else SMS_NO_PHONE
    item.update([NoticeItem.sms.set(state), NoticeItem.sms_claimed_until.remove()])


def mark_read(member_id: str, notice_id: str) -> NoticeItem:
    """The member's notice, read from now on; one that was read already is left as it is.

    Raises NotFound.
    """
    item = queries.find_notice(member_id, notice_id)
    if not item.read:
        read = NoticeItem.inbox.set(inbox_key(READ, item.created_ms, item.id))
        if not _was_written(lambda: item.update([read], condition=NoticeItem.pk.exists())):
            raise NotFound()
    return item


def _was_written(write: Callable[[], object]) -> bool:
    """Whether a conditional write's condition held; any other failure is raised as it is."""
    try:
        write()
    except (PutError, UpdateError) as error:
        if code_of(error) == "ConditionalCheckFailedException":
            return False
        raise
    return True
