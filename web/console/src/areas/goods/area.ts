import {
  Bell,
  Box,
  Collection,
  Goods,
  Medal,
  Ticket,
  TrendCharts,
  Van,
} from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/products",
    title: "title",
    reads: "GET /v1/admin/products",
    component: () => import("./ProductsPage.vue"),
    menu: { icon: Goods, group: "goods", after: 30 },
  },
  {
    path: "/products/new",
    title: "editor.new",
    reads: "POST /v1/admin/products",
    component: () => import("./NewProductPage.vue"),
  },
  {
    path: "/products/:id",
    title: "one",
    reads: "GET /v1/admin/products/{id}",
    component: () => import("./ProductPage.vue"),
  },
  {
    path: "/categories",
    title: "categories.title",
    reads: "GET /v1/admin/categories",
    component: () => import("./categories/CategoriesPage.vue"),
    menu: { icon: Collection, group: "goods", after: 31 },
  },
  {
    path: "/brands",
    title: "brands.title",
    reads: "GET /v1/admin/brands",
    component: () => import("./brands/BrandsPage.vue"),
    menu: { icon: Medal, group: "goods", after: 32 },
  },
  {
    path: "/freight",
    title: "freight.title",
    reads: "GET /v1/admin/freight-templates",
    component: () => import("./freight/FreightPage.vue"),
    menu: { icon: Van, group: "goods", after: 39 },
  },
  {
    path: "/skus",
    title: "stock.title",
    reads: "GET /v1/admin/skus",
    component: () => import("./stock/SkusPage.vue"),
    menu: { icon: Box, group: "goods", after: 33 },
  },
  {
    path: "/skus/:sku",
    title: "stock.one",
    reads: "GET /v1/admin/skus/{sku}",
    component: () => import("./stock/SkuPage.vue"),
  },
  {
    path: "/skus/:sku/movements",
    title: "moves.title",
    reads: "GET /v1/admin/skus/{sku}/movements",
    component: () => import("./stock/MovementsPage.vue"),
  },
  {
    path: "/stock-alerts",
    title: "alerts.title",
    reads: "GET /v1/admin/stock-alerts",
    component: () => import("./stock/AlertsPage.vue"),
    menu: { icon: Bell, group: "goods", after: 34 },
  },
  {
    path: "/sellers",
    title: "sellers.title",
    reads: "GET /v1/admin/reports/sellers",
    component: () => import("./sellers/SellersPage.vue"),
    menu: { icon: TrendCharts, group: "goods", after: 36 },
  },
  {
    path: "/code-pools",
    title: "codes.title",
    reads: "GET /v1/admin/skus",
    component: () => import("./codes/PoolsPage.vue"),
    menu: { icon: Ticket, group: "goods", after: 35 },
  },
  {
    path: "/code-pools/:sku",
    title: "codes.one",
    reads: "GET /v1/admin/code-pools/{sku}",
    component: () => import("./codes/PoolPage.vue"),
  },
] satisfies Page[];
