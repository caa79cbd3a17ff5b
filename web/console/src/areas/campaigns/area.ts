import { Promotion } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/campaigns",
    title: "title",
    reads: "GET /v1/admin/campaigns",
    component: () => import("./CampaignsPage.vue"),
    menu: { icon: Promotion, group: "marketing", after: 30 },
  },
  {
    path: "/campaigns/new",
    title: "new",
    reads: "POST /v1/admin/campaigns",
    component: () => import("./NewCampaignPage.vue"),
  },
  {
    path: "/campaigns/:id",
    title: "one",
    reads: "GET /v1/admin/campaigns/{id}",
    component: () => import("./CampaignPage.vue"),
  },
] satisfies Page[];
