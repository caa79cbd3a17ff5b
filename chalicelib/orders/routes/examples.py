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
    "saved": None,
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
    "freight_points": 0,
    "delivery": {"status": "free", "province": None, "delivers_to": []},
    "groups": [
        {
            "kind": "physical",
            "lines": [_LINE],
            "points": 800,
            "cash": _CNY_0,
            "freight": _CNY_0,
            "freight_points": 0,
            "payable_points": [{"least": 800, "most": 800}],
            "delivery": {"status": "free", "province": None, "delivers_to": []},
            "missing_points": 0,
            "discounts": [],
            "coupon": None,
        }
    ],
    "discounts": [],
    "coupon": None,
    "coupons": None,
    "near": [],
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
    "freight_points": 0, "note": None,
    "returns": [], "returnable_until": None, "store_id": None, "discounts": [], "coupon": None,
}  # fmt: skip
STAFF_ORDER: dict[str, Any] = {
    **ORDER,
    "member_id": "mbr_7dq2kzvdkwqymh6dz4wmbyzixe",
    "handled_by": ["mbr_w5nq2kzvdkwqymh6dz4wmbyzio"],
    "is_masked": False,
}
CART: dict[str, Any] = {
    "version": 3,
    "lines": [
        {
            "sku": "CUP-RED", "product_id": "prd_qk2nq5bzkmvnl2hwmbkqk5pnjh", "title": "保温杯",
            "kind": "physical", "specs": {"颜色": "红"}, "picture": "/pictures/cup.svg",
            "quantity": 2,
            "price": {"points": 900, "cash": _CNY_0, "cash_equivalent": None},
            "points": 1800, "cash": _CNY_0, "available": 1,
            "problem": {"code": "too_few", "detail": "仅剩 1 件", "left": 1},
            "price_was": {"points": 800, "cash": _CNY_0, "cash_equivalent": None},
        }
    ],
    "count": 1,
    "points": 0,
    "cash": _CNY_0,
    "discounts": [],
    "near": [],
}  # fmt: skip
NOTE: dict[str, Any] = {
    "id": "nte_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "text": "已电话确认，周五送货",
    "by": "mbr_w5nq2kzvdkwqymh6dz4wmbyzio",
    "created_at": "2026-11-21T09:00:00Z",
}
