import { defineConfig } from "vitest/config";

import browse from "../vitest.config";

/** Journeys that move the mall's clock, for everybody: one file at a time, after all others. */
export default defineConfig({
  test: {
    ...browse.test,
    root: new URL("..", import.meta.url).pathname,
    include: ["later/**/*.test.ts"],
    testTimeout: 180_000,
    fileParallelism: false,
    // Claims of one file that leave the clock alone.
    maxConcurrency: 2,
  },
});
