"""Examples of requests and answers, as the OpenAPI document shows them."""

from typing import Any

_ID = "prd_qk2nq5bzkmvnl2hwmbkqk5pnjh"
_TITLE = {"zh-CN": "保温杯", "en": "Thermos cup"}
_DESCRIPTION = {"zh-CN": "316 不锈钢，500 毫升", "en": "316 stainless steel, 500 ml"}
_PICTURE = "/pictures/cup.svg"
_AT = "2026-11-21T08:00:00Z"
_PRICE = {
    "points": 800,
    "cash": None,
    "cash_equivalent": None,
    "min_points": 800,
    "tier_points": None,
}
_LIMITS = {
    "per_member": 2,
    "per_order": 1,
    "per_member_day": None,
    "per_member_month": None,
    "tiers": None,
}
_TIMED_DRAFT = {
    "points": 600,
    "from": "2026-11-27T16:00:00Z",
    "until": "2026-11-28T16:00:00Z",
}
_TIMED = {**_TIMED_DRAFT, "cash": None, "cash_equivalent": None}
_RATING = {"count": 12, "average_hundredths": 467}
_STOCK = {"status": "in_stock", "available": 50}
_AXES = [{"name": "colour", "values": ["red"]}]
_SPEC_WORDS = {"colour": {"zh-CN": "颜色", "en": "Colour"}, "red": {"zh-CN": "红", "en": "Red"}}
_DETAILS = {
    "zh-CN": "<p>杯口<strong>防漏</strong>。</p>",
    "en": "<p><strong>Leak-proof</strong>.</p>",
}

CATEGORY: dict[str, Any] = {"id": "home", "title": "家居", "position": 10, "parent": None}
CATEGORIES: dict[str, Any] = {"data": [CATEGORY], "next_cursor": None}
CATEGORY_DRAFT: dict[str, Any] = {
    "id": "home",
    "title": {"zh-CN": "家居", "en": "Home"},
    "position": 10,
}
ADMIN_CATEGORY: dict[str, Any] = {**CATEGORY_DRAFT, "version": 1, "parent": None}
ADMIN_CATEGORIES: dict[str, Any] = {"data": [ADMIN_CATEGORY], "next_cursor": None}
CATEGORY_CHANGE: dict[str, Any] = {"position": 20}

BRAND: dict[str, Any] = {"id": "acme", "title": "极致", "position": 10, "logo": None}
BRANDS: dict[str, Any] = {"data": [BRAND], "next_cursor": None}
BRAND_DRAFT: dict[str, Any] = {
    "id": "acme",
    "title": {"zh-CN": "极致", "en": "Acme"},
    "position": 10,
}
ADMIN_BRAND: dict[str, Any] = {**BRAND_DRAFT, "version": 1, "logo": None}
ADMIN_BRANDS: dict[str, Any] = {"data": [ADMIN_BRAND], "next_cursor": None}
BRAND_CHANGE: dict[str, Any] = {"logo": "/pictures/acme.svg"}

_UPLOAD_PATH = "/pictures/upl_5c3bqbzkmvnl2hwmbkqk5pnjhm.jpg"
UPLOAD_REQUEST: dict[str, Any] = {"content_type": "image/jpeg", "bytes": 182_044}
UPLOAD_FORM: dict[str, Any] = {
    "id": "upl_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "url": "https://jifen-prod-uploads-111122223333.s3.ap-southeast-1.amazonaws.com/",
    "fields": {
        "Content-Type": "image/jpeg",
        "key": "upl_5c3bqbzkmvnl2hwmbkqk5pnjhm.jpg",
        "policy": "eyJleHBpcmF0aW9uIjog…",
        "x-amz-signature": "8f2c…",
    },
    "path": _UPLOAD_PATH,
    "expires_at": "2026-11-21T08:10:00Z",
}
UPLOAD: dict[str, Any] = {
    "id": "upl_5c3bqbzkmvnl2hwmbkqk5pnjhm", "status": "ready", "reason": None,
    "path": _UPLOAD_PATH, "thumbnail": _UPLOAD_PATH.replace(".jpg", "-small.jpg"),
    "width": 1600, "height": 1200,
}  # fmt: skip

PRODUCT: dict[str, Any] = {
    "id": _ID, "title": "保温杯", "description": "316 不锈钢，500 毫升", "kind": "physical",
    "category": "home", "brand": "acme", "scene": ["office"], "pictures": [_PICTURE],
    "thumbnails": [_PICTURE], "price": _PRICE, "limits": _LIMITS, "stock": _STOCK,
    "specs": [{"name": "颜色", "values": ["红"]}],
    "skus": [{"sku": "CUP-RED", "specs": {"颜色": "红"}, "stock": _STOCK}],
    "details": _DETAILS["zh-CN"], "validity": None, "use_rules": "",
    "tiers": [], "timed_price": {**_TIMED, "min_points": 600},
    "on_sale_until": None, "created_at": _AT, "rating": {**_RATING, "stars": [0, 0, 1, 2, 9]},
}  # fmt: skip
PRODUCTS: dict[str, Any] = {
    "data": [
        {
            "id": _ID, "title": "保温杯", "kind": "physical", "category": "home",
            "picture": _PICTURE, "thumbnail": _PICTURE, "price": _PRICE, "stock": _STOCK,
            "created_at": _AT, "rating": _RATING,
        }
    ],
    "next_cursor": None,
}  # fmt: skip

LOOKS: dict[str, Any] = {
    "data": [
        {
            "id": _ID, "title": "保温杯", "picture": _PICTURE, "thumbnail": _PICTURE,
            "skus": [{"sku": "CUP-RED", "specs": {"颜色": "红"}}],
        }
    ]
}  # fmt: skip

PRODUCT_DRAFT: dict[str, Any] = {
    "title": _TITLE, "description": _DESCRIPTION, "kind": "physical", "category": "home",
    "brand": "acme", "scene": ["office"], "pictures": [_PICTURE], "price": {"points": 800},
    "cost": {"amount": 4100, "currency": "CNY"}, "limits": {"per_member": 2, "per_order": 1},
    "status": "on_sale",
    "timed_prices": [_TIMED_DRAFT],
    "skus": [{"sku": "CUP-RED", "specs": {"colour": "red"}, "stock": 50}],
    "details": _DETAILS, "spec_words": _SPEC_WORDS,
}  # fmt: skip
ADMIN_PRODUCT: dict[str, Any] = {
    **PRODUCT_DRAFT, "id": _ID, "version": 1,
    "limits": _LIMITS, "price": {**_PRICE, "min_points": None},
    "tiers": [], "on_sale_from": None, "on_sale_until": None, "specs": _AXES,
    "details": _DETAILS, "validity": None, "use_rules": {"zh-CN": "", "en": ""},
    "skus": [{"sku": "CUP-RED", "specs": {"colour": "red"}, "stock": 50, "shards": 1,
              "weight_grams": None}],
    "created_at": _AT, "updated_at": _AT, "freight_template": None,
    "timed_prices": [{**_TIMED, "min_points": None}],
}  # fmt: skip
PRODUCT_CHANGE: dict[str, Any] = {"price": {"points": 700}, "status": "off_sale"}
CHANGED_PRODUCT: dict[str, Any] = {
    **ADMIN_PRODUCT,
    "version": 2,
    "status": "off_sale",
    "price": {**_PRICE, "points": 700, "min_points": None},
}
ADMIN_PRODUCTS: dict[str, Any] = {
    "data": [
        {
            "id": _ID, "version": 1, "title": _TITLE, "kind": "physical", "category": "home",
            "picture": _PICTURE, "thumbnail": _PICTURE, "points": 800, "price": _PRICE,
            "status": "on_sale", "stock": _STOCK, "created_at": _AT,
        }
    ],
    "next_cursor": None,
}  # fmt: skip

ADMIN_SKU: dict[str, Any] = {
    "sku": "CUP-RED", "product_id": _ID, "title": _TITLE, "kind": "physical", "points": 800,
    "cash": 0, "cash_equivalent": None,
    "status": "on_sale", "specs": {"colour": "red"}, "stock": _STOCK, "shards": 1,
    "low_mark": 20, "high_mark": None, "version": 1,
}  # fmt: skip
SKU_SETTINGS: dict[str, Any] = {"shards": 16, "low_mark": 20, "high_mark": None}
CHANGED_SKU: dict[str, Any] = {**ADMIN_SKU, "shards": 16, "version": 2}
RESTOCK_REQUEST: dict[str, Any] = {"quantity": 20, "reason": "delivery 2026-118"}
RESTOCK: dict[str, Any] = {
    "id": "rst_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "sku": "CUP-RED",
    **RESTOCK_REQUEST,
    "available": 70,
    "created_at": _AT,
}
CORRECTION_REQUEST: dict[str, Any] = {"quantity": -2, "reason": "count of 2026-11-21"}
CORRECTION: dict[str, Any] = {
    "id": "cor_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "sku": "CUP-RED",
    **CORRECTION_REQUEST,
    "available": 48,
    "created_at": _AT,
}
CODES: dict[str, Any] = {"codes": ["VIDEO-7F2K-Q9XD", "VIDEO-8M4T-W2PC"]}
IMPORT: dict[str, Any] = {
    "id": "imp_5c3bqbzkmvnl2hwmbkqk5pnjhm",
    "sku": "VIDEO-MONTH",
    "imported": 2,
    "duplicates": 0,
    "free": 2,
}
POOL: dict[str, Any] = {"sku": "VIDEO-MONTH", "free": 2, "issued": 0}
