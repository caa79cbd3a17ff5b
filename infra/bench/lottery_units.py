"""Units of a draw, free and for points, and of the prize that it wins."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from chalicelib.kernel.clock import machine_now, rfc3339
from infra.bench.floors import together
from infra.bench.in_process import InProcess
from infra.bench.mall import Mall
from infra.bench.use_cases import UseCase

TITLE = {"zh-CN": "奖" * 40, "en": "P" * 80}
# The promise for a draw.
MOST = 9


def measure(here: InProcess, mall: Mall) -> list[UseCase]:
    """Draws that win nothing, and one that wins points, of a lottery with 12 prizes."""
    own = mall.member("draws")["access_token"]
    lost, won = _published(here, mall, 0), _published(here, mall, 1_000_000)
    paid = together("the draw", entries=1, moving=1, accounts=1, indexed=1)
    given = paid + together("the draw", entries=1, moving=1, accounts=1)
    free = together("the draw", "the account, checked", indexed=1)
    found = []
    for name, lottery, most, floor in (
        ("A draw that is free", lost, MOST, free),
        ("A draw for points", lost, MOST, paid),
        ("A draw that is free and wins points, the prize included", won, None, None),
        ("A draw for points that wins points, the prize included", won, None, given),
    ):
        _, spent = here.call("POST", f"/v1/lotteries/{lottery}/draws", None, own)
        found.append(UseCase(name, spent, most, floor=floor))
    return found


def _published(here: InProcess, mall: Mall, odds: int) -> str:
    prize: dict[str, Any] = {"kind": "points", "title": TITLE, "stock": 1_000_000, "points": 50}
    prizes = [{**prize, "odds": odds}] if odds else [{**prize, "odds": 1}] * 11
    rest = 1_000_000 - sum(each["odds"] for each in prizes)
    now = machine_now()
    draft = {
        "title": TITLE,
        "prizes": [*prizes, {"kind": "thanks", "title": TITLE, "odds": rest}],
        "price_points": 10,
        "free_per_day": 1,
        "valid": {
            "from": rfc3339(now - timedelta(hours=1)),
            "until": rfc3339(now + timedelta(days=1)),
        },
    }
    made, _ = here.call("POST", "/v1/admin/lotteries", draft, mall.ops)
    path = f"/v1/admin/lotteries/{made['id']}/publish"
    here.call("POST", path, None, mall.ops, **{"If-Match": str(made["version"])})
    lottery_id: str = made["id"]
    return lottery_id
