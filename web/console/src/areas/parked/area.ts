import { Warning } from "@element-plus/icons-vue";

import type { Area } from "@/areas";

const parked: Area = {
  name: "parked",
  pages: [
    {
      path: "/parked",
      title: "title",
      reads: "GET /v1/admin/parked",
      component: () => import("./ParkedPage.vue"),
      menu: { icon: Warning, after: 66 },
    },
  ],
};

export default parked;
