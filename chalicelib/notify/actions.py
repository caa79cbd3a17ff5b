"""Deliver a fact to its member once, and mark a notice as read."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import msgspec

from chalicelib import ledger
from chalicelib.catalog import StockCrossed
from chalicelib.kernel import clock, senders
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.observe import count
from chalicelib.kernel.outages import code_of, is_outage
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.writes import delete_each, put_or_find, update_alone
from chalicelib.ledger import TransferEscrowed
from chalicelib.members import (
    Destination,
    contact_of,
    member_with,
    merged_into,
    nickname_of,
    unseal_recipient,
)
from chalicelib.notify import queries
from chalicelib.notify.errors import BeingSentElsewhere, SmsDelayed, SmsNotSent
from chalicelib.notify.rules import (
    TEXTS_A_DAY,
    Invitation,
    Received,
    Welcome,
    goes_by_sms,
    invitation,
    letter,
    news_of,
    notice,
    stock_letter,
)
from chalicelib.notify.tables import (
    EMAIL_SENT,
    KEPT,
    SMS_DUE,
    SMS_NO_PHONE,
    SMS_SENT,
    SMS_TOO_MANY,
    GivenItem,
    InvitationItem,
    NoticeItem,
    NotifyItem,
    OpsLetterItem,
    TextCountItem,
    TextItem,
    notice_key,
    owner_key,
    welcome_of,
)

# Longer than a claim's holder can take: one look-up, one send without retries.
CLAIM = timedelta(seconds=20)


def deliver(fact: Fact[Any], now: datetime) -> None:
    """Put a fact into its member's inbox once, and send its text message or e-mail once.

    Facts arrive at least once, in any order, and to several processes at a time. The notice's key
    follows from the fact. A claim of CLAIM on the machine's clock (`now`) lets one process send.
    After a crash between the send and its record the claim lapses, and the next delivery sends
    again under the same message id. Providers with keys drop that one; SNS has no keys, so on AWS
    such a crash can cost a second text.

    Raises BeingSentElsewhere, SmsNotSent, msgspec.ValidationError.
    """
    if isinstance(fact.data, TransferEscrowed):
        _invite(fact, now)
        return
    news = news_of(fact.data)
    if news is None:
        return
    if isinstance(news, Welcome) and merged_into(news.member_id) is not None:
        return  # who they are now was welcomed
    giver = news.giver_id if isinstance(news, Received) else None
    if isinstance(news, Received):
        news = msgspec.structs.replace(news, giver=nickname_of(news.giver_id), source="")
    item = NoticeItem.of(fact, news)
    if giver:
        put_or_find(GivenItem.of(giver, item), GivenItem)
    if goes_by_sms(news):
        item.sms, item.sms_claimed_until = SMS_DUE, clock.to_ms(now + CLAIM)
    found = put_or_find(item, TextItem)
    if item.sms == SMS_DUE and (found is None or _claim(found, now)):
        _send(item)


def _invite(fact: Fact[TransferEscrowed], now: datetime) -> None:
    """Invite an unregistered receiver of a gift, once, by TEXTS_A_DAY texts a day at most.

    A receiver who has registered meanwhile gets a notice instead. Beyond the limit no text is sent.
    A crash between the record and the count leaves one text uncounted.
    """
    waiting = fact.data
    expires_at = datetime.fromisoformat(waiting.expires_at)
    if expires_at <= clock.now() or member_with(waiting.identity) is not None:
        return
    item = InvitationItem.of(waiting)
    item.sms, item.sms_claimed_until = SMS_DUE, clock.to_ms(now + CLAIM)
    found = put_or_find(item, TextItem)
    if found is None and not _count_text(waiting.identity):
        count("GiftTextsHeldBack")
        _record(item, SMS_TOO_MANY)
    elif found is None or _claim(found, now):
        to = unseal_recipient(b64decode(waiting.recipient), waiting.transfer_id)
        days = (expires_at - datetime.fromisoformat(fact.occurred_at)).days
        _send_invitation(item, to, invitation(waiting.points, days, to.kind, to.text))


def tell_ops(fact: Fact[StockCrossed], now: datetime) -> None:
    """Send ops a letter about a crossed mark of stock, once, if the stage has an address for it.

    It is claimed and sent as `deliver` does.

    Raises BeingSentElsewhere, SmsNotSent.
    """
    to = config().ops_email
    if not to:
        return
    item = OpsLetterItem.of(fact)
    item.sms, item.sms_claimed_until = SMS_DUE, clock.to_ms(now + CLAIM)
    found = put_or_find(item, TextItem)
    if found is None or _claim(found, now):
        said = stock_letter(fact.data)
        with _naming(item):
            senders.send_email(to, said.subject, said.text, message_id=item.id)
        _record(item, EMAIL_SENT)


def _count_text(identity: str) -> bool:
    """Count a text to an identity today; whether it is within the limit."""
    now = clock.now()
    item = TextCountItem.key(identity, clock.program_day(now))
    texts = TextCountItem.texts
    ttl = int((now + KEPT).timestamp())
    return update_alone(
        item,
        [texts.add(1), TextCountItem.ttl.set(ttl)],
        condition=texts.does_not_exist() | (texts < TEXTS_A_DAY),
    )


def _send_invitation(item: InvitationItem, to: Destination, said: Invitation) -> None:
    with _naming(item):
        if to.kind == "phone":
            senders.send_sms(to.text, said.text, message_id=item.id)
        else:
            senders.send_email(to.text, said.subject, said.text, message_id=item.id)
    _record(item, SMS_SENT)


def _claim(found: TextItem, now: datetime) -> bool:
    """Claim a text that an earlier delivery left, by its item as that stands; whether it is due.

    Raises BeingSentElsewhere, also if another delivery is faster: it claims the text, or sent it.
    """
    if found.sms != SMS_DUE:
        return False
    now_ms = clock.to_ms(now)
    is_free = found.sms_claimed_until is not None and found.sms_claimed_until <= now_ms
    # A sent text has no claim, so it can never be claimed again.
    lapsed = TextItem.sms_claimed_until <= now_ms
    claim = TextItem.sms_claimed_until.set(clock.to_ms(now + CLAIM))
    if not (is_free and update_alone(found, [claim], condition=lapsed)):
        raise BeingSentElsewhere(found.sk)
    return True


def _send(item: NoticeItem) -> None:
    """Send a claimed text by SMS, or by e-mail without a phone, and record the outcome."""
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
def _naming(item: NoticeItem | InvitationItem | OpsLetterItem) -> Iterator[None]:
    """Name the text in a failure of the provider, and nothing else.

    Raises SmsNotSent.
    """
    try:
        yield
    except Exception as error:
        # Providers quote the number in their messages, and those would be logged.
        refused = SmsDelayed if is_outage(error) else SmsNotSent
        raise refused(f"{item.id}: {code_of(error) or type(error).__name__}") from None


def _record(item: TextItem, state: str) -> None:
    update_alone(item, [TextItem.sms.set(state), TextItem.sms_claimed_until.remove()])


def mark_read(member_id: str, notice_id: str) -> NoticeItem:
    """Mark a member's notice as read; a read one is left as it is.

    Raises NotFound.
    """
    item = queries.find_notice(member_id, notice_id)
    if not item.read:
        read = NoticeItem.inbox.set(item.inbox_when_read)
        if not update_alone(item, [read], condition=NoticeItem.pk.exists()):
            raise NotFound()
        item.inbox = item.inbox_when_read
    return item


def join_of(member_id: str) -> None:
    """Take away the welcome of a member who was merged: who they are now was welcomed. All other
    notices are one list with theirs. Safe to repeat."""
    delete_each([NoticeItem(owner_key(member_id), notice_key(welcome_of(member_id)))])


def erase_of(member_id: str) -> None:
    """Delete a member's inbox, and take their name and words out of what others got from them.
    Safe to repeat."""
    delete_each(list(NotifyItem.query(owner_key(member_id), consistent_read=True)))
    for row in GivenItem.query(GivenItem.partition(member_id), consistent_read=True):
        _forget_giver(row)


def _forget_giver(row: GivenItem) -> None:
    found: NoticeItem | None = NoticeItem.find(*row.notice_key)
    news = found.news if found is not None else None
    if isinstance(news, Received):
        account_id = ledger.account_of(news.member_id, news.unit)
        ledger.forget_message(account_id, news.reference)
        nameless = msgspec.structs.replace(news, giver=None, note=None)
        key = NoticeItem(*row.notice_key)
        update_alone(key, [NoticeItem.news.set(nameless)], condition=NoticeItem.pk.exists())
    delete_each([row])
