"""Reads of rebuilds."""

from __future__ import annotations

from chalicelib.finance.rules.rebuilds import Rebuild
from chalicelib.finance.tables.rebuilds import REBUILD, RebuildItem, rebuild_key


def find_rebuild(job_id: str) -> Rebuild | None:
    return RebuildItem.find_value(rebuild_key(job_id), REBUILD)
