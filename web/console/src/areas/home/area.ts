import { House, Warning } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/",
    title: "title",
    reads: "GET /v1/admin/overview",
    component: () => import("./StartPage.vue"),
    menu: { icon: House, group: "start", after: 0 },
  },
  {
    path: "/parked",
    title: "parked.title",
    reads: "GET /v1/admin/parked",
    component: () => import("./ParkedPage.vue"),
    menu: { icon: Warning, group: "system", after: 69 },
  },
] satisfies Page[];
