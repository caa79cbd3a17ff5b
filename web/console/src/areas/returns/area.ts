import { Sort } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/returns",
    title: "title",
    reads: "GET /v1/admin/returns",
    component: () => import("./ReturnsPage.vue"),
    menu: { icon: Sort, group: "orders", after: 20 },
  },
  {
    path: "/returns/:id",
    title: "one",
    reads: "GET /v1/admin/returns/{id}",
    component: () => import("./ReturnPage.vue"),
  },
] satisfies Page[];
