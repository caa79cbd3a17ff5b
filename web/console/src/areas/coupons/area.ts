import { Ticket } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/coupon-templates",
    title: "title",
    reads: "GET /v1/admin/coupon-templates",
    component: () => import("./TemplatesPage.vue"),
    menu: { icon: Ticket, group: "marketing", after: 40 },
  },
  {
    path: "/coupon-templates/:id",
    title: "titleOne",
    reads: "GET /v1/admin/coupon-templates/{id}",
    component: () => import("./TemplatePage.vue"),
  },
] satisfies Page[];
