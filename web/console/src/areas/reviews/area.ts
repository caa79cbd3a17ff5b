import { ChatLineSquare } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/reviews",
    title: "title",
    reads: "GET /v1/admin/reviews",
    component: () => import("./ReviewsPage.vue"),
    menu: { icon: ChatLineSquare, group: "orders", after: 28 },
  },
] satisfies Page[];
