import { Picture } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/places",
    title: "title",
    reads: "GET /v1/admin/places",
    component: () => import("./PlacesPage.vue"),
    menu: { icon: Picture, group: "marketing", after: 50 },
  },
] satisfies Page[];
