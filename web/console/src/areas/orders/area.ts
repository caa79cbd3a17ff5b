import { List, Van } from "@element-plus/icons-vue";

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
    path: "/orders/shipping",
    title: "shipping.title",
    reads: "POST /v1/admin/imports/shipments",
    component: () => import("./shipping/ShipFilePage.vue"),
    menu: { icon: Van, group: "orders", after: 21 },
  },
  {
    path: "/orders/:id",
    title: "one",
    reads: "GET /v1/admin/orders/{id}",
    component: () => import("./OrderPage.vue"),
  },
] satisfies Page[];
