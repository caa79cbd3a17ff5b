"""Examples of lotteries in the API's document."""

from __future__ import annotations

from typing import Any

_LOTTERY_ID = "lot_5c3bqbzkmvnl2hwmbkqk5pnjhm"
_COMMITMENT = "630dcd2966c4336691125448bbb25b4ff412a49c732db2c8abc1b8581bd710dd"
_POINTS_TITLE = {"zh-CN": "50 积分", "en": "50 points"}
_THANKS_TITLE = {"zh-CN": "谢谢参与", "en": "Better luck next time"}

DRAFT: dict[str, Any] = {
    "title": {"zh-CN": "会员日大转盘", "en": "Members' wheel"}, "look": "wheel",
    "prizes": [
        {"kind": "points", "title": _POINTS_TITLE, "odds": 100_000, "stock": 500, "points": 50},
        {"kind": "thanks", "title": _THANKS_TITLE, "odds": 900_000},
    ],
    "price_points": 100, "free_per_day": 1, "limits": {"total": 100, "day": 5},
    "guarantee": {"after": 9, "prize": "p1"},
    "valid": {"from": "2026-12-01T00:00:00Z", "until": "2026-12-09T00:00:00Z"},
}  # fmt: skip
_OWN: dict[str, Any] = {"stock": None, "points": None, "template_id": None, "sku": None}
DRAFTED: dict[str, Any] = {
    **DRAFT, "id": _LOTTERY_ID, "version": 1, "status": "draft",
    "prizes": [{**_OWN, **each} for each in DRAFT["prizes"]], "commitment": None,
    "created_at": "2026-11-21T08:00:00Z", "published_at": None, "ended_at": None,
}  # fmt: skip
PUBLISHED: dict[str, Any] = {
    **DRAFTED,
    "status": "published",
    "version": 2,
    "commitment": _COMMITMENT,
    "published_at": "2026-11-22T08:00:00Z",
}
CARD: dict[str, Any] = {
    "id": _LOTTERY_ID,
    "title": "会员日大转盘",
    "look": "wheel",
    "status": "running",
    "starts_at": "2026-12-01T00:00:00Z",
    "ends_at": "2026-12-09T00:00:00Z",
}
LOTTERY: dict[str, Any] = {
    **CARD,
    "prizes": [
        {"id": "p1", "kind": "points", "title": "50 积分", "odds": 100_000, "left": 432,
         "points": 50},
        {"id": "p2", "kind": "thanks", "title": "谢谢参与", "odds": 900_000, "left": None,
         "points": None},
    ],
    "price_points": 100, "free_per_day": 1, "limits": {"total": 100, "day": 5},
    "guarantee": {"after": 9, "prize_id": "p1", "losses": 2}, "draws_left": 3,
    "next_draw_points": 100, "drawn": 671, "proof_ready": False, "commitment": _COMMITMENT,
    "pseudonym": "q4zx5yq7n3mu2wha",
}  # fmt: skip
DRAW: dict[str, Any] = {
    "id": "drw_5c3bqbzkmvnl2hwmbkqk5pnjhm", "number": 672,
    "prize": {"id": "p1", "kind": "points", "title": "50 积分", "points": 50}, "points": 100,
    "status": "given", "coupon_id": None, "code": None, "created_at": "2026-12-02T08:00:00Z",
}  # fmt: skip
PROOF: dict[str, Any] = {
    "id": _LOTTERY_ID,
    "seed": "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
    "commitment": _COMMITMENT,
    "prizes": [
        {"id": "p1", "odds": 100_000, "stock": 500}, {"id": "p2", "odds": 900_000, "stock": None},
    ],
    "guarantee": {"after": 9, "prize_id": "p1"}, "total": 1,
    "draws": [{"number": 1, "member": "q4zx5yq7n3mu2wha", "result": "p2"}], "next_cursor": None,
}  # fmt: skip
RESULTS: dict[str, Any] = {
    "drawn": 671, "points_taken": 52_300, "points_won": 3_400, "waiting": 0,
    "prizes": [
        {"id": "p1", "kind": "points", "title": _POINTS_TITLE, "odds": 100_000, "stock": 500,
         "won": 68, "left": 432},
        {"id": "p2", "kind": "thanks", "title": _THANKS_TITLE, "odds": 900_000, "stock": None,
         "won": 603, "left": None},
    ],
}  # fmt: skip
