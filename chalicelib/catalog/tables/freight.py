"""Freight templates: FREIGHT <template>."""

from __future__ import annotations

from chalicelib.catalog.rules.freight import FreightTemplate
from chalicelib.catalog.tables.items import CatalogItem
from chalicelib.kernel.store.attributes import BytesAttribute, IntegerAttribute, StructAttribute

FREIGHT = "FREIGHT"


class FreightItem(CatalogItem):
    version = IntegerAttribute()
    template = StructAttribute[FreightTemplate](FreightTemplate)
    made_of = BytesAttribute()

    @classmethod
    def key(cls, template_id: str) -> FreightItem:
        return cls(FREIGHT, template_id)

    @classmethod
    def of(cls, template: FreightTemplate, made_of: bytes) -> FreightItem:
        item = cls.key(template.id)
        item.version, item.template, item.made_of = template.version, template, made_of
        return item
