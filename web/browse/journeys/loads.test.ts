/** What a first visit brings, and when a page can be used over a slow network. */
import type { Page } from "playwright-core";
import { expect } from "vitest";

import { claim } from "../harness/claims";
import { measured } from "../harness/measures";
import { BUDGETS, msUntil, slow4G, weigh, within } from "../harness/network";

const FIRST: [string, string, number][] = [
  ["the mall", "/", BUDGETS.mall],
  ["the console", "/console/", BUDGETS.console],
];

for (const [what, path, budget] of FIRST) {
  claim(`a first visit of ${what} brings no more script than it may`, async ({ open }) => {
    const window = await open(null);
    // A browser that nobody signed in has no cookie to exchange.
    window.allow(/^answer: 401 POST .*\/v1\/auth\/sessions\/refresh$/);
    const weight = await weigh(window.page, path);
    expect(weight.script).toBeGreaterThan(0);
    measured(`${what}: compressed script of a first visit`, weight.script, "bytes");
    within(budget, weight);
  });
}

/** Pages with what a person needs to use each. */
const USABLE: [string, (page: Page) => Promise<void>][] = [
  ["/", (page) => page.getByRole("link").first().waitFor()],
];

for (const [path, usable] of USABLE) {
  claim(`${path} is measured on slow 4G`, async ({ open }) => {
    const { page } = await open(null);
    await slow4G(page);
    measured(`${path} on slow 4G`, await msUntil(page, path, () => usable(page)), "ms");
  });
}
