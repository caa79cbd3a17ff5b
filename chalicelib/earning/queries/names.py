"""Names of the tiers and goods that rules are about."""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib import catalog, tiers
from chalicelib.earning.rules.conditions import texts_in
from chalicelib.earning.rules.definitions import RuleDraft
from chalicelib.kernel.errors import Words

_TIER = "member.tier"
_GOODS: dict[str, catalog.NameKind] = {
    "event.skus": "sku", "item.sku": "sku",
    "event.categories": "category", "item.category": "category",
    "event.brands": "brand", "item.brand": "brand",
}  # fmt: skip


def names_in(rules: Iterable[RuleDraft]) -> dict[str, Words]:
    """The names of what rules' conditions tell by an id, by field and id: `item.category:apparel`.

    An id of nothing has none. Ids of one kind are read together.
    """
    found: dict[str, Words] = {}
    told = {
        each for terms in rules for part in (terms.when, terms.items) for each in texts_in(part)
    }
    for field, kind in _GOODS.items():
        ids = {text for name, text in told if name == field}
        names = catalog.names_of(kind, ids)
        found |= {f"{field}:{each}": Words(title.zh, title.en) for each, title in names.items()}
    if any(name == _TIER for name, _ in told):
        found |= {f"{_TIER}:{key}": words for key, words in tiers.names_of_tiers().items()}
    return found
