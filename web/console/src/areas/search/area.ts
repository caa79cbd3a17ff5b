import type { Page } from "@/areas";

export default [
  {
    path: "/search",
    title: "title",
    reads: "GET /v1/admin/members",
    component: () => import("./SearchPage.vue"),
  },
] satisfies Page[];
