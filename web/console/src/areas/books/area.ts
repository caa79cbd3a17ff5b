import { Notebook, ScaleToOriginal } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/settlements",
    title: "title",
    reads: "GET /v1/admin/settlements",
    component: () => import("./SettlementsPage.vue"),
    menu: { icon: Notebook, group: "books", after: 43 },
  },
  {
    path: "/settlements/:id",
    title: "one",
    reads: "GET /v1/admin/settlements/{id}",
    component: () => import("./SettlementPage.vue"),
  },
  {
    path: "/trial-balances",
    title: "balance.title",
    reads: "GET /v1/admin/trial-balances/{month}",
    component: () => import("./TrialBalancePage.vue"),
    menu: { icon: ScaleToOriginal, group: "books", after: 44 },
  },
] satisfies Page[];
