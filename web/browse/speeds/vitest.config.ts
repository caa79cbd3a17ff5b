import { defineConfig } from "vitest/config";

/** Measures how soon each page of the mall can be used: `make speeds`. */
export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["speeds/measuring.test.ts"],
    globalSetup: "harness/setup.ts",
    testTimeout: 300_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
