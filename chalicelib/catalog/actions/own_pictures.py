"""Pictures that members give to their reviews, returns and profile, each to one."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.catalog.queries.uploads import find_uploads
from chalicelib.catalog.rules.uploads import (
    twice_named,
    upload_in,
    used_picture,
    wrong_own_picture,
)
from chalicelib.catalog.tables.uploads import UploadItem
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.store.writes import WriteSet


def use_pictures(
    writes: WriteSet, paths: Sequence[str], made_by: str, used_for: str, field: str = "pictures"
) -> None:
    """Add to a transaction: a member gives checked pictures of theirs to a review or a return.
    Each is given once, also when two requests name it at once.

    Raises Invalid; the commit raises Invalid, too.
    """
    if paths:
        _use(writes, [(f"{field}[{at}]", path) for at, path in enumerate(paths)], made_by, used_for)


def use_picture(writes: WriteSet, path: str, made_by: str, used_for: str, field: str) -> None:
    """Add to a transaction: a member gives one checked picture of theirs, as a field has it.

    Raises Invalid; the commit raises Invalid, too.
    """
    _use(writes, [(field, path)], made_by, used_for)


def _use(
    writes: WriteSet, pictures: Sequence[tuple[str, str]], made_by: str, used_for: str
) -> None:
    named = [(where, path, upload_in(path)) for where, path in pictures]
    found = find_uploads([of for _, _, of in named if of is not None], made_by)
    wrong = [wrong_own_picture(where, path, found.get(of or "")) for where, path, of in named]
    seen: set[str] = set()
    for at, (where, path) in enumerate(pictures):
        if path in seen and wrong[at] is None:
            wrong[at] = twice_named(where)
        seen.add(path)
    if errors := [error for error in wrong if error is not None]:
        raise Invalid(*errors)
    for where, _, of in named:
        assert of is not None, "a picture without an upload is wrong"
        writes.update(
            UploadItem.key(of),
            [UploadItem.used_for.set(used_for)],
            condition=UploadItem.used_for.does_not_exist(),
            or_raise=Invalid(used_picture(where)),
        )
