"""Pictures that are sent straight to S3: by ops for goods, by members for what they say of them."""

from __future__ import annotations

from functools import partial

import msgspec
from chalice.app import Blueprint

from chalicelib.catalog.actions import buckets, uploads
from chalicelib.catalog.errors import TooManyUploads
from chalicelib.catalog.queries.uploads import get_upload
from chalicelib.catalog.routes import examples
from chalicelib.catalog.routes.admin import READERS, WRITERS
from chalicelib.catalog.rules.uploads import (
    SENT_WITHIN_S,
    Reason,
    Status,
    Upload,
    UploadIn,
    thumbnail_of,
)
from chalicelib.kernel import clock
from chalicelib.kernel.clock import rfc3339_ms
from chalicelib.kernel.web.auth import MEMBER
from chalicelib.kernel.web.http import Reply, replayable, route
from chalicelib.kernel.web.requests import Call

sending = Blueprint(__name__)


class UploadForm(msgspec.Struct):
    """A form for a picture: POST `fields`, and the picture as `file` after them, to `url` until
    `expires_at`. It is checked within seconds, and shown at `path` if it is what was told."""

    id: str
    url: str
    fields: dict[str, str]
    path: str
    expires_at: str


class UploadView(msgspec.Struct):
    """What became of a picture: `ready` to be shown at `path`, or `refused` for a `reason`."""

    id: str
    status: Status
    reason: Reason | None
    path: str
    thumbnail: str
    width: int | None
    height: int | None


_begin = partial(
    route,
    sending,
    "POST",
    body=UploadIn,
    answer=UploadForm,
    status=201,
    key=True,
    example={"request": examples.UPLOAD_REQUEST, "answer": examples.UPLOAD_FORM},
)
_show = partial(route, sending, "GET", answer=UploadView, example={"answer": examples.UPLOAD})


@_begin(
    path="/v1/admin/uploads",
    summary="Begin to send a picture of goods",
    roles=WRITERS,
)
def begin_upload(call: Call) -> Reply:
    return _begun(call, counted=False)


@_show(
    path="/v1/admin/uploads/{id}",
    summary="Whether a picture was checked",
    roles=READERS,
)
def show_upload(call: Call) -> Reply:
    return Reply(_view(get_upload(call.path["id"])))


@_begin(
    path="/v1/me/uploads",
    summary="Begin to send a picture of mine, such as of a review",
    roles=[MEMBER],
    by_token=True,
    may_raise=[TooManyUploads],
)
def begin_my_upload(call: Call) -> Reply:
    return _begun(call, counted=True)


@_show(
    path="/v1/me/uploads/{id}",
    summary="Whether a picture of mine was checked",
    roles=[MEMBER],
)
def show_my_upload(call: Call) -> Reply:
    return Reply(_view(get_upload(call.path["id"], call.member_id)))


def _begun(call: Call, *, counted: bool) -> Reply:
    upload, replayed = uploads.begin_upload(
        call.body,
        call.derived_id("upl"),
        call.member_id,
        call.content_digest,
        call.now,
        counted=counted,
    )
    form = buckets.form_for(upload)
    # S3 reads the machine's clock, so the form is good from now on.
    until = rfc3339_ms(clock.to_ms(clock.machine_now()) + SENT_WITHIN_S * 1000)
    view = UploadForm(upload.id, form.url, form.fields, upload.path, until)
    return replayable(view, replayed=replayed)


def _view(upload: Upload) -> UploadView:
    return UploadView(
        id=upload.id,
        status=upload.status,
        reason=upload.reason,
        path=upload.path,
        thumbnail=thumbnail_of(upload.path),
        width=upload.width,
        height=upload.height,
    )
