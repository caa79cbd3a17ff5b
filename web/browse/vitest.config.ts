import { defineConfig } from "vitest/config";

/** The tests in a real browser, against the running mall of JIFEN_URL: `make browse`. */
export default defineConfig({
  // `mall/src/platform/firstReads.ts` names others of the mall's files by it.
  resolve: { alias: { "@": new URL("../mall/src", import.meta.url).pathname } },
  test: {
    // A machine that stalls must not fail a claim; what fails twice is a fault, and a retry is told.
    retry: 1,
    include: ["{tests,journeys}/**/*.test.ts"],
    globalSetup: "harness/setup.ts",
    testTimeout: 90_000,
    expect: { poll: { timeout: 15_000, interval: 100 } },
    hookTimeout: 60_000,
    // One browser takes more from two cores than two test files give it.
    pool: "forks",
    poolOptions: { forks: { maxForks: 2, minForks: 1 } },
  },
});
