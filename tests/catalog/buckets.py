"""Both buckets of pictures in memory, and pictures that members send into them."""

from __future__ import annotations

import pytest

from chalicelib.catalog.actions import buckets
from chalicelib.catalog.actions.uploads import check_upload
from tests.api import Api, new_key, token
from tests.catalog.drawing import picture


class Buckets:
    """Both buckets, in place of the calls of S3."""

    def __init__(self) -> None:
        self.sent: dict[str, bytes] = {}
        self.shown: dict[str, bytes] = {}

    @classmethod
    def instead_of_s3(cls, monkeypatch: pytest.MonkeyPatch) -> Buckets:
        made = cls()
        monkeypatch.setattr(buckets, "read_sent", made.sent.get)
        monkeypatch.setattr(buckets, "show", made.show)
        monkeypatch.setattr(buckets, "remove_sent", made.remove)
        return made

    def show(self, key: str, content: bytes, media: str) -> None:
        assert media == {"jpg": "image/jpeg", "png": "image/png"}[key.rpartition(".")[2]]
        self.shown[key] = content

    def remove(self, key: str) -> None:
        self.sent.pop(key, None)

    def begun(self, api: Api, member: str, content: bytes) -> str:
        """The path of a picture that a member is to send."""
        body = {"content_type": "image/png", "bytes": len(content)}
        form = api.post("/v1/me/uploads", body, as_=token(member), key=new_key())
        assert form.status == 201, form.body
        path: str = form.body["path"]
        return path

    def checked(self, api: Api, member: str, content: bytes | None = None) -> str:
        """The path of a picture that a member sent and that was looked at."""
        content = content or picture("PNG")
        path = self.begun(api, member, content)
        key = path.removeprefix("/pictures/")
        self.sent[key] = content
        check_upload(key)
        return path
