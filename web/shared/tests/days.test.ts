import { describe, expect, it } from "vitest";

import { Times } from "../src/times";

describe("a day of the program", () => {
  it("begins and ends at the program's midnight", () => {
    const times = new Times("Asia/Shanghai", () => "zh-CN");
    expect(times.startOf("2026-11-29")).toBe("2026-11-28T16:00:00.000Z");
    expect(times.endOf("2026-11-30")).toBe("2026-11-30T16:00:00.000Z");
    expect(times.endOf("2026-12-31")).toBe("2026-12-31T16:00:00.000Z");
  });

  it("is left to the API where it is none", () => {
    const times = new Times("Asia/Shanghai", () => "zh-CN");
    expect([times.startOf("soon"), times.endOf("2026-13-01")]).toEqual(["soon", "2026-13-01"]);
  });

  it("has 23 or 25 hours where clocks change", () => {
    const times = new Times("Europe/Berlin", () => "en");
    expect([times.startOf("2026-03-29"), times.endOf("2026-03-29")]).toEqual([
      "2026-03-28T23:00:00.000Z",
      "2026-03-29T22:00:00.000Z",
    ]);
    expect(times.endOf("2026-10-25")).toBe("2026-10-25T23:00:00.000Z");
  });
});
