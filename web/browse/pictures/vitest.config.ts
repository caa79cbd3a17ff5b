import { defineConfig } from "vitest/config";

/** Takes README's pictures: `make shots`. */
export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    include: ["pictures/taking.test.ts"],
    globalSetup: "harness/setup.ts",
    testTimeout: 120_000,
    hookTimeout: 60_000,
    fileParallelism: false,
  },
});
