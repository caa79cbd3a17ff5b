"""An export: asked for, made by a schedule in a private bucket, fetched by a link that expires."""

from __future__ import annotations

import secrets
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec

from chalicelib import (
    campaigns,
    catalog,
    coupons,
    earning,
    finance,
    ledger,
    members,
    notify,
    orders,
    risk,
    tiers,
    withdrawals,
)
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.store.writes import WriteSet, delete_each, with_fresh_reads
from chalicelib.privacy import queries
from chalicelib.privacy.rules import LINK_S, Export
from chalicelib.privacy.tables import ExportItem, WaitingExportItem

_SCHEMA = "1"


def ask_export(member_id: str, language: str, now: datetime) -> Export:
    """The export of a member that is on its way or was made within a day; else one that is asked
    for now."""
    return with_fresh_reads(lambda: _ask(member_id, language, to_ms(now)))


def _ask(member_id: str, language: str, now_ms: int) -> Export:
    last = queries.find_export(member_id)
    if last is not None and last.is_good(now_ms):
        return last
    asked = Export(member_id, now_ms, language)
    writes = WriteSet()
    seen = ExportItem.asked_at == last.asked_ms if last else ExportItem.pk.does_not_exist()
    writes.put(ExportItem.of(asked), condition=seen)
    writes.put(WaitingExportItem.key(member_id))
    writes.commit()
    return asked


def make_export(member_id: str, now: datetime) -> bool:
    """Make the file of an export that waits; whether one was made. Safe to repeat: a second file
    has a name of its own, and the record names the last one."""
    asked = queries.find_export(member_id)
    is_gone = members.is_erased(member_id) or members.merged_into(member_id) is not None
    if asked is None or asked.ready_ms is not None or is_gone:
        delete_each([WaitingExportItem.key(member_id)])
        return False
    # Nobody guesses its name, and who could has no right to the bucket.
    key = f"exports/{secrets.token_hex(16)}.zip"
    with TemporaryDirectory() as folder:
        path = Path(folder) / "export.zip"
        _write(path, asked, now)
        size = path.stat().st_size
        _s3().upload_file(str(path), _bucket(), key, ExtraArgs={"ContentType": "application/zip"})
    made = msgspec.structs.replace(asked, key=key, size=size, ready_ms=to_ms(now))
    writes = WriteSet()
    unready = ExportItem.ready_at.does_not_exist() & (ExportItem.asked_at == asked.asked_ms)
    writes.put(ExportItem.of(made), condition=unready)
    writes.delete(WaitingExportItem.key(member_id))
    writes.commit()
    return True


def _write(path: Path, asked: Export, now: datetime) -> None:
    """Write a ZIP of one JSON list for each kind of data, row by row."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        about = {"schema": _SCHEMA, "member_id": asked.member_id, "made_at": rfc3339_ms(to_ms(now))}
        archive.writestr("about.json", msgspec.json.encode(about))
        for name, rows in _parts(asked, now).items():
            with archive.open(f"{name}.json", "w") as file:
                _write_list(file, rows)


def _parts(asked: Export, now: datetime) -> dict[str, Iterable[Any]]:
    member_id, language = asked.member_id, asked.language
    order_ids = (order.id for order in orders.all_orders_of(member_id))
    ids = members.ids_of(member_id)
    return {
        **members.export_of(member_id, to_ms(now)),
        **_of_each(ids, lambda each: ledger.export_of(each, now)),
        **_of_each(ids, catalog.export_of),
        **orders.export_of(member_id, language),
        **withdrawals.export_of(member_id, language),
        **_of_each(ids, lambda each: coupons.export_of(each, language)),
        **earning.export_of(member_id, language),
        **_of_each(ids, campaigns.export_of),
        **_of_each(ids, tiers.export_of),
        **_of_each(ids, lambda each: risk.export_of(each, language)),
        **finance.export_of(order_ids, language),
        **notify.export_of(member_id, language),
    }


def _of_each(
    ids: Iterable[str], read: Callable[[str], dict[str, Iterable[Any]]]
) -> dict[str, Iterable[Any]]:
    """What is kept under each id of a member, one after the other."""
    parts = [read(each) for each in ids]
    return {name: chain(*(part[name] for part in parts)) for name in parts[0]}


def _write_list(file: Any, rows: Iterable[Any]) -> None:
    file.write(b"[")
    for number, row in enumerate(rows):
        file.write(b",\n" if number else b"\n")
        file.write(msgspec.json.encode(row))
    file.write(b"\n]\n")


def link_to(export: Export) -> str:
    """A link to the file of an export, good for LINK_S seconds."""
    saved_as = f"jifen-{export.member_id}.zip"
    found: str = _s3().generate_presigned_url(
        "get_object",
        Params={
            "Bucket": _bucket(),
            "Key": export.key,
            "ResponseContentDisposition": f'attachment; filename="{saved_as}"',
        },
        ExpiresIn=LINK_S,
    )
    return found


def remove_export(member_id: str) -> None:
    """Delete a member's export and its file. Safe to repeat."""
    last = queries.find_export(member_id)
    if last is not None and last.key is not None:
        _s3().delete_object(Bucket=_bucket(), Key=last.key)
    delete_each([ExportItem.key(member_id), WaitingExportItem.key(member_id)])


def _bucket() -> str:
    return config().privacy.required("exports_bucket")


@cache
def _s3() -> Any:
    """The S3 client of this process: a call takes 15 seconds at most."""
    import boto3
    from botocore.config import Config

    # Links are signed for the bucket's region, as all but the oldest regions require.
    return boto3.client(
        "s3", config=Config(connect_timeout=2, read_timeout=15, signature_version="s3v4")
    )
