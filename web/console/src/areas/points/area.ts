import { DataLine, TrendCharts } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/liability",
    title: "title",
    reads: "GET /v1/admin/liability",
    component: () => import("./LiabilityPage.vue"),
    menu: { icon: TrendCharts, group: "books", after: 47 },
  },
  {
    path: "/totals",
    title: "totals.title",
    reads: "GET /v1/admin/ledger/totals",
    component: () => import("./TotalsPage.vue"),
    menu: { icon: DataLine, group: "books", after: 48 },
  },
  {
    path: "/verification",
    title: "verify.title",
    reads: "GET /v1/admin/ledger/verify",
    component: () => import("./VerifyPage.vue"),
  },
] satisfies Page[];
