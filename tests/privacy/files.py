"""A private bucket in memory, and the ZIP files in it."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any


class Files:
    """As S3's client is called for exports."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def upload_file(self, path: str, bucket: str, key: str, **_: Any) -> None:
        assert bucket == "exports"
        self.kept[key] = Path(path).read_bytes()

    def delete_object(self, *, Bucket: str, Key: str) -> None:  # noqa: N803 - S3's names
        assert Bucket == "exports"
        self.kept.pop(Key, None)

    def generate_presigned_url(self, _: str, *, Params: Any, ExpiresIn: int) -> str:  # noqa: N803
        return f"https://exports.example.com/{Params['Key']}?expires={ExpiresIn}"


def opened(content: bytes) -> dict[str, Any]:
    """The parts of an export, by name."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {
            name.removesuffix(".json"): json.loads(archive.read(name))
            for name in archive.namelist()
        }
