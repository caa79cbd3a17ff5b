import { Document, Iphone } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/policies",
    title: "title",
    reads: "GET /v1/admin/policies",
    component: () => import("./PoliciesPage.vue"),
    menu: { icon: Document, group: "members", after: 18 },
  },
  {
    path: "/login-codes",
    title: "codes.title",
    reads: "GET /v1/admin/login-codes",
    component: () => import("./LoginCodesPage.vue"),
    menu: { icon: Iphone, group: "members", after: 19 },
  },
] satisfies Page[];
