"""Writes of uploads: begun by who sends a picture, ended by who looks at it."""

from __future__ import annotations

from datetime import datetime

from chalicelib.catalog.actions import buckets
from chalicelib.catalog.errors import TooManyUploads
from chalicelib.catalog.rules.pictures import NotAPicture, Shown, shown
from chalicelib.catalog.rules.uploads import Reason, Upload, UploadIn, small_key
from chalicelib.catalog.tables.uploads import UploadCountItem, UploadItem
from chalicelib.kernel import clock
from chalicelib.kernel.config import config
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused
from chalicelib.kernel.observe import count
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal, unmoved, update_alone


def begin_upload(
    asked: UploadIn, upload_id: str, made_by: str, content: bytes, now: datetime, *, counted: bool
) -> tuple[Upload, bool]:
    """Record a picture that is to be sent: (upload, replayed). Those of members are `counted`.

    Raises TooManyUploads, IdempotencyKeyReused.
    """
    upload = Upload(
        id=upload_id,
        media=asked.content_type,
        size=asked.bytes,
        made_by=made_by,
        created_at_ms=clock.to_ms(now),
    )

    def write() -> Upload:
        writes = WriteSet()
        writes.put_new(UploadItem.of(upload, content), or_raise=IdempotencyKeyReused)
        if counted:
            _count(writes, made_by, upload_id, now)
        writes.commit()
        return upload

    def find() -> Upload | None:
        item = replay_of(UploadItem.read(upload_id), content)
        return item.value() if item else None

    return replay_outranks_refusal(write, find)


def check_upload(key: str) -> str:
    """Look at what was sent under a key of the bucket: show it with its thumbnail, or refuse it.
    Either way the sent file is deleted. Safe to repeat; the outcome in a word.
    """
    upload_id = key.partition(".")[0]
    item = UploadItem.read(upload_id)
    upload = item.value() if item is not None else None
    if upload is None or upload.status != "waiting" or upload.key != key:
        buckets.remove_sent(key)
        return "unasked"
    content = buckets.read_sent(key)
    if content is None:
        return "gone"
    found = _looked_at(content, upload)
    if isinstance(found, Shown):
        buckets.show(upload.key, found.full, upload.media)
        buckets.show(small_key(upload.key), found.small, upload.media)
    _end(upload, found)
    buckets.remove_sent(key)
    outcome = "ready" if isinstance(found, Shown) else found
    count("PictureChecked", outcome=outcome)
    return outcome


def _looked_at(content: bytes, upload: Upload) -> Shown | Reason:
    if len(content) != upload.size:
        return "other_size"
    try:
        return shown(content, upload.media)
    except NotAPicture as refused:
        return refused.reason


def _end(upload: Upload, found: Shown | Reason) -> None:
    """Record the outcome, once: a form may be sent twice, and its file looked at twice at once."""
    if isinstance(found, Shown):
        actions = [
            UploadItem.status.set("ready"),
            UploadItem.width.set(found.width),
            UploadItem.height.set(found.height),
        ]
    else:
        actions = [UploadItem.status.set("refused"), UploadItem.reason.set(found)]
    waits = UploadItem.pk.exists() & UploadItem.status.does_not_exist()
    update_alone(UploadItem.key(upload.id), actions, condition=waits)


def _count(writes: WriteSet, member_id: str, upload_id: str, now: datetime) -> None:
    """Add to a transaction: one more of a member's uploads of the day.

    Raises TooManyUploads.
    """
    today = clock.program_day(now)
    day = today.isoformat()
    begun = UploadCountItem.seen(member_id, day)
    if begun >= config().catalog.member_uploads_a_day:
        wait = clock.end_of(today) - now
        raise TooManyUploads(retry_after_s=max(1, int(wait.total_seconds())))
    writes.update(
        UploadCountItem.key(member_id, day),
        [UploadCountItem.begun.set(begun + 1), UploadCountItem.uploads.add({upload_id})],
        condition=unmoved(UploadCountItem.begun, begun),
    )
