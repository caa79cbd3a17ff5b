/** Goods that some tiers have before others. */
import { describe, expect, it } from "vitest";

import { earlyNow, isOpenTo } from "@/parts/opening";

const at = (hours: number) => new Date(Date.UTC(2026, 10, 30, hours)).toISOString();
const now = Date.parse(at(12));
const opening = {
  from: at(20),
  early: [
    { tier: "black", title: "Black", from: at(8) },
    { tier: "gold", title: "Gold", from: at(12) },
    { tier: "silver", title: "Silver", from: at(16) },
  ],
};

describe("a sale that is to come", () => {
  it("names the tiers that may have it now", () => {
    expect(earlyNow(opening, now)).toEqual(["Black", "Gold"]);
    expect(earlyNow(null, now)).toEqual([]);
  });

  it("is open to each tier from its own time on, and to others from the sale on", () => {
    expect(isOpenTo(opening, "gold", now)).toBe(true);
    expect(isOpenTo(opening, "gold", now - 1)).toBe(false);
    for (const tier of ["silver", "normal", null]) expect(isOpenTo(opening, tier, now)).toBe(false);
    expect(isOpenTo(opening, null, Date.parse(opening.from))).toBe(true);
    expect(isOpenTo(null, null, now)).toBe(true);
  });
});
