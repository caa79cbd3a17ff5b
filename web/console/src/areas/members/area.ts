import { Finished, User } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/members",
    title: "title",
    reads: "GET /v1/admin/members",
    component: () => import("./MembersPage.vue"),
    menu: { icon: User, group: "members", after: 10 },
  },
  {
    path: "/members/:id",
    title: "one",
    reads: "GET /v1/admin/members/{id}",
    component: () => import("./MemberPage.vue"),
  },
  {
    path: "/adjustments",
    title: "adjustments.title",
    reads: "GET /v1/admin/adjustments",
    component: () => import("./AdjustmentsPage.vue"),
    menu: { icon: Finished, group: "members", after: 11 },
  },
] satisfies Page[];
