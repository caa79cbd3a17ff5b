import { Box, RefreshLeft } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/refunds",
    title: "title",
    reads: "GET /v1/admin/refunds",
    component: () => import("./RefundsPage.vue"),
    menu: { icon: RefreshLeft, group: "orders", after: 21 },
  },
  {
    path: "/cod-remittances",
    title: "remit.title",
    reads: "POST /v1/admin/cod-remittances",
    component: () => import("./RemittancePage.vue"),
    menu: { icon: Box, group: "orders", after: 22 },
  },
] satisfies Page[];
