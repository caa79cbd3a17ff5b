"""Lists as Stripe pages them: the newest first, cursors that are ids."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from infra.local.stripe import forms
from infra.local.stripe.errors import invalid, missing
from infra.local.stripe.forms import Params
from infra.local.stripe.provider import Provider
from infra.local.stripe.store import Object

_COMPARED = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}
LARGEST_PAGE = 100


def page(
    provider: Provider, kind: str, path: str, params: Params, filters: Collection[str] = ()
) -> Object:
    """One page of a kind, narrowed by `filters` that the request names and by its times.

    Raises WireError.
    """
    forms.refuse_unknown(params, {*filters, *forms.LISTING})
    limit = forms.integer(params, "limit", 10)
    if not 1 <= limit <= LARGEST_PAGE:
        message = f"This value must be between 1 and {LARGEST_PAGE}."
        raise invalid(message, "parameter_invalid_integer", "limit")
    upwards = "ending_before" in params and "starting_after" not in params
    conditions = [*_times(params), *_cursor(provider, params, upwards)]
    wanted = {name: forms.text(params, name) for name in filters if name in params}
    found = provider.store.find(
        kind, wanted, conditions=conditions, limit=limit + 1, oldest_first=upwards
    )
    data = found[:limit]
    return envelope(data[::-1] if upwards else data, path, has_more=len(found) > limit)


def envelope(data: list[Object], path: str, *, has_more: bool = False) -> Object:
    """A list object."""
    return {"object": "list", "data": data, "has_more": has_more, "url": path}


def _times(params: Params) -> list[tuple[str, int]]:
    created: Any = params.get("created", {})
    if not isinstance(created, dict):
        return [("created =", forms.integer(params, "created"))]
    forms.refuse_unknown(created, _COMPARED)
    return [(f"created {_COMPARED[name]}", forms.integer(created, name)) for name in created]


def _cursor(provider: Provider, params: Params, upwards: bool) -> list[tuple[str, int]]:
    name = "ending_before" if upwards else "starting_after"
    if name not in params:
        return []
    place = provider.store.place(params[name])
    if place is None:
        raise missing("object", params[name], name)
    return [("seq >" if upwards else "seq <", place)]
