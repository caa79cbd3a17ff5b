"""The optional members of the first release's bodies, with the defaults that they had then.

This is history: records hold digests made with it, so nothing is ever added, changed or taken away.
A body type that is renamed keeps its line under the new name.
"""

from __future__ import annotations

from typing import Any

FIRST_DEFAULTS: dict[str, dict[str, Any]] = {
    "AddressChange": {},
    "AdjustmentIn": {"unit": "points", "expires_at": None},
    "BookingIn": {"note": None},
    "ByHandIn": {"amount": None},
    "CaptureIn": {"points": None},
    "CategoryChange": {},
    "CategoryDraft": {"position": 0},
    "Description": {"zh-CN": "", "en": ""},
    "DescriptionChange": {},
    "ExpectedIn": {"cash": None},
    "InvoiceIn": {"tax_number": None},
    "Limits": {"per_member": None, "per_order": None},
    "LimitsChange": {},
    "LoginRequest": {"consent": None},
    "MemberRef": {"member_id": None, "phone": None, "email": None},
    "NewAddress": {"country": "CN", "district": None, "postal_code": None, "is_default": False},
    "OrderIn": {
        "points": None,
        "expected": None,
        "address_id": None,
        "payment_method": None,
        "booking": None,
    },
    "OrderPaid": {"items": []},
    "OrderRefunded": {"amount": None, "items": []},
    "PaidItem": {"category": None, "brand": None},
    "PaymentIn": {"payment_method": None},
    "Price": {"cash": None, "cash_equivalent": None, "min_points": None, "tier_points": None},
    "PriceChange": {},
    "ProductChange": {},
    "ProductDraft": {
        "description": {"zh-CN": "", "en": ""},
        "brand": None,
        "scene": [],
        "pictures": [],
        "cost": None,
        "limits": {"per_member": None, "per_order": None},
        "tiers": None,
        "status": "draft",
        "on_sale_from": None,
        "on_sale_until": None,
    },
    "ProfileChange": {},
    "ReceiverIn": {"member_id": None, "phone": None, "email": None},
    "RefundIn": {"lines": None},
    "ShipIn": {"lines": None},
    "SkuChange": {"shards": 1},
    "SkuDraft": {"specs": {}, "stock": 0, "shards": 1},
    "TitleChange": {},
    "TransferIn": {"message": None},
}
