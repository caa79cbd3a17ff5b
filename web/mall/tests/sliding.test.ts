/** A slider rests on what can be paid. */
import { expect, test } from "vitest";

import { runsOf } from "../src/pages/order/draft";
import { nearest, settled } from "../src/parts/sliding";

const RUNS = [
  { least: 200, most: 959 },
  { least: 1000, most: 1000 },
];

test.each([
  [0, 200],
  [500, 500],
  [959, 959],
  [960, 959],
  [979, 959],
  [980, 1000],
  [5000, 1000],
])("near %i lies %i", (value, found) => {
  expect(nearest(RUNS, value)).toBe(found);
});

test.each([
  ["a key's step up goes over the gap", 960, 959, 1000],
  ["a key's step down goes over the gap", 999, 1000, 959],
  ["a page's step up from afar lands near", 970, 900, 959],
  ["let go where it was, it stays", 959, 959, 959],
  ["below the least there is nothing", 100, 200, 200],
  ["above the most there is nothing", 1001, 1000, 1000],
])("%s", (_what, value, before, found) => {
  expect(settled(RUNS, value, before)).toBe(found);
});

test.each([
  [1000, RUNS],
  [5000, RUNS],
  [999, RUNS.slice(0, 1)],
  [300, [{ least: 200, most: 300 }]],
  [200, []],
  [199, []],
])("a member with %i points chooses between what can be paid", (available, found) => {
  expect(runsOf(RUNS, available)).toEqual(found);
});

test("one price leaves no choice", () => {
  expect(runsOf([{ least: 800, most: 800 }], 5000)).toEqual([]);
});
