"""What an erased member leaves in the catalog: favourites and sent pictures go."""

from __future__ import annotations

from chalicelib.catalog.actions import buckets
from chalicelib.catalog.rules.uploads import small_key, upload_in
from chalicelib.catalog.tables.favourites import FavouriteItem
from chalicelib.catalog.tables.uploads import UploadCountItem, UploadItem
from chalicelib.kernel.store.writes import delete_each


def erase_of(member_id: str) -> None:
    """Delete a member's favourites, and the pictures that they sent. Safe to repeat."""
    kept = FavouriteItem.query(FavouriteItem.partition(member_id), consistent_read=True)
    delete_each(list(kept))
    partition = UploadCountItem.key(member_id, "").pk
    for day in UploadCountItem.query(partition, consistent_read=True):
        for upload_id in sorted(day.uploads or ()):
            _remove(upload_id)
        delete_each([day])


def remove_pictures(paths: tuple[str, ...]) -> None:
    """Delete members' pictures by the paths that their reviews and returns name."""
    for path in paths:
        upload_id = upload_in(path)
        if upload_id is not None:
            _remove(upload_id)


def _remove(upload_id: str) -> None:
    item = UploadItem.read(upload_id)
    if item is None:
        return
    upload = item.value()
    buckets.remove_sent(upload.key)
    for key in (upload.key, small_key(upload.key)):
        buckets.hide(key)
    delete_each([item])
