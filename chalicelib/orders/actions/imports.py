"""Parcels from a file: kept whole first, then shipped part by part, each row once."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.kernel import clock, ids
from chalicelib.kernel.clock import rfc3339_ms, to_ms
from chalicelib.kernel.config import config
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import (
    IdempotencyKeyReused,
    JifenError,
    NotFound,
    Unavailable,
    Unreadable,
    Words,
)
from chalicelib.kernel.store.facts import Fact
from chalicelib.kernel.store.queues import send
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal
from chalicelib.orders.actions import parcels
from chalicelib.orders.facts import ImportPartDue
from chalicelib.orders.queries.imports import find_import, find_part
from chalicelib.orders.queries.orders import get_order
from chalicelib.orders.rules import OrderAct, Parcel
from chalicelib.orders.rules.imports import (
    ALREADY_DONE,
    DONE,
    OUTCOMES,
    REFUSED,
    ROWS_A_PART,
    Import,
    Result,
    Row,
    has_parcel,
)
from chalicelib.orders.tables.imports import IMPORT, ImportItem, ImportPartItem, import_key


def start_import(asked: Import, rows: Sequence[Row], act: Act) -> tuple[Import, bool]:
    """Keep the rows and begin to ship them: (import, replayed). A replay begins once more.

    Raises IdempotencyKeyReused, Unavailable if the message cannot be sent.
    """

    def write() -> Import:
        writes = WriteSet()
        writes.put_new(ImportItem.of(asked), or_raise=IdempotencyKeyReused)
        for number in range(asked.parts):
            item = ImportPartItem.key(asked.id, number)
            item.rows = tuple(rows[number * ROWS_A_PART : (number + 1) * ROWS_A_PART])
            writes.put_new(item, or_raise=IdempotencyKeyReused)
        audit.record(writes, act.changing({}, {"kind": asked.import_kind, "lines": asked.rows}))
        writes.commit()
        return asked

    def find() -> Import | None:
        item = replay_of(ImportItem.find(import_key(asked.id), IMPORT), asked.content)
        return item.value() if item else None

    made, replayed = replay_outranks_refusal(write, find)
    if made.through < made.rows:
        _ask_for(made, 0)
    return made, replayed


def ship_part(job_id: str, number: int) -> None:
    """Ship the rows of a part once, and ask for the next part. A repeated call does no harm.

    Raises Unavailable.
    """
    made, part = find_import(job_id), find_part(job_id, number)
    if made is None or part is None:
        return
    if not part.results:
        results = tuple(_ship(made, row) for row in part.rows)
        _record(made, number, results)
    if number + 1 < made.parts:
        _ask_for(made, number + 1)


def _ask_for(made: Import, number: int) -> None:
    data = ImportPartDue(job_id=made.id, part=number)
    fact = Fact.of(f"{data.TYPE}:{made.id}:{number}", rfc3339_ms(made.created_at_ms), data)
    send(config().orders.required("fulfilment_queue"), fact)


def _record(made: Import, number: int, results: Sequence[Result]) -> None:
    """Keep what became of a part's rows, and add it to the sums, once."""
    writes = WriteSet()
    key, unknown = ImportPartItem.key(made.id, number), ImportPartItem.results.does_not_exist()
    kept = [ImportPartItem.results.set(tuple(results))]
    writes.update(key, kept, condition=unknown, or_raise=IdempotencyKeyReused)
    sums = [
        getattr(ImportItem, outcome).add(sum(result.outcome == outcome for result in results))
        for outcome in OUTCOMES
    ]
    moved = ImportItem.moved_at.set(to_ms(clock.now()))
    writes.update(ImportItem.key(made.id), [*sums, moved], condition=ImportItem.rows.exists())
    try:
        writes.commit()
    except IdempotencyKeyReused:
        return  # The same message came twice at a time.


def _ship(made: Import, row: Row) -> Result:
    """Ship one row; what became of it, in a repeated call too.

    Raises Unavailable.
    """
    if row.wrong is not None:
        return Result(REFUSED, *row.wrong)
    key = ids.digest(f"{made.id}|{row.line}".encode())
    act = OrderAct("ship", "staff", made.made_by, to_ms(clock.now()), key=key)
    try:
        order = get_order(row.order_id)
        is_ours = any(step.key == key for step in order.steps)
        if not is_ours and has_parcel(order, row):
            return Result(ALREADY_DONE)
        parcel = Parcel(row.carrier, row.tracking_number, row.quantities)
        parcels.ship(row.order_id, act, parcel)
    except (Unavailable, Unreadable):
        raise
    except NotFound:
        words = Words("没有这个订单", "There is no such order")
        return Result(REFUSED, NotFound.code, words.zh, words.en)
    except JifenError as error:
        return _refused(error)
    return Result(DONE)


def _refused(error: JifenError) -> Result:
    """A refusal in its own words, or in those of its first field."""
    zh, en = (error.detail(language) for language in ("zh-CN", "en"))
    if not error.fields:
        return Result(REFUSED, error.code, zh or error.title.zh, en or error.title.en)
    field = error.fields[0]
    return Result(REFUSED, field.code, zh or field.message.zh, en or field.message.en)
