"""Reads of a member's notices."""

from __future__ import annotations

from base64 import b64decode
from functools import partial
from typing import Any

import msgspec

from chalicelib import members
from chalicelib.kernel import crypto
from chalicelib.kernel.errors import or_not_found
from chalicelib.kernel.store.joined import joined
from chalicelib.kernel.store.tables import naming
from chalicelib.notify.rules import News, Received
from chalicelib.notify.tables import INBOX, NoticeItem, notice_key, owner_key


def inbox(member_id: str, **paging: Any) -> Any:
    """A member's notices under all their ids, unread first, newest first."""
    query = partial(NoticeItem.query, index_name=INBOX, scan_index_forward=False)
    owners = [owner_key(each) for each in members.ids_of(member_id)]
    listed = joined(owners, query, ("pk", "sk", "inbox"), partition="pk", place="inbox")
    return listed(**paging)


def find_notice(member_id: str, notice_id: str) -> NoticeItem:
    """The member's notice, read consistently.

    Raises NotFound, also for another member's notice.
    """
    found: NoticeItem | None = NoticeItem.find(owner_key(member_id), notice_key(notice_id))
    for earlier in members.ids_of(member_id)[1:] if found is None else ():
        found = found or NoticeItem.find(owner_key(earlier), notice_key(notice_id))
    return or_not_found(found)


def opened(item: NoticeItem) -> News:
    """A notice's news with the giver's message decrypted, if there is one.

    Raises Unreadable.
    """
    news = item.news
    if not isinstance(news, Received) or news.note is None:
        return news
    with naming(item):
        message = crypto.decrypt(b64decode(news.note), news.reference).decode()
    return msgspec.structs.replace(news, message=message)
