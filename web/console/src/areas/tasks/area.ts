import { Present } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/tasks",
    title: "title",
    reads: "GET /v1/admin/tasks",
    component: () => import("./TasksPage.vue"),
    menu: { icon: Present, group: "members", after: 14 },
  },
] satisfies Page[];
