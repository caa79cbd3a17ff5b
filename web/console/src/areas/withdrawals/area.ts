import { Files, Wallet } from "@element-plus/icons-vue";

import type { Page } from "@/areas";

export default [
  {
    path: "/withdrawals",
    title: "title",
    reads: "GET /v1/admin/withdrawals",
    component: () => import("./WithdrawalsPage.vue"),
    menu: { icon: Wallet, group: "payouts", after: 40 },
  },
  {
    path: "/withdrawals/:id",
    title: "one",
    reads: "GET /v1/admin/withdrawals/{id}",
    component: () => import("./WithdrawalPage.vue"),
  },
  {
    path: "/bank-files",
    title: "files.title",
    reads: "GET /v1/admin/bank-files",
    component: () => import("./BankFilesPage.vue"),
    menu: { icon: Files, group: "payouts", after: 41 },
  },
] satisfies Page[];
