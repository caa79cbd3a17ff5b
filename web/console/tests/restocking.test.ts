import { describe, expect, it } from "vitest";

import { restocking } from "../src/areas/goods/stock/restocking";

describe("units that come in or leave", () => {
  it("tell how many will be there", () => {
    expect(restocking("1,200", "add", 5)).toEqual({ quantity: 1200, then: 1205 });
    expect(restocking("5", "take", 5)).toEqual({ quantity: -5, then: 0 });
  });

  it("cannot be more than are there, or than the mall counts at once", () => {
    expect(restocking("6", "take", 5)).toBe("tooMany");
    expect(restocking("10000001", "add", 5)).toBe("tooMany");
  });

  it("are a whole number above 0", () => {
    for (const typed of ["", "0", "-2", "1.5", "two"]) {
      expect(restocking(typed, "add", 5)).toBeNull();
    }
  });
});
