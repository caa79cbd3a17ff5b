"""The catalog for ops: products, categories, code pools. Codes are never shown."""

from __future__ import annotations

from chalice.app import Blueprint

from chalicelib import audit
from chalicelib.catalog.actions import categories, codes, products
from chalicelib.catalog.errors import (
    CategoryExists,
    CodesAreForVirtualGoods,
    QueryHasNoWords,
    QueryTooLong,
    SkuExists,
)
from chalicelib.catalog.queries import categories as category_queries
from chalicelib.catalog.queries import pools, staff_lists
from chalicelib.catalog.queries import products as queries
from chalicelib.catalog.queries.offers import find_offers
from chalicelib.catalog.routes import examples, views
from chalicelib.catalog.routes.stock_views import ImportView, PoolView
from chalicelib.catalog.routes.views import (
    AdminCategoryView,
    AdminProduct,
    AdminProductRow,
)
from chalicelib.catalog.rules.codes import CodesIn
from chalicelib.catalog.rules.drafts import (
    CategoryChange,
    CategoryDraft,
    ProductChange,
    ProductDraft,
)
from chalicelib.catalog.rules.products import Product, Status
from chalicelib.catalog.tables.pools import ImportItem
from chalicelib.kernel.cursors import Page, PageQuery
from chalicelib.kernel.errors import (
    Stale,
)
from chalicelib.kernel.shapes import shaped
from chalicelib.kernel.texts import SearchWords
from chalicelib.kernel.web.auth import ADMIN, AGENT, OPS
from chalicelib.kernel.web.http import Reply, answer_of, replayable, route
from chalicelib.kernel.web.requests import Call

catalog_admin = Blueprint(__name__)

READERS = (AGENT, OPS, ADMIN)
WRITERS = (OPS, ADMIN)
IF_MATCH = [("If-Match", "The version that the change builds on")]


class AdminProductsQuery(PageQuery, forbid_unknown_fields=True, kw_only=True):
    """All products, or those of one status, or whose title, id or SKU has the words of `q`."""

    status: Status | None = None
    q: SearchWords | None = None


@route(
    catalog_admin, "POST", "/v1/admin/categories",
    summary="Create a category",
    roles=WRITERS, body=CategoryDraft, answer=AdminCategoryView, status=201, key=True,
    may_raise=[CategoryExists],
    example={"request": examples.CATEGORY_DRAFT, "answer": examples.ADMIN_CATEGORY},
)  # fmt: skip
def create_category(call: Call) -> Reply:
    act = audit.act_of(call, "category.create", call.body.id)
    made_id, content = call.derived_id("cat"), call.content_digest
    made = categories.create_category(call.body, made_id, content, act)
    return answer_of(made, views.admin_category)


@route(
    catalog_admin, "GET", "/v1/admin/categories",
    summary="List the categories with their versions",
    roles=READERS, query=PageQuery, answer=Page[AdminCategoryView],
    example={"answer": examples.ADMIN_CATEGORIES},
)  # fmt: skip
def list_admin_categories(call: Call) -> Reply:
    return Reply(category_queries.list_categories(call.query).shown(views.admin_category))


@route(
    catalog_admin, "PATCH", "/v1/admin/categories/{id}",
    summary="Change a category",
    roles=WRITERS, body=CategoryChange, answer=AdminCategoryView, headers=IF_MATCH,
    may_raise=[Stale],
    example={"request": examples.CATEGORY_CHANGE, "answer": examples.ADMIN_CATEGORY},
)  # fmt: skip
def change_category(call: Call) -> Reply:
    act = audit.act_of(call, "category.change", call.path["id"])
    category = categories.update_category(call.path["id"], call.body, call.seen_version, act)
    return Reply(views.admin_category(category))


@route(
    catalog_admin, "POST", "/v1/admin/products",
    summary="Create a product with its SKUs and their first stock",
    roles=WRITERS, body=ProductDraft, answer=AdminProduct, status=201, key=True,
    may_raise=[SkuExists],
    example={"request": examples.PRODUCT_DRAFT, "answer": examples.ADMIN_PRODUCT},
)  # fmt: skip
def create_product(call: Call) -> Reply:
    product_id, content = call.derived_id("prd"), call.content_digest
    act = audit.act_of(call, "product.create", product_id)
    made = products.create_product(call.body, product_id, content, call.now, act)
    return answer_of(made, _shown)


@route(
    catalog_admin, "GET", "/v1/admin/products",
    summary="List all products, newest first",
    roles=READERS, query=AdminProductsQuery, answer=Page[AdminProductRow],
    may_raise=[QueryTooLong, QueryHasNoWords],
    example={"answer": examples.ADMIN_PRODUCTS},
)  # fmt: skip
def list_admin_products(call: Call) -> Reply:
    asked: AdminProductsQuery = call.query
    if asked.q is None:
        return Reply(queries.list_all(asked.status, asked).shown(views.admin_row))
    return Reply(staff_lists.search_all(asked.q, asked.status, asked).shown(views.admin_row))


@route(
    catalog_admin, "GET", "/v1/admin/products/{id}",
    summary="Show a product in full",
    roles=READERS, answer=AdminProduct,
    example={"answer": examples.ADMIN_PRODUCT},
)  # fmt: skip
def show_admin_product(call: Call) -> Reply:
    return Reply(_shown(queries.get_product(call.path["id"])))


@route(
    catalog_admin, "PATCH", "/v1/admin/products/{id}",
    summary="Change any part of a product; SKUs are added or given new specs, never removed",
    roles=WRITERS, body=ProductChange, answer=AdminProduct, headers=IF_MATCH,
    may_raise=[Stale, SkuExists],
    example={"request": examples.PRODUCT_CHANGE, "answer": examples.CHANGED_PRODUCT},
)  # fmt: skip
def change_product(call: Call) -> Reply:
    product_id, version = call.path["id"], call.seen_version
    act = audit.act_of(call, "product.change", product_id)
    product = products.update_product(product_id, call.body, version, call.now, act)
    return Reply(_shown(product))


@route(
    catalog_admin, "POST", "/v1/admin/code-pools/{sku}/codes",
    summary="Import codes into the pool of a virtual SKU",
    roles=WRITERS, body=CodesIn, answer=ImportView, status=201, key=True,
    may_raise=[CodesAreForVirtualGoods],
    example={"request": examples.CODES, "answer": examples.IMPORT},
)  # fmt: skip
def import_codes(call: Call) -> Reply:
    sku, import_id = call.path["sku"], call.derived_id("imp")
    record = ImportItem.key(import_id)
    record.id, record.made_by = import_id, call.member_id
    act = audit.act_of(call, "codes.import", sku)
    made, replayed = codes.import_codes(sku, call.body.codes, record, call.now, act)
    free = pools.count_codes(sku).free
    return replayable(shaped(ImportView, made, free=free), replayed=replayed)


@route(
    catalog_admin, "GET", "/v1/admin/code-pools/{sku}",
    summary="Count the free and the issued codes of a virtual SKU",
    roles=READERS, answer=PoolView,
    example={"answer": examples.POOL},
)  # fmt: skip
def show_code_pool(call: Call) -> Reply:
    sku = call.path["sku"]
    return Reply(PoolView(sku, *pools.count_codes(sku)))


def _shown(product: Product) -> AdminProduct:
    offers = find_offers([sku.sku for sku in product.skus], consistent=True)
    return views.admin_product(product, offers)
