import { Tickets } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/invoices",
    title: "title",
    reads: "GET /v1/admin/invoices",
    component: () => import("./InvoicesPage.vue"),
    menu: { icon: Tickets, group: "payouts", after: 42 },
  },
  {
    path: "/invoices/:id",
    title: "one",
    reads: "GET /v1/admin/invoices/{id}",
    component: () => import("./InvoicePage.vue"),
  },
] satisfies Page[];
