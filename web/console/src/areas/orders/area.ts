import { List } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/orders",
    title: "title",
    reads: "GET /v1/admin/orders",
    component: () => import("./OrdersPage.vue"),
    menu: { icon: List, group: "orders", after: 20 },
  },
  {
    path: "/orders/:id",
    title: "one",
    reads: "GET /v1/admin/orders/{id}",
    component: () => import("./OrderPage.vue"),
  },
] satisfies Page[];
