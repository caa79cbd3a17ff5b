"""The stored items and the messages of each release."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

RELEASES = sorted(path.parent for path in Path(__file__).parent.glob("*/items.jsonl"))


Kept = list[tuple[str, dict[str, Any]]]


def kept(release: Path) -> Kept:
    lines = (release / "items.jsonl").read_text("utf-8").splitlines()
    return [(line["table"], line["item"]) for line in map(json.loads, lines)]


def everything() -> Kept:
    return [each for release in RELEASES for each in kept(release)]


def messages(release: Path) -> list[str]:
    return (release / "messages.jsonl").read_text("utf-8").splitlines()
