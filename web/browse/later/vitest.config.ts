import { defineConfig } from "vitest/config";

import browse from "../vitest.config";

/** Journeys that move the mall's clock, for everybody: one file at a time, after all others. */
export default defineConfig({
  test: {
    ...browse.test,
    root: new URL("..", import.meta.url).pathname,
    include: ["later/**/*.test.ts"],
    fileParallelism: false,
  },
});
