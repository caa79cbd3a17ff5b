"""The facts of finance."""

from __future__ import annotations

from typing import ClassVar

from chalicelib.kernel.store.facts import FactData


class RebuildRequested(FactData, frozen=True):
    """A job must rebuild a settlement."""

    TYPE: ClassVar[str] = "settlement.rebuild"
    IS_INTERNAL: ClassVar[bool] = True

    job_id: str
