import { defineConfig } from "vitest/config";

/** What computes, without a browser. `browse` has the tests in one. */
export default defineConfig({
  test: { include: ["{shared,mall,console}/tests/**/*.test.ts"] },
});
