/** What a first visit brings. `speeds/` measures when a page can be used over a slow network. */
import { expect } from "vitest";

import { claim } from "../harness/claims";
import { measured } from "../harness/measures";
import { BUDGETS, weigh, within } from "../harness/network";

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
