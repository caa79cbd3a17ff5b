"""Previews of campaigns for the staff: a member and a cart, and why it costs what it costs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from chalicelib import members
from chalicelib.campaigns.queries.previews import preview
from chalicelib.campaigns.routes.campaigns_admin import READERS, campaigns_admin
from chalicelib.campaigns.rules.settling import Settled
from chalicelib.campaigns.rules.step_words import step_words, titles_of
from chalicelib.campaigns.rules.steps import Step
from chalicelib.kernel.config import config
from chalicelib.kernel.errors import FieldError, Invalid, Words
from chalicelib.kernel.money import Money
from chalicelib.kernel.texts import ID, SkuCode, kind
from chalicelib.kernel.web.http import Reply, route
from chalicelib.kernel.web.requests import Call
from chalicelib.kernel.years import year_errors
from chalicelib.members import MemberErased

_TWICE = Words("SKU 重复", "is there twice")


class PreviewItem(msgspec.Struct, forbid_unknown_fields=True):
    """So many units of a SKU."""

    sku: SkuCode
    quantity: Annotated[int, msgspec.Meta(ge=1, le=1000)] = 1


class PreviewIn(msgspec.Struct, forbid_unknown_fields=True):
    """A member and a cart, at a moment; now if none is given."""

    member_id: Annotated[str, kind(64, form=ID)]
    items: Annotated[list[PreviewItem], msgspec.Meta(min_length=1, max_length=30)]
    at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class PreviewStep(msgspec.Struct):
    """What a campaign saved, or why it saved nothing. `missing` is how far the cart is below its
    threshold."""

    id: str
    version: int
    kind: str
    title: str
    applied: bool
    reason: str
    reason_text: str
    points: int
    cash: Money
    points_back: int
    gift: PreviewItem | None
    missing: int | None


class PreviewView(msgspec.Struct):
    """A cart with all of its points paid: what is due, what the list asks, and each step between
    them."""

    points: int
    cash: Money
    list_points: int
    list_cash: Money
    steps: list[PreviewStep]


EXAMPLE: dict[str, Any] = {
    "points": 900, "cash": {"amount": 0, "currency": "CNY"},
    "list_points": 1000, "list_cash": {"amount": 0, "currency": "CNY"},
    "steps": [{
        "id": "cam_5c3bqbzkmvnl2hwmbkqk5pnjhm", "version": 2, "kind": "full_reduction",
        "title": "周末满减", "applied": True, "reason": "applied", "reason_text": "已享受",
        "points": 100, "cash": {"amount": 0, "currency": "CNY"}, "points_back": 0, "gift": None,
        "missing": None,
    }],
}  # fmt: skip


@route(
    campaigns_admin, "POST", "/v1/admin/campaigns/{id}/preview",
    summary="What a member and a cart would get with the newest terms, and why not; writes nothing",
    roles=READERS, body=PreviewIn, answer=PreviewView, may_raise=[MemberErased],
    example={"request": {"member_id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe",
                         "items": [{"sku": "CUP-RED", "quantity": 1}]},
             "answer": EXAMPLE},
)  # fmt: skip
def preview_campaign(call: Call) -> Reply:
    body: PreviewIn = call.body
    if wrong := [*year_errors({"at": body.at})]:
        raise Invalid(*wrong)
    member = members.any_member(body.member_id)
    made = preview(call.path["id"], member.id, _quantities(body), body.at or call.now)
    titles, currency = titles_of(made.steps), config().currency
    told = [step_words(each, titles, currency) for each in made.steps]
    steps = [
        _step(each, made.settled, words, call.language)
        for each, words in zip(made.steps, told, strict=True)
    ]
    return Reply(
        PreviewView(
            made.settled.points,
            _money(made.settled.cash),
            made.list_points,
            _money(made.list_cash),
            sorted(steps, key=lambda each: not each.applied),
        )
    )


def _quantities(body: PreviewIn) -> dict[str, int]:
    """Raises Invalid naming a SKU that is there twice."""
    found: dict[str, int] = {}
    for number, item in enumerate(body.items):
        if item.sku in found:
            raise Invalid(FieldError(f"items[{number}].sku", "duplicate", _TWICE))
        found[item.sku] = item.quantity
    return found


def _step(step: Step, settled: Settled, words: Words, language: str) -> PreviewStep:
    outcome = step.outcome
    saved = next((each for each in settled.discounts if each.step is step), None)
    back = next((each for each in settled.points_back if each.step is step), None)
    return PreviewStep(
        id=step.id,
        version=step.version,
        kind=step.kind,
        title=step.title_en if language == "en" else step.title_zh,
        applied=outcome.is_applied,
        reason=outcome.reason,
        reason_text=words.in_language(language),
        points=saved.points if saved else 0,
        cash=_money(saved.cash if saved else 0),
        points_back=back.points if back else 0,
        gift=PreviewItem(*outcome.gift) if outcome.gift else None,
        missing=outcome.missing,
    )


def _money(amount: int) -> Money:
    return Money(amount, config().currency)
