import { Clock, Loading } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/audit",
    title: "title",
    reads: "GET /v1/admin/audit",
    component: () => import("./AuditPage.vue"),
    menu: { icon: Clock, group: "system", after: 60 },
  },
  {
    path: "/jobs",
    title: "jobs.title",
    reads: "GET /v1/admin/jobs/{id}",
    component: () => import("./JobsPage.vue"),
    menu: { icon: Loading, group: "system", after: 61 },
  },
] satisfies Page[];
