"""Reads of uploads, and of whether their pictures may be shown."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.catalog.rules.uploads import Upload, upload_in, wrong_picture
from chalicelib.catalog.tables.uploads import UploadItem
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.ids import is_id


def get_upload(upload_id: str, made_by: str | None = None) -> Upload:
    """An upload, of one member if that is named.

    Raises NotFound.
    """
    item = UploadItem.read(upload_id) if is_id("upl", upload_id) else None
    if item is None or made_by not in (None, item.made_by):
        raise NotFound()
    return item.value()


def find_uploads(upload_ids: Iterable[str], made_by: str | None = None) -> dict[str, Upload]:
    """Uploads by id, consistently: of one member if that is named."""
    keys = [UploadItem.key_of(of) for of in sorted(set(upload_ids))]
    items = UploadItem.batch_get(keys, consistent_read=True) if keys else ()
    found = [item.value() for item in items if made_by in (None, item.made_by)]
    return {each.id: each for each in found}


def check_pictures(given: Iterable[tuple[str, str]]) -> None:
    """Check that pictures may be shown: (the field that names it, its address). Those that were
    sent to us are ready. One read for all of them.

    A ready picture stays ready, so no write has to guard it.

    Raises Invalid.
    """
    named = [(field, path, of) for field, path in given if (of := upload_in(path))]
    if not named:
        return
    found = find_uploads([of for _, _, of in named])
    wrong = [wrong_picture(field, path, found.get(of)) for field, path, of in named]
    if errors := [error for error in wrong if error is not None]:
        raise Invalid(*errors)
