import { fileURLToPath } from "node:url";

import { defineWorkspace } from "vitest/config";

const at = (folder: string) => fileURLToPath(new URL(folder, import.meta.url));

/** What computes, without a browser. `browse` has the tests in one. */
export default defineWorkspace([
  { test: { name: "checks", include: ["checks/**/*.test.ts"] } },
  { test: { name: "shared", include: ["shared/tests/**/*.test.ts"] } },
  {
    resolve: { alias: { "@": at("./mall/src"), "#platform": at("./mall/src/platform/browser") } },
    test: { name: "mall", include: ["mall/tests/**/*.test.ts"] },
  },
  {
    resolve: { alias: { "@": at("./console/src") } },
    test: { name: "console", include: ["console/tests/**/*.test.ts"] },
  },
]);
