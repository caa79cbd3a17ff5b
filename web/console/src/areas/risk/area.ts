import { Warning } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/risk",
    title: "title",
    reads: "GET /v1/admin/risk/cases",
    component: () => import("./CasesPage.vue"),
    menu: { icon: Warning, group: "members", after: 14 },
  },
  {
    path: "/risk-rules",
    title: "rules.title",
    reads: "GET /v1/admin/risk/rules",
    component: () => import("./RulesPage.vue"),
  },
  {
    path: "/risk/:id",
    title: "one",
    reads: "GET /v1/admin/risk/cases/{member_id}",
    component: () => import("./CasePage.vue"),
  },
] satisfies Page[];
