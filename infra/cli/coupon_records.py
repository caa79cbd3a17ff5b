"""The kinds of record in the table of coupons, by key."""

from __future__ import annotations

from chalicelib.coupons.tables import coupons, jobs, templates, transfers
from chalicelib.kernel.store.tables import Item

KEPT_OF_COUPONS: tuple[tuple[str, str, str, type[Item]], ...] = (
    ("coupons", "TPL#", "", templates.TemplateItem),
    ("coupons", "COUNT#", "COUNT", templates.CountItem),
    ("coupons", "CPN#", "", coupons.CouponItem),
    ("coupons", "MBR#", "HAD#", coupons.HadItem),
    ("coupons", "JOB#", "JOB", jobs.JobItem),
    ("coupons", "JOB#", "PART#", jobs.PartItem),
    ("coupons", "BATCH#", "BATCH", jobs.BatchItem),
    ("coupons", "CODES#", "", jobs.CodeItem),
    ("coupons", "TRIES#", "TRIES", jobs.TriesItem),
    ("coupons", "TRF#", "TRF", transfers.TransferItem),
    ("coupons", "RSV#", "RSV", transfers.ReservationItem),
)  # fmt: skip
