import { Trophy } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/lotteries",
    title: "title",
    reads: "GET /v1/admin/lotteries",
    component: () => import("./LotteriesPage.vue"),
    menu: { icon: Trophy, group: "marketing", after: 39.6 },
  },
] satisfies Page[];
