import { AlarmClock, Coin, Flag, Histogram } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/missions",
    title: "title",
    reads: "GET /v1/admin/missions",
    component: () => import("./MissionsPage.vue"),
    menu: { icon: Flag, group: "marketing", after: 140 },
  },
  {
    path: "/leaderboards",
    title: "boards",
    reads: "GET /v1/admin/leaderboards",
    component: () => import("./BoardsPage.vue"),
    menu: { icon: Histogram, group: "marketing", after: 142 },
  },
  {
    path: "/triggers",
    title: "triggers",
    reads: "GET /v1/admin/triggers",
    component: () => import("./TriggersPage.vue"),
    menu: { icon: AlarmClock, group: "marketing", after: 143 },
  },
  {
    path: "/rewards",
    title: "rewards",
    reads: "GET /v1/admin/rewards",
    component: () => import("./RewardsPage.vue"),
    menu: { icon: Coin, group: "marketing", after: 144 },
  },
] satisfies Page[];
