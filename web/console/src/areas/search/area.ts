import type { Area } from "@/areas";

const search: Area = {
  name: "search",
  pages: [
    {
      path: "/search",
      title: "title",
      reads: "GET /v1/admin/members",
      component: () => import("./SearchPage.vue"),
    },
  ],
};

export default search;
