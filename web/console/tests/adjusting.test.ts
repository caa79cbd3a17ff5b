import { describe, expect, it } from "vitest";

import {
  adjustmentOf,
  aloneAtMost,
  firstDraft,
  needsAnother,
} from "../src/areas/members/adjusting";
import { partOf, sourceOf } from "../src/areas/members/sources";

const endOf = (day: string) => `${day}T16:00:00Z`;
const made = (draft: object) => adjustmentOf({ ...firstDraft(), reason: "补发", ...draft }, endOf);

describe("an adjustment as typed", () => {
  it("gives or takes whole points", () => {
    expect(made({ amount: "1,200" })).toEqual({ unit: "points", points: 1200, reason: "补发" });
    expect(made({ amount: "50", direction: "take" })?.points).toBe(-50);
  });

  it("counts rebate cash in minor units", () => {
    expect(made({ amount: "12.5", unit: "rebate_cash" })?.points).toBe(1250);
  });

  it("sends a last day for points that are given, and for nothing else", () => {
    const lastDay = "2027-01-31";
    expect(made({ amount: "5", lastDay })?.expires_at).toBe("2027-01-31T16:00:00Z");
    expect(made({ amount: "5", lastDay, direction: "take" })).not.toHaveProperty("expires_at");
    expect(made({ amount: "5", lastDay, unit: "growth" })).not.toHaveProperty("expires_at");
  });

  it("is not complete without an amount and a reason", () => {
    for (const amount of ["", "0", "1.5", "-5", "abc", "1e3"]) expect(made({ amount })).toBeNull();
    expect(made({ amount: "5", reason: "  " })).toBeNull();
  });
});

describe("the second person", () => {
  const limits = { points: 10_000, rebate_given: 0 };

  it("is needed above the limit, in both directions", () => {
    const alone = aloneAtMost({ unit: "points", direction: "give" }, limits);
    expect(alone).toBe(10_000);
    for (const [points, needed] of [
      [10_000, false],
      [10_001, true],
      [-10_001, true],
    ] as const) {
      expect(needsAnother({ points, reason: "补发" }, alone)).toBe(needed);
    }
  });

  it("is needed for rebate cash that is given, not for what is taken", () => {
    expect(aloneAtMost({ unit: "rebate_cash", direction: "give" }, limits)).toBe(0);
    expect(aloneAtMost({ unit: "rebate_cash", direction: "take" }, limits)).toBe(10_000);
  });
});

describe("an entry in words", () => {
  it("tells where it comes from", () => {
    expect(sourceOf("order:ord_1")).toEqual({ kind: "order", id: "ord_1" });
    expect(sourceOf("expiry")).toEqual({ kind: "expiry" });
    expect(sourceOf("demo-shop:order-77")).toEqual({ kind: "partner", id: "demo-shop:order-77" });
  });

  it("tells the accounts that it moved points between", () => {
    expect(partOf("member:mbr_1:points")).toBe("member_available");
    expect(partOf("member:mbr_1:points:debt")).toBe("member_debt");
    expect(partOf("program:points:written_off")).toBe("program_written_off");
  });
});
