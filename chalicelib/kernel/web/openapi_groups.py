"""The order of the OpenAPI document: groups for its readers, and a tag for each part."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from chalicelib.kernel.errors import Words


class Part(NamedTuple):
    """A tag, and the paths that it has: these, and all below them that no longer one has."""

    tag: str
    title: Words
    paths: tuple[str, ...]


class Group(NamedTuple):
    title: Words
    parts: tuple[Part, ...]


GROUPS = (
    Group(Words("会员端", "Members"), (
        Part("sign-in", Words("登录", "Sign-in"), ("/v1/auth",)),
        Part("profile", Words("个人资料", "Profile"), ("/v1/me", "/v1/divisions")),
        Part("tiers", Words("会员等级", "Tiers"), ("/v1/tiers", "/v1/me/tier")),
        Part("points", Words("积分", "Points"), ("/v1/me/points", "/v1/earning-rules")),
        Part(
            "catalog", Words("商品", "Catalog"),
            ("/v1/categories", "/v1/brands", "/v1/products", "/v1/stores", "/v1/me/favourites",
             "/v1/me/uploads"),
        ),
        Part(
            "orders", Words("订单", "Orders"),
            ("/v1/me/cart", "/v1/orders", "/v1/me/orders", "/v1/payment-methods"),
        ),
        Part("returns", Words("售后", "Returns"), ("/v1/returns", "/v1/me/returns")),
        Part(
            "reviews", Words("评价", "Reviews"),
            ("/v1/reviews", "/v1/me/reviews", "/v1/me/helpful-reviews", "/v1/orders/{id}/reviews",
             "/v1/products/{id}/reviews"),
        ),
        Part(
            "withdrawals", Words("返利提现", "Withdrawals"),
            ("/v1/me/withdrawals", "/v1/me/payout-account", "/v1/me/payout-accounts"),
        ),
        Part(
            "tasks", Words("签到与任务", "Check-ins and tasks"),
            ("/v1/me/check-ins", "/v1/me/tasks", "/v1/me/opened-shares", "/v1/me/referrals",
             "/v1/me/invitation"),
        ),
        Part("coupons", Words("优惠券", "Coupons"), ("/v1/coupons", "/v1/me/coupons")),
        Part("campaigns", Words("活动", "Campaigns"), ("/v1/campaigns",)),
        Part("lotteries", Words("抽奖", "Lotteries"), ("/v1/lotteries",)),
        Part(
            "missions", Words("挑战与排行", "Missions and boards"),
            ("/v1/me/missions", "/v1/me/rewards", "/v1/leaderboards", "/v1/me/leaderboards"),
        ),
        Part("places", Words("首页与公告", "Places"), ("/v1/places", "/v1/me/places")),
        Part("notices", Words("消息", "Notices"), ("/v1/me/notifications",)),
        Part(
            "policies", Words("条款与隐私", "Terms and privacy"),
            ("/v1/policies", "/v1/me/consents"),
        ),
    )),
    Group(Words("合作方", "Partners"), (
        Part("events", Words("事件上报", "Events"), ("/v1/events",)),
        Part("checkout", Words("店铺收银台", "Checkout"), ("/v1/partner",)),
    )),
    Group(Words("管理端", "Staff"), (
        Part(
            "staff-overview", Words("待办概览", "Overview (staff)"),
            ("/v1/admin/overview", "/v1/admin/parked"),
        ),
        Part(
            "staff-orders", Words("订单管理", "Orders (staff)"),
            ("/v1/admin/orders", "/v1/admin/exports/orders", "/v1/admin/imports"),
        ),
        Part("staff-returns", Words("售后管理", "Returns (staff)"), ("/v1/admin/returns",)),
        Part("staff-reviews", Words("评价管理", "Reviews (staff)"), ("/v1/admin/reviews",)),
        Part(
            "staff-catalog", Words("商品与库存", "Catalog (staff)"),
            ("/v1/admin/categories", "/v1/admin/brands", "/v1/admin/uploads",
             "/v1/admin/products", "/v1/admin/skus", "/v1/admin/stock-alerts",
             "/v1/admin/code-pools", "/v1/admin/freight-templates",
             "/v1/admin/exports/skus", "/v1/admin/reports/sellers"),
        ),
        Part(
            "staff-counter", Words("门店与核销", "Stores and counter (staff)"),
            ("/v1/admin/stores", "/v1/admin/slots", "/v1/admin/vouchers"),
        ),
        Part(
            "staff-earning", Words("积分规则", "Earning rules (staff)"),
            ("/v1/admin/earning-rules",),
        ),
        Part(
            "staff-campaigns", Words("营销活动", "Campaigns (staff)"),
            ("/v1/admin/campaigns", "/v1/admin/audiences",),
        ),
        Part(
            "staff-members", Words("会员管理", "Members (staff)"),
            ("/v1/admin/members", "/v1/admin/people", "/v1/admin/adjustments", "/v1/admin/tiers",
             "/v1/admin/policies", "/v1/admin/login-codes"),
        ),
        Part("staff-lotteries", Words("抽奖管理", "Lotteries (staff)"), ("/v1/admin/lotteries",)),
        Part("staff-tasks", Words("任务管理", "Tasks (staff)"), ("/v1/admin/tasks",)),
        Part(
            "staff-coupons", Words("优惠券管理", "Coupons (staff)"), ("/v1/admin/coupon-templates",)
        ),
        Part(
            "staff-missions", Words("挑战与奖励管理", "Missions and rewards (staff)"),
            ("/v1/admin/missions", "/v1/admin/rewards", "/v1/admin/reward-periods",
             "/v1/admin/leaderboards", "/v1/admin/triggers"),
        ),
        Part("staff-places", Words("展位管理", "Places (staff)"), ("/v1/admin/places",)),
        Part("staff-risk", Words("风控", "Risk (staff)"), ("/v1/admin/risk",)),
        Part(
            "staff-payments", Words("退款与收款", "Payments (staff)"),
            ("/v1/admin/refunds", "/v1/admin/cod-remittances", "/v1/admin/webhooks"),
        ),
        Part(
            "staff-withdrawals", Words("提现审核", "Withdrawals (staff)"),
            ("/v1/admin/withdrawals", "/v1/admin/bank-files"),
        ),
        Part(
            "finance", Words("财务", "Finance"),
            ("/v1/admin/settlements", "/v1/admin/reconciliations",
             "/v1/admin/reconciliation-findings", "/v1/admin/trial-balances",
             "/v1/admin/invoices", "/v1/admin/liability", "/v1/admin/liability.csv",
             "/v1/admin/liability.svg"),
        ),
        Part("ledger", Words("账本", "Ledger"), ("/v1/admin/ledger", "/v1/admin/jobs")),
        Part("audit", Words("操作审计", "Audit"), ("/v1/admin/audit",)),
    )),
    Group(Words("服务", "Service"), (
        Part("webhooks", Words("支付通知", "Webhooks"), ("/v1/webhooks",)),
        Part(
            "service", Words("服务信息", "Service"),
            ("/v1/program", "/v1/clock", "/v1/health", "/openapi.json", "/docs"),
        ),
    )),
)  # fmt: skip

_PLACES = {
    path: (number, part.tag)
    for number, (path, part) in enumerate(
        (path, part) for group in GROUPS for part in group.parts for path in part.paths
    )
}


def tag_of(path: str) -> str:
    """The tag of the longest of the parts' paths that this one is, or is below.

    Raises LookupError for a path that no part has: GROUPS is where it gets one.
    """
    return _place(path)[1]


def in_order(paths: Sequence[str]) -> list[str]:
    """The paths by group and part, the whole of a thing before what is below it, then by name:
    which module of routes came first is chance."""
    return sorted(paths, key=lambda path: (_place(path), path.count("/"), path))


def _place(path: str) -> tuple[int, str]:
    at = path
    while at:
        if at in _PLACES:
            return _PLACES[at]
        at = at.rpartition("/")[0]
    raise LookupError(f"{path} is in no group of the document")


def tags_and_groups(paths: Sequence[str], language: str) -> dict[str, Any]:
    """The document's `tags`, and the `x-tagGroups` that viewers show them in, of these paths."""
    used = {tag_of(path) for path in paths}
    return {
        "tags": [
            {"name": part.tag, "x-displayName": part.title.in_language(language)}
            for group in GROUPS
            for part in group.parts
            if part.tag in used
        ],
        "x-tagGroups": [
            {"name": group.title.in_language(language), "tags": tags}
            for group in GROUPS
            if (tags := [part.tag for part in group.parts if part.tag in used])
        ],
    }
