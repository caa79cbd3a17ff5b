import { Connection, WarnTriangleFilled } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/findings",
    title: "findings.title",
    reads: "GET /v1/admin/reconciliation-findings",
    component: () => import("./FindingsPage.vue"),
    menu: { icon: WarnTriangleFilled, group: "books", after: 45 },
  },
  {
    path: "/reconciliations",
    title: "title",
    reads: "GET /v1/admin/reconciliations",
    component: () => import("./DaysPage.vue"),
    menu: { icon: Connection, group: "books", after: 46 },
  },
  {
    path: "/reconciliations/:day",
    title: "one",
    reads: "GET /v1/admin/reconciliations/{day}",
    component: () => import("./DayPage.vue"),
  },
] satisfies Page[];
