import { fileURLToPath } from "node:url";

import { defineConfig } from "vitest/config";

/** Tests of what is built for WeChat, which the build must precede. */
export default defineConfig({
  test: {
    dir: fileURLToPath(new URL(".", import.meta.url)),
    include: ["*.test.ts"],
    testTimeout: 40_000,
  },
});
