"""The kinds of record in each table, by key, and whether today's code can read them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache
from inspect import signature
from typing import Any, NamedTuple

from chalicelib.audit.tables import ActItem
from chalicelib.catalog.tables import brands as catalog_brands
from chalicelib.catalog.tables import categories as catalog_tree
from chalicelib.catalog.tables import (
    favourites,
    freight,
    movements,
    openings,
    pools,
    ratings,
    slots,
    stock,
    stores,
)
from chalicelib.catalog.tables import items as catalog
from chalicelib.catalog.tables import uploads as catalog_uploads
from chalicelib.earning import tables as earning
from chalicelib.earning.tables import days as earning_days
from chalicelib.earning.tables import limits as earning_limits
from chalicelib.earning.tables import people as earning_people
from chalicelib.earning.tables import referrals as earning_referrals
from chalicelib.earning.tables import replays as earning_replays
from chalicelib.earning.tables import rules as earning_rules
from chalicelib.earning.tables import tasks as earning_tasks
from chalicelib.finance.tables import invoices, liability, rebuilds, reconciliations, settlements
from chalicelib.kernel.errors import Unreadable
from chalicelib.kernel.store.tables import Item, connection, unreadable
from chalicelib.ledger.tables import accounts, adjustments, entries, jobs, totals, waiting
from chalicelib.members.tables import externals
from chalicelib.members.tables import items as members
from chalicelib.members.tables import merging as member_merging
from chalicelib.members.tables import policies as member_policies
from chalicelib.members.tables import referrals as member_codes
from chalicelib.notify import tables as notify
from chalicelib.orders import tables as orders
from chalicelib.orders.tables import cart, counter, imports, notes, reviews, sales, tracking
from chalicelib.orders.tables import returns as order_returns
from chalicelib.payments.tables import journal, payments, webhooks
from chalicelib.privacy import tables as privacy
from chalicelib.risk import tables as risk
from chalicelib.tiers import tables as tiers
from chalicelib.withdrawals.tables import payout_accounts, withdrawals
from infra.cli.campaign_records import KEPT_OF_CAMPAIGNS
from infra.cli.coupon_records import KEPT_OF_COUPONS
from infra.cli.errors import CommandFailed
from infra.cli.terminal import number

# Table, how the partition key and the sort key begin, the class of such items. The first that
# fits is meant.
KEPT: tuple[tuple[str, str, str, type[Item]], ...] = (
    ("audit", "SUB#", "ACT#", ActItem),
    ("campaigns", "EVT#", "EVENT", earning.EventItem),
    ("campaigns", "EVT#", "ITEMS", earning.SoldItemsItem),
    ("campaigns", "PAID#", "PAID", earning.PartnerOrderItem),
    ("campaigns", "UNM#", "", earning.UnmatchedItem),
    ("campaigns", "REFUNDS#", "", earning.WaitingRefundItem),
    ("campaigns", "TASKS", "PUBLISHED#", earning_tasks.PublishedItem),
    ("campaigns", "TASKS", "", earning_tasks.TaskItem),
    ("campaigns", "MADE#", "TASK", earning_tasks.MadeTaskItem),
    ("campaigns", "CHK#", "", earning_tasks.CheckInsItem),
    ("campaigns", "TASK#", "", earning_tasks.ProgressItem),
    ("campaigns", "CLAIM#", "CLAIM", earning_tasks.ClaimItem),
    ("campaigns", "OPENED#", "", earning_tasks.OpenedItem),
    ("campaigns", "COMPLETED#", "", earning_tasks.CompletedItem),
    ("campaigns", "REFS#", "", earning_referrals.ReferralItem),
    ("campaigns", "REFDUE#", "", earning_referrals.DueReferralItem),
    ("campaigns", "RULE#", "V#", earning_rules.RuleVersionItem),
    ("campaigns", "RULESET", "HEAD", earning_rules.RuleSetItem),
    ("campaigns", "RULESET", "PART#", earning_rules.RulePartItem),
    ("campaigns", "RULES", "", earning_rules.RuleItem),
    ("campaigns", "CAP#", "CAP", earning_limits.CapItem),
    ("campaigns", "BUDGET#", "LEFT", earning_limits.BudgetItem),
    ("campaigns", "DAY#", "", earning_days.EventDayItem),
    ("campaigns", "MEMBER#", "FACTS", earning_people.MemberFactsItem),
    ("campaigns", "REPLAY#", "REPLAY", earning_replays.ReplayItem),
    ("campaigns", "REPLAY#", "RULES#", earning_replays.ReplayPartItem),
    ("campaigns", "REPLAY#", "STATE#", earning_replays.ReplayPartItem),
    ("campaigns", "REPLAYS#", "JOB#", earning_replays.ReplayOfRuleItem),
    *KEPT_OF_CAMPAIGNS,
    *KEPT_OF_COUPONS,
    ("catalog", "PRD#", "PRODUCT", catalog.ProductItem),
    ("catalog", "PRD#", "TERMS", stock.TermsItem),
    ("catalog", "SKU#", "SHARD#", stock.StockItem),
    ("catalog", "SKU#", "RESTOCK#", stock.RestockItem),
    ("catalog", "SKU#", "CORRECT#", stock.RestockItem),
    ("catalog", "PRD#", "RATING", ratings.RatingItem),
    ("catalog", "PRD#", "STOCK", movements.SummaryItem),
    ("catalog", "MOVES#", "", movements.MovementItem),
    ("catalog", "ALERTS", "", movements.AlertItem),
    ("catalog", "SHELF#", "", catalog.ShelfItem),
    ("catalog", "FAV#", "prd_", favourites.FavouriteItem),
    ("catalog", "CATEGORIES", "", catalog.CategoryItem),
    ("catalog", "FREIGHT", "", freight.FreightItem),
    ("catalog", "OPENINGS", "NOW", openings.OpeningsItem),
    ("catalog", "MADE#", "CATEGORY", catalog.MadeCategoryItem),
    ("catalog", "CATEGORY-TREE", "TREE", catalog_tree.TreeItem),
    ("catalog", "BRANDS", "", catalog_brands.BrandItem),
    ("catalog", "UPLOAD#", "UPLOAD", catalog_uploads.UploadItem),
    ("catalog", "UPLOADS#", "", catalog_uploads.UploadCountItem),
    ("catalog", "MADE#", "BRAND", catalog_brands.MadeBrandItem),
    ("catalog", "MADE#", "SLOTS", slots.MadeSlotsItem),
    ("catalog", "SLOTS#", "slt_", slots.SlotItem),
    ("catalog", "STORES", "sto_", stores.StoreItem),
    ("catalog", "POOL#", "POOL", pools.PoolItem),
    ("catalog", "POOL#", "COUNT#", pools.IssuedItem),
    ("catalog", "POOL#", "FREE#", pools.CodeItem),
    ("catalog", "POOL#", "ISSUED#", pools.CodeItem),
    ("catalog", "IMPORT#", "IMPORT", pools.ImportItem),
    ("finance", "BEGINNING", "BEGINNING", settlements.BeginningItem),
    ("finance", "SETTLED#", "", settlements.SettlementItem),
    ("finance", "REBUILD#", "REBUILD", rebuilds.RebuildItem),
    ("finance", "LIABILITIES", "", liability.LiabilityItem),
    ("finance", "LIABILITY#", "SHARD#", liability.StandingItem),
    ("finance", "RECONCILED", "", reconciliations.ReconciledDayItem),
    ("finance", "FINDING#", "FINDING", reconciliations.CaseItem),
    ("finance", "INVOICE#", "INVOICE", invoices.InvoiceItem),
    ("finance", "INVOICED#", "ORDER", invoices.InvoicedOrderItem),
    ("finance", "NUMBER#", "NUMBER", invoices.NumberItem),
    ("ledger", "ACC#", "ACCOUNT", accounts.AccountItem),
    ("ledger", "ACC#", "ENT#", entries.EntryItem),
    ("ledger", "ACC#", "PND#", waiting.PendingItem),
    ("ledger", "ACC#", "STATUS#", accounts.StatusItem),
    ("ledger", "HLD#", "HOLD", waiting.HoldItem),
    ("ledger", "ESC#", "", waiting.EscrowItem),
    ("ledger", "ADJ#", "ADJUSTMENT", adjustments.AdjustmentItem),
    ("ledger", "JOB#", "JOB", jobs.JobItem),
    ("ledger", "JOB#", "SEG#", jobs.PartItem),
    ("ledger", "JOBS", "", jobs.LastJobItem),
    ("ledger", "TOTALS#", "", totals.TotalsItem),
    ("members", "MBR#", "PROFILE", members.ProfileItem),
    ("members", "MBR#", "IDN#", members.LinkedItem),
    ("members", "MBR#", "ADR#", members.AddressItem),
    ("members", "MBR#", "SES#", members.SessionItem),
    ("members", "MBR#", "EXT#", externals.ExternalItem),
    ("members", "MBR#", "STAFF-NOTE#", externals.StaffNoteItem),
    ("members", "MBR#", "CNS#", member_policies.ConsentItem),
    ("members", "POLICIES", "PUBLISHED", member_policies.PublishedItem),
    ("members", "POLICIES", "pol_", member_policies.PolicyItem),
    ("members", "IDN#", "IDENTITY", members.IdentityItem),
    ("members", "MBR#", "ERASED", members.ErasedItem),
    ("members", "MBR#", "ALIAS", member_merging.MergedItem),
    ("members", "MERGES", "", privacy.MergeItem),
    ("members", "ERASURES", "", privacy.ErasureItem),
    ("members", "EXPORT#", "EXPORT", privacy.ExportItem),
    ("members", "EXPORTS", "", privacy.WaitingExportItem),
    ("members", "OTP#", "CHALLENGE", members.ChallengeItem),
    ("members", "RATE#", "CODES", members.SentCodesItem),
    ("members", "RATE#", "", members.RateItem),
    ("members", "CODES#", "", members.CodeHourItem),
    ("members", "GRT#", "GRANT", members.GrantItem),
    ("members", "STA#", "STATE", members.StateItem),
    ("members", "REF#", "CODE", member_codes.ReferralCodeItem),
    ("members", "WAS#", "", member_codes.FormerItem),
    ("risk", "MBR#", "CASE", risk.RiskCaseItem),
    ("risk", "MBR#", "DUE", risk.DueItem),
    ("risk", "MBR#", "USE#", risk.UseItem),
    ("risk", "DEVICE#", "", risk.UseItem),
    ("risk", "NETWORK#", "", risk.UseItem),
    ("risk", "RULES", "", risk.RulesItem),
    ("notify", "MBR#", "NTC#", notify.NoticeItem),
    ("notify", "GVN#", "", notify.GivenItem),
    ("notify", "GFT#", "INVITATION", notify.InvitationItem),
    ("notify", "OPS#", "LETTER", notify.OpsLetterItem),
    ("notify", "TXT#", "", notify.TextCountItem),
    ("orders", "ord_", "ORDER", orders.OrderItem),
    ("orders", "ord_", "NOTE#", notes.NoteItem),
    ("orders", "ord_", "PRICING", orders.PricingItem),
    ("orders", "CART#", "CART", cart.CartItem),
    ("orders", "ret_", "RETURN", order_returns.ReturnItem),
    ("orders", "ord_", "VOUCHERS", counter.VouchersItem),
    ("orders", "VOUCHER#", "VOUCHER", counter.VoucherItem),
    ("orders", "SLOT#", "", counter.BookedItem),
    ("orders", "CODES#", "WRONG", counter.WrongCodesItem),
    ("orders", "PARCEL#", "EVENT#", tracking.ParcelEventItem),
    ("orders", "TAKEN#", "", orders.TakenItem),
    ("orders", "TRACK#", "", orders.TrackingItem),
    ("orders", "rvw_", "REVIEW", reviews.ReviewItem),
    ("orders", "REVIEWER#", "", reviews.WrittenItem),
    ("orders", "REVIEWED#", "", reviews.ReviewedItem),
    ("orders", "HELPFUL#", "", reviews.HelpfulItem),
    ("orders", "IMPORT#", "IMPORT", imports.ImportItem),
    ("orders", "IMPORT#", "PART#", imports.ImportPartItem),
    ("orders", "SALES#", "", sales.SoldItem),
    ("orders", "SALES", "DIRTY#", sales.DirtyDayItem),
    ("orders", "SELLERS#", "", sales.SellerItem),
    ("orders", "SELLERS", "LATEST", sales.ReportItem),
    ("tiers", "LADDER", "JUDGING", tiers.JudgingItem),
    ("tiers", "LADDER", "", tiers.LadderItem),
    ("tiers", "FORECAST#", "FORECAST", tiers.ForecastItem),
    ("tiers", "TIER#", "STANDING", tiers.StandingItem),
    ("tiers", "TIER#", "ACT#", tiers.ActivityItem),
    ("tiers", "TIER#", "HIST#", tiers.StepItem),
    ("payments", "CASH#", "ENTRY", journal.CashEntryItem),
    ("payments", "PAY#", "PAYMENT", payments.PaymentItem),
    ("payments", "PAY#", "KEY#", payments.StartItem),
    ("payments", "PAY#", "REF#", payments.RefundItem),
    ("payments", "PAY#", "OUT#", payments.RefundItem),
    ("payments", "WHK#", "", webhooks.WebhookItem),
    ("payments", "WDR#", "WITHDRAWAL", withdrawals.WithdrawalItem),
    ("payments", "MEM#", "ACCOUNT", payout_accounts.PayoutAccountItem),
    ("payments", "MEM#", "LIMIT#", withdrawals.LimitItem),
    ("payments", "MEM#", "WDR#", withdrawals.MineItem),
    ("payments", "BNK#", "FILE", withdrawals.BankFileItem),
)
Image = Mapping[str, Any]
MOST_TOLD = 100


class Unread(NamedTuple):
    """A record that cannot be read: where it is, and why."""

    table: str
    key: str
    why: str


def kind_of(table: str, image: Image) -> type[Item] | None:
    """The class of a stored item, None if no class has such keys."""
    pk, sk = image["pk"]["S"], image["sk"]["S"]
    for where, partition, sort, kind in KEPT:
        if where == table and pk.startswith(partition) and sk.startswith(sort):
            return kind
    return None


def read(table: str, image: Image) -> Any:
    """The item as today's code reads it, with its value if its class has one.

    Raises Unreadable.
    """
    kind = kind_of(table, image)
    if kind is None:
        raise _unread(table, image, "nobody's keys")
    item = kind.from_raw_data(dict(image))
    return item.value() if _tells_value(kind) else item


@cache
def _tells_value(kind: type[Item]) -> bool:
    """Whether its class makes a value of an item alone."""
    value = getattr(kind, "value", None)
    return value is not None and len(signature(value).parameters) == 1


def _unread(table: str, image: Image, why: str) -> Unreadable:
    made = unreadable(table, image, LookupError(why))
    made.__cause__ = LookupError(why)
    return made


def unread_in(table: str, counted: Counter[str]) -> Iterator[Unread]:
    """The records of a table that cannot be read, by Scan; all are `counted` by table."""
    from chalicelib.kernel.config import config

    client: Any = connection().client
    name = config().table(table)
    for page in client.get_paginator("scan").paginate(TableName=name):
        for image in page["Items"]:
            counted[table] += 1
            try:
                read(table, image)
            except Unreadable as error:
                why = error.__cause__ or error
                key = f"{image['pk']['S']} {image['sk']['S']}"
                yield Unread(name, key, f"{type(why).__name__}: {why}"[:200])


def tell_unread() -> None:
    """Read all records and print the unreadable ones.

    Raises CommandFailed if there is any.
    """
    counted: Counter[str] = Counter()
    found: list[Unread] = []
    for table in tables():
        found += unread_in(table, counted)
        print(f"{table:<10} {counted[table]}")
    print(f"problems   {len(found)}")
    for each in found[:MOST_TOLD]:
        print(f"  {each.table} {each.key}: {each.why}")
    if found:
        raise CommandFailed(f"{number(len(found), 'record')} cannot be read")


def tables() -> list[str]:
    return sorted({table for table, *_ in KEPT})
