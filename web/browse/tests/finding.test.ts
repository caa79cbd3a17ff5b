import { expect, inject, test } from "vitest";

import { findChromium } from "../harness/finding";

const NO_PROGRAM = "/nowhere/chromium";

test("the package's Chromium starts where PATH has none", async () => {
  const found = await findChromium({ PATH: "/nowhere" });
  expect(found.path).toMatch(/node_modules\/\.cache\/chromium-[\d.]+\/chromium$/);
  expect(found.version).toMatch(/Chromium \d+/);
});

test("a named Chromium that is none is refused with what to do", async () => {
  await expect(findChromium({ JIFEN_CHROMIUM: NO_PROGRAM, PATH: "" })).rejects.toThrow(
    /\/nowhere\/chromium \(JIFEN_CHROMIUM\) does not start[\s\S]*apt-get install chromium/,
  );
});

test("the browser of this run is found the same way", () => {
  expect(inject("browser")).toMatch(/^ws:/);
});
