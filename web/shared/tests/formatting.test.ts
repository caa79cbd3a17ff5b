import { describe, expect, it } from "vitest";

import { major, minor, money } from "../src/money";
import { change, points, pointsWithUnit } from "../src/points";
import { due } from "../src/due";
import type { Language } from "../src/schema";
import { Times } from "../src/times";

describe("points", () => {
  it("have separators, and a minus that is no hyphen", () => {
    expect([0, 999, 1000, 1234567, -50].map(points)).toEqual([
      ...["0", "999", "1,000", "1,234,567", "−50"],
    ]);
  });

  it("as a change have a sign, but not when nothing changed", () => {
    expect([800, -800, 0].map(change)).toEqual(["+800", "−800", "0"]);
  });

  it("have their unit in both languages", () => {
    expect(pointsWithUnit(1, "en")).toBe("1 point");
    expect(pointsWithUnit(1200, "en")).toBe("1,200 points");
    expect(pointsWithUnit(1200, "zh-CN")).toBe("1,200 积分");
  });
});

describe("a price", () => {
  it.each([
    [800, 1000, "800 积分 + ¥10.00"],
    [800, 0, "800 积分"],
    [0, 4000, "¥40.00"],
    [0, 0, "0 积分"],
  ])("of %i points and %i fen is %s", (points, amount, text) => {
    expect(due(points, { amount, currency: "CNY" }, "zh-CN")).toBe(text);
  });

  it("may have no cash", () => {
    expect(due(1, null, "en")).toBe("1 point");
  });
});

describe("money", () => {
  it.each([
    [0, "CNY", "¥0.00"],
    [5, "CNY", "¥0.05"],
    [198050, "CNY", "¥1,980.50"],
    [-198050, "CNY", "−¥1,980.50"],
    [1980, "JPY", "JP¥1,980"],
    [1234, "KWD", "KWD 1.234"],
    [100000000, "USD", "$1,000,000.00"],
  ])("of %i minor units of %s is %s", (amount, currency, text) => {
    expect(money({ amount, currency })).toBe(text);
  });

  it("is typed in major units and sent in minor ones", () => {
    expect(minor("12.5", "CNY")).toBe(1250);
    expect(minor(" 1,980.50 ", "CNY")).toBe(198050);
    expect(minor("12", "JPY")).toBe(12);
    expect(major({ amount: 1250, currency: "CNY" })).toBe("12.50");
  });

  it.each(["", "12.345", "1e5", "-1", "12.", "twelve", "12.5.1"])(
    "that was typed as %j is none",
    (text) => expect(minor(text, "CNY")).toBeNull(),
  );

  it("has no parts where its currency has none", () => {
    expect(minor("12.5", "JPY")).toBeNull();
  });
});

/** Times of a zone in a language. */
function times(zone: string, language: Language = "zh-CN"): Times {
  return new Times(zone, () => language);
}

describe("times", () => {
  const shanghai = times("Asia/Shanghai");
  const berlin = times("Europe/Berlin");

  it("are the program's, whose day begins before that of UTC", () => {
    expect(shanghai.show("2026-11-30T15:59:59Z", "day")).toBe("2026/11/30");
    expect(shanghai.show("2026-11-30T16:00:00Z", "day")).toBe("2026/12/01");
    expect(shanghai.show("2026-12-31T16:00:00Z")).toBe("2027/01/01 00:00");
  });

  it("name the month in English, where digits would be read in two ways", () => {
    const english = times("Asia/Shanghai", "en");
    expect(english.show("2027-01-31T16:00:00Z", "day")).toBe("1 Feb 2027");
    expect(english.show("2027-01-31T16:00:00Z")).toBe("1 Feb 2027, 00:00");
  });

  it("tell the last day on which points can be used", () => {
    expect(shanghai.lastDay("2027-01-31T16:00:00Z")).toBe("2027/01/31");
    expect(shanghai.lastDay("2027-01-31T16:00:01Z")).toBe("2027/02/01");
  });

  it("have days, months and clocks to compute with", () => {
    const at = new Date("2026-10-31T16:30:00Z");
    expect([shanghai.day(at), shanghai.month(at), shanghai.clock(at)]).toEqual([
      ...["2026-11-01", "2026-11", "00:30"],
    ]);
  });

  it("begin a month at the program's midnight", () => {
    expect(shanghai.moment("2026-11-01", "00:00")).toBe("2026-10-31T16:00:00.000Z");
  });

  it("follow the clocks of a zone that changes them", () => {
    // Berlin goes from +1 to +2 on 29 March 2026, and back on 25 October.
    expect(berlin.moment("2026-03-28", "00:00")).toBe("2026-03-27T23:00:00.000Z");
    expect(berlin.moment("2026-03-30", "00:00")).toBe("2026-03-29T22:00:00.000Z");
    expect(berlin.moment("2026-10-26", "00:00")).toBe("2026-10-25T23:00:00.000Z");
    expect(berlin.show("2026-03-29T00:59:00Z")).toBe("2026/03/29 01:59");
    expect(berlin.show("2026-03-29T01:00:00Z")).toBe("2026/03/29 03:00");
  });

  it("find each moment again whose wall clock is shown", () => {
    for (let hour = 0; hour < 72; hour += 1) {
      const at = new Date(Date.parse("2026-03-28T00:00:00Z") + hour * 3_600_000);
      expect(berlin.moment(berlin.day(at), berlin.clock(at))).toBe(at.toISOString());
    }
  });

  it("are none of what is no day", () => {
    expect(shanghai.moment("2026-13-01", "00:00")).toBeNull();
    expect(shanghai.moment("", "00:00")).toBeNull();
  });
});
