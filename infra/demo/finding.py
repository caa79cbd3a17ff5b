"""Finds the stack that runs: on the data folder, wherever it listens, or else on the port."""

from __future__ import annotations

import contextlib
import json
import urllib.request

from infra.local.settings import HOST, Settings


def running(settings: Settings) -> str | None:
    """The address of the running stack, or None."""
    urls = [f"http://{HOST}:{settings.port}"]
    with contextlib.suppress(FileNotFoundError):
        urls.insert(0, json.loads((settings.home / "stack.json").read_text())["url"])
    return next((url for url in urls if _runs(url)), None)


def _runs(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_local/info", timeout=5):
            return True
    except OSError:
        return False
