import { House } from "@element-plus/icons-vue";

import type { Area } from "@/areas";

const home: Area = {
  name: "home",
  pages: [
    {
      path: "/",
      title: "title",
      reads: "GET /v1/admin/members",
      component: () => import("./StartPage.vue"),
      menu: { icon: House, after: 0 },
    },
  ],
};

export default home;
