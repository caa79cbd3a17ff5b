"""Jobs of ops: a file of codes, a list of members who get coupons."""

from __future__ import annotations

from typing import Literal

import msgspec

JobKind = Literal["coupon_codes", "coupon_grants"]
CODES: JobKind = "coupon_codes"
GRANTS: JobKind = "coupon_grants"
MEMBERS_A_PART = 500
MOST_MEMBERS = 10_000
# Granted at once, within the call.
AT_ONCE = 20
SHOWN_REFUSALS = 100


class CouponJob(msgspec.Struct, frozen=True, kw_only=True):
    """A job. `size` is how many codes or members it has, `done` of how many members all is over:
    `given` got a coupon, `refused` may have none: the first of these with the codes of their
    `refusals`. `number` is that of a batch of codes, whose file
    is under `file` since `finished_ms`.
    """

    id: str
    job_kind: JobKind
    template_id: str
    size: int
    created_at_ms: int
    made_by: str
    content: bytes
    version: int = 1
    done: int = 0
    given: int = 0
    refused: int = 0
    refusals: tuple[tuple[str, str], ...] = ()
    number: int | None = None
    file: str | None = None
    finished_ms: int | None = None
