import { Coin } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/earning-rules",
    title: "title",
    reads: "GET /v1/admin/earning-rules",
    component: () => import("./RulesPage.vue"),
    menu: { icon: Coin, group: "members", after: 12 },
  },
  {
    path: "/earning-rules/new",
    title: "new",
    reads: "POST /v1/admin/earning-rules",
    component: () => import("./NewRulePage.vue"),
  },
  {
    path: "/earning-rules/:id",
    title: "one",
    reads: "GET /v1/admin/earning-rules/{id}",
    component: () => import("./RulePage.vue"),
  },
  {
    path: "/earning-rules/:id/replays",
    title: "replay.title",
    reads: "GET /v1/admin/earning-rules/{id}/replays",
    component: () => import("./ReplayPage.vue"),
  },
] satisfies Page[];
