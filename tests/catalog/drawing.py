"""Small pictures for tests, and files that only look like pictures."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image


def picture(kind: str = "JPEG", size: tuple[int, int] = (60, 40), **saved: Any) -> bytes:
    """A red picture with a blue left half."""
    drawn = Image.new("RGB", size, (200, 30, 30))
    drawn.paste((30, 30, 200), (0, 0, size[0] // 2, size[1]))
    made = io.BytesIO()
    drawn.save(made, kind, **saved)
    return made.getvalue()


def opened(content: bytes) -> Any:
    return Image.open(io.BytesIO(content))
