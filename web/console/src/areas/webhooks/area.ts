import { Bell } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/webhooks",
    title: "title",
    reads: "GET /v1/admin/webhooks",
    component: () => import("./WebhooksPage.vue"),
    menu: { icon: Bell, group: "system", after: 65 },
  },
] satisfies Page[];
