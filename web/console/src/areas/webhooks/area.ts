import { Bell } from "@element-plus/icons-vue";

import type { Area } from "@/areas";

const webhooks: Area = {
  name: "webhooks",
  pages: [
    {
      path: "/webhooks",
      title: "title",
      reads: "GET /v1/admin/webhooks",
      component: () => import("./WebhooksPage.vue"),
      menu: { icon: Bell, group: "system", after: 65 },
    },
  ],
};

export default webhooks;
