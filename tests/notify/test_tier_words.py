"""News of a tier tell why it changed."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from chalicelib.notify.rules.news import TierNews
from chalicelib.notify.rules.tiers import texts_of
from chalicelib.tiers.rules.standing import Why

pytestmark = pytest.mark.pure


def text(event: Any, why: str) -> str:
    news = TierNews(
        member_id="mbr_1",
        event=event,
        tier="gold",
        why=why,
        title={"zh-CN": "金卡会员", "en": "Gold"},
    )
    return texts_of(news, "zh-CN")[1]


def test_who_falls_is_told_why() -> None:
    told = {why: text("downgraded", why) for why in ("refund", "review", "grant_ended", "ladder")}
    assert len(set(told.values())) == 4
    assert told["ladder"] == "会员等级体系已更新，您现在是金卡会员。"


def test_who_rises_is_congratulated_whatever_the_reason() -> None:
    assert {text("upgraded", why) for why in get_args(Why)} == {"恭喜您升级为金卡会员。"}


def test_the_last_day_of_a_tier_is_told_with_its_year() -> None:
    news = TierNews(
        member_id="mbr_1",
        event="upgraded",
        tier="gold",
        why="grant",
        title={"zh-CN": "金卡会员", "en": "Gold"},
        until="2026-12-31T16:00:00Z",
    )
    assert texts_of(news, "zh-CN")[1] == "恭喜您升级为金卡会员。有效期至 2026-12-31。"
    assert texts_of(news, "en")[1] == "You are Gold now. It is kept until 2026-12-31."
