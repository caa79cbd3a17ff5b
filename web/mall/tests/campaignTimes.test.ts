import { expect, test } from "vitest";

import { leftUntil } from "@/pages/campaigns/left";

const NOON = Date.parse("2026-12-04T12:00:00Z");

test("the time left is told in days and a clock, and nothing once it has come", () => {
  expect(leftUntil("2026-12-04T12:00:05Z", NOON)).toEqual({ days: 0, clock: "00:00:05" });
  expect(leftUntil("2026-12-06T13:01:01Z", NOON)).toEqual({ days: 2, clock: "01:01:01" });
  expect(leftUntil("2026-12-04T12:00:00Z", NOON)).toBeNull();
  expect(leftUntil("2026-12-04T12:00:00.400Z", NOON)).toEqual({ days: 0, clock: "00:00:01" });
});
