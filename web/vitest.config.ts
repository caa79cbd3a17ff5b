import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

/** What computes, without a browser. `browse` has the tests in one. */
export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("./console/src", import.meta.url)) } },
  test: { include: ["{shared,mall,console}/tests/**/*.test.ts"] },
});
