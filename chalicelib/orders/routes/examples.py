"""Examples of requests and answers, as the OpenAPI document shows them."""

from typing import Any

_CNY_0 = {"amount": 0, "currency": "CNY"}
_LINE = {
    "sku": "CUP-RED",
    "product_id": "prd_qk2nq5bzkmvnl2hwmbkqk5pnjh",
    "title": "保温杯",
    "quantity": 1,
    "points": 800,
    "cash": _CNY_0,
    "codes": [],
    "returned": 0,
}

ORDER_REQUEST: dict[str, Any] = {
    "items": [{"sku": "CUP-RED", "quantity": 1}],
    "expected": {"points": 800, "cash": {"amount": 0, "currency": "CNY"}},
    "address_id": "adr_5c3bqbzkmvnl2hwmbkqk5pnjhm",
}
QUOTE: dict[str, Any] = {
    "lines": [_LINE],
    "points": 800,
    "cash": _CNY_0,
    "freight": _CNY_0,
    "payable_points": [{"least": 800, "most": 800}],
    "shortfall": None,
}
ORDER: dict[str, Any] = {
    "id": "ord_5c3bqbzkmvnl2hwmbkqk5pnjhm", "status": "awaiting_review", "status_text": "待审核",
    "kind": "physical", "created_at": "2026-11-21T08:00:00Z", "version": 1, "lines": [_LINE],
    "points": 800, "cash": _CNY_0, "freight": _CNY_0,
    "address": {
        "recipient": "李雷", "phone": "+8613800138000", "country": "CN", "province": "上海市",
        "city": "上海市", "district": "黄浦区", "street": "南京东路 1 号", "postal_code": "200001",
    },
    "booking": None, "payment": None, "refunds": [], "parcels": [],
    "timeline": [
        {"status": "awaiting_review", "at": "2026-11-21T08:00:00Z", "by": "member", "note": None}
    ],
}  # fmt: skip
STAFF_ORDER: dict[str, Any] = {
    **ORDER,
    "member_id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe",
    "handled_by": ["mbr_w5nq2kzvdkwqymh6dz4wmbyzio"],
    "is_masked": False,
}
