import { Medal } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/tiers",
    title: "title",
    reads: "GET /v1/admin/tiers",
    component: () => import("./LadderPage.vue"),
    menu: { icon: Medal, group: "members", after: 13 },
  },
] satisfies Page[];
