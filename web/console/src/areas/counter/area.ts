import { Calendar, Shop, Stamp } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/counter",
    title: "counter.title",
    reads: "GET /v1/admin/vouchers/{code}",
    component: () => import("./CounterPage.vue"),
    menu: { icon: Stamp, group: "orders", after: 25 },
  },
  {
    path: "/stores",
    title: "stores.title",
    reads: "GET /v1/admin/stores",
    component: () => import("./StoresPage.vue"),
    menu: { icon: Shop, group: "goods", after: 37 },
  },
  {
    path: "/slots",
    title: "slots.title",
    reads: "GET /v1/admin/slots",
    component: () => import("./SlotsPage.vue"),
    menu: { icon: Calendar, group: "goods", after: 38 },
  },
  {
    path: "/slots/:id",
    title: "slots.bookings",
    reads: "GET /v1/admin/slots/{id}/bookings",
    component: () => import("./BookingsPage.vue"),
  },
] satisfies Page[];
