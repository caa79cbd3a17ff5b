"""Writes of templates by ops, each with its record in the audit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.coupons.errors import CouponTotalTooLow
from chalicelib.coupons.queries import templates as queries
from chalicelib.coupons.rules.counts import Shard, counts_of, shared_out
from chalicelib.coupons.rules.templates import (
    PUBLISHED,
    Template,
    TemplateStatus,
    check_template,
    in_state,
    next_of,
)
from chalicelib.coupons.tables.templates import CountItem, TemplateItem
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import IdempotencyKeyReused, Moved, Stale
from chalicelib.kernel.store.writes import (
    WriteSet,
    replay_outranks_refusal,
    unmoved,
    with_fresh_reads,
)


def create_template(draft: Template, act: Act) -> tuple[Template, bool]:
    """Create a template as a draft: (template, replayed).

    Raises Invalid, IdempotencyKeyReused.
    """

    def write() -> Template:
        check_template(draft)
        writes = WriteSet()
        writes.put_new(TemplateItem.now(draft), or_raise=IdempotencyKeyReused)
        audit.record_change(writes, act, None, draft)
        writes.commit()
        return draft

    assert draft.content is not None, "a template has the digest of its request"
    content = draft.content
    return replay_outranks_refusal(
        write, lambda: replay_of(queries.find_template(draft.id), content)
    )


def change_template(
    template_id: str, changes: dict[str, Any], terms: dict[str, Any], version: int, act: Act
) -> Template:
    """Change some fields of a template; coupons that it has given stay as they are.

    Raises NotFound, Stale, Invalid, CouponTotalTooLow.
    """
    return _change(template_id, version, act, lambda seen: next_of(seen, changes, terms))


def move_template(
    template_id: str, status: TemplateStatus, version: int, now_ms: int, act: Act
) -> Template:
    """Publish or retire a template.

    Raises NotFound, Stale, NotAllowedInThisState.
    """
    return _change(template_id, version, act, lambda seen: in_state(seen, status, now_ms))


def _change(
    template_id: str, version: int, act: Act, change: Callable[[Template], Template]
) -> Template:
    def write() -> Template:
        seen = queries.get_template(template_id)
        if seen.version != version:
            raise Stale()
        after = change(seen)
        writes = WriteSet()
        same = TemplateItem.version == seen.version
        writes.put(TemplateItem.now(after), condition=same, or_raise=Stale)
        if after.status == PUBLISHED:
            writes.put(TemplateItem.kept(after))
        _put_total(writes, seen, after)
        audit.record_change(writes, act, seen, after)
        writes.commit()
        return after

    made = with_fresh_reads(write)
    queries.OFFERED.clear()
    return made


def _put_total(writes: WriteSet, seen: Template, after: Template) -> None:
    """Add what is left of a total that is another one, or is counted from now on.

    Raises CouponTotalTooLow if more have been given or are in codes.
    """
    begins = seen.published_at_ms is None and after.published_at_ms is not None
    if after.published_at_ms is None or (after.total == seen.total and not begins):
        return
    shards = queries.shards_of(after.id)
    left = None
    if after.total is not None:
        left = after.total - counts_of(shards, None).given
        if left < 0:
            raise CouponTotalTooLow()
    for shard, part in zip(shards, shared_out(left), strict=True):
        _put_shard(writes, after.id, shard, part)


def _put_shard(writes: WriteSet, template_id: str, seen: Shard, left: int | None) -> None:
    key = CountItem.key(template_id, seen.number)
    same = unmoved(CountItem.given, seen.given) & unmoved(CountItem.left, seen.left)
    given = [CountItem.given.set(seen.given)]
    changed = CountItem.left.remove() if left is None else CountItem.left.set(left)
    writes.update(key, [*given, changed], condition=same, or_raise=Moved)
