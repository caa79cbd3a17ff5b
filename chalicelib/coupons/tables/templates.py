"""The items of templates.

pk TPL#<template>        sk NOW           the template as it is, in the list of its status
pk TPL#<template>        sk V#<version>   as each version gave coupons
pk COUNT#<template>#<n>  sk COUNT         a shard of how many are given and left
"""

from __future__ import annotations

from chalicelib.coupons.rules.counts import Shard
from chalicelib.coupons.rules.templates import Template
from chalicelib.coupons.tables.items import CouponsItem
from chalicelib.kernel.store.attributes import IntegerAttribute, StructAttribute

TEMPLATE, NOW, VERSION = "TPL#", "NOW", "V#"


class TemplateItem(CouponsItem):
    """A template with its version beside it, for conditions."""

    template = StructAttribute[Template](Template)
    version = IntegerAttribute()

    @classmethod
    def now(cls, template: Template) -> TemplateItem:
        made = cls(TEMPLATE + template.id, NOW, template=template, version=template.version)
        made.list_name = list_of(template.status)
        made.list_order = f"{template.created_at_ms:015d}#{template.id}"
        return made

    @classmethod
    def kept(cls, template: Template) -> TemplateItem:
        key = version_key(template.version)
        return cls(TEMPLATE + template.id, key, template=template, version=template.version)

    def value(self) -> Template:
        found: Template = self.template
        return found


class CountItem(CouponsItem):
    """A shard of a template's counts."""

    given = IntegerAttribute(null=True)
    left = IntegerAttribute(null=True)

    @classmethod
    def key(cls, template_id: str, number: int) -> CountItem:
        return cls(f"COUNT#{template_id}#{number}", "COUNT")

    def value(self) -> Shard:
        number = int(self.pk.rpartition("#")[2])
        return Shard(number, self.given or 0, self.left)


def version_key(version: int) -> str:
    return f"{VERSION}{version:08d}"


def list_of(status: str) -> str:
    return f"TEMPLATES#{status}"
