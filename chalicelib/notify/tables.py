"""The notify table: one item for each notice, under its member.

    pk MBR#<member id>     sk NTC#<notice id>  inbox <1 unread, 0 read>#<ms>#<place>#<notice id>
    pk GVN#<giver>         sk <receiver>#<notice id>: that a notice names its giver
    pk GFT#<transfer id>   sk INVITATION: the invitation of an unregistered receiver of a gift
    pk TXT#<identity>      sk <day>: the number of such texts on that day
    pk OPS#<fact id>       sk LETTER: a letter to ops about a fact

Read downwards, the inbox index gives unread notices first, newest first: by the ms of the event,
then by its place among the facts of that ms. Earlier releases wrote no place. The key of a notice
depends on its fact alone, so that an earlier release's fact is still one notice.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from pynamodb.attributes import UnicodeAttribute

from chalicelib.kernel import clock, ids
from chalicelib.kernel.config import config
from chalicelib.kernel.store.attributes import IntegerAttribute, StructAttribute
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.indexes import index
from chalicelib.kernel.store.tables import Item
from chalicelib.ledger import TransferEscrowed
from chalicelib.members import MemberRegistered
from chalicelib.notify.rules import News, place_of

INBOX = "inbox"
UNREAD, READ = "1", "0"
SMS_DUE = "due"
SMS_SENT = "sent"
SMS_NO_PHONE = "no_phone"
# Without a phone the same text goes out as an e-mail.
EMAIL_SENT = "emailed"
SMS_TOO_MANY = "too_many"
# So long is an invitation remembered after its gift expires, and a letter to ops after its fact.
KEPT = timedelta(days=30)


class NotifyItem(Item):
    """The keys that all items of the table share."""

    class Meta:
        table_name = config().table("notify")

    # A member's notices, unread above read, newest above oldest.
    by_inbox = index(INBOX, "pk", "inbox")


class TextItem(NotifyItem):
    """Something that a text message or a letter goes out for.

    `sms` is its state, absent without a text; `sms_claimed_until` is the end of a claim, in ms.
    """

    sms = UnicodeAttribute(null=True)
    sms_claimed_until = IntegerAttribute(null=True)


class NoticeItem(TextItem):
    """A notice: its facts without words, since those follow the reader's language."""

    inbox = UnicodeAttribute()
    type = UnicodeAttribute()
    news = StructAttribute[News](News)
    created_ms = IntegerAttribute()

    @classmethod
    def of(cls, fact: Fact[Any], news: News) -> NoticeItem:
        """The unread notice of a fact; the same fact always has the same keys."""
        notice_id = ids.derived_id("ntc", fact.id)
        created_ms = clock.to_ms(datetime.fromisoformat(fact.occurred_at))
        return cls(
            owner_key(news.member_id),
            notice_key(notice_id),
            inbox=inbox_key(UNREAD, created_ms, place_of(fact.data), notice_id),
            type=fact.type,
            news=news,
            created_ms=created_ms,
        )

    @property
    def id(self) -> str:
        return self.sk.removeprefix("NTC#")

    @property
    def read(self) -> bool:
        return self.inbox.startswith(READ)

    @property
    def inbox_when_read(self) -> str:
        return READ + self.inbox.removeprefix(UNREAD)


class GivenItem(NotifyItem):
    """That a member's notice names another as the giver: an erasure of the giver finds it here."""

    @staticmethod
    def partition(giver: str) -> str:
        return f"GVN#{giver}"

    @classmethod
    def of(cls, giver: str, notice: NoticeItem) -> GivenItem:
        receiver = notice.pk.removeprefix("MBR#")
        return cls(cls.partition(giver), f"{receiver}#{notice.id}")

    @property
    def notice_key(self) -> tuple[str, str]:
        receiver, _, notice_id = self.sk.partition("#")
        return owner_key(receiver), notice_key(notice_id)


class InvitationItem(TextItem):
    """An invitation of an unregistered receiver of a gift; `ttl` only cleans."""

    ttl = IntegerAttribute()

    @classmethod
    def of(cls, waiting: TransferEscrowed) -> InvitationItem:
        expires_at = datetime.fromisoformat(waiting.expires_at)
        ttl = int((expires_at + KEPT).timestamp())
        return cls(f"GFT#{waiting.transfer_id}", "INVITATION", ttl=ttl)

    @property
    def id(self) -> str:
        return self.pk.removeprefix("GFT#")


class OpsLetterItem(TextItem):
    """A letter to ops; `ttl` only cleans."""

    ttl = IntegerAttribute()

    @classmethod
    def of(cls, fact: Fact[Any]) -> OpsLetterItem:
        told_at = datetime.fromisoformat(fact.occurred_at)
        return cls(f"OPS#{fact.id}", "LETTER", ttl=int((told_at + KEPT).timestamp()))

    @property
    def id(self) -> str:
        return ids.derived_id("ntc", self.pk)


class TextCountItem(NotifyItem):
    """How many texts somebody who has not registered was sent on a day; `ttl` only cleans."""

    texts = IntegerAttribute()
    ttl = IntegerAttribute()

    @classmethod
    def key(cls, identity: str, day: date) -> TextCountItem:
        return cls(f"TXT#{identity}", day.isoformat())


def owner_key(member_id: str) -> str:
    return f"MBR#{member_id}"


def notice_key(notice_id: str) -> str:
    return f"NTC#{notice_id}"


def welcome_of(member_id: str) -> str:
    """The id of the notice that welcomed a member."""
    return ids.derived_id("ntc", f"{MemberRegistered.TYPE}:{member_id}")


def inbox_key(state: str, created_ms: int, place: str, notice_id: str) -> str:
    return f"{state}#{created_ms:015d}#{place}#{notice_id}"
