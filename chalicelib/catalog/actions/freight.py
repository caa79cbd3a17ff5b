"""Writes of freight templates, each with its record in the audit."""

from __future__ import annotations

from functools import partial

from chalicelib import audit
from chalicelib.audit import Act
from chalicelib.catalog.actions.versions import put_next
from chalicelib.catalog.queries.freight import find_template_item
from chalicelib.catalog.rules.freight import (
    FreightChange,
    FreightDraft,
    FreightTemplate,
    changed_template,
    new_template,
)
from chalicelib.catalog.tables.freight import FREIGHT, FreightItem
from chalicelib.kernel.digests import replay_of
from chalicelib.kernel.errors import FieldError, IdempotencyKeyReused, Invalid, Words
from chalicelib.kernel.store.writes import WriteSet, replay_outranks_refusal


def create_template(
    draft: FreightDraft, template_id: str, content: bytes, act: Act
) -> tuple[FreightTemplate, bool]:
    """Create a freight template: (template, replayed).

    Raises Invalid, IdempotencyKeyReused.
    """

    def write() -> FreightTemplate:
        template = new_template(draft, template_id)
        writes = WriteSet()
        writes.put_new(FreightItem.of(template, content), or_raise=IdempotencyKeyReused)
        audit.record(writes, act.changing({}, _facts(template)))
        writes.commit()
        return template

    def find() -> FreightTemplate | None:
        item = replay_of(FreightItem.find(FREIGHT, template_id), content)
        return item.template if item else None

    return replay_outranks_refusal(write, find)


def update_template(
    template_id: str, change: FreightChange, version: int, act: Act
) -> FreightTemplate:
    """Change a freight template: new orders are charged by it at once.

    Raises NotFound, Stale, Invalid.
    """

    def changed(writes: WriteSet, item: FreightItem) -> FreightItem:
        template = changed_template(item.template, change)
        audit.record(writes, act.changing(_facts(item.template), _facts(template)))
        return FreightItem.of(template, item.made_of)

    return put_next(partial(find_template_item, template_id), version, changed).template


def check_template(writes: WriteSet, template_id: str) -> None:
    """Add to a transaction: there is such a template; the commit raises Invalid."""
    words = Words("运费模板不存在", "is not a freight template")
    unknown = Invalid(FieldError("freight_template", "unknown_freight_template", words))
    writes.check(FreightItem.key(template_id), FreightItem.sk.exists(), or_raise=unknown)


def _facts(template: FreightTemplate) -> audit.Facts:
    """What the audit keeps of a template."""
    fees = [f"{region.fee}+{region.step_fee}" for region in template.regions]
    return {
        "version": template.version,
        "charged_by": template.charged_by,
        "paid_in": template.paid_in,
        "regions": len(template.regions),
        "fees": ", ".join(fees)[:200],
        "free_points": template.free.points,
        "free_cash": template.free.cash,
    }
