import { describe, expect, it } from "vitest";

import { type AuditAct as Act, changesOf, isOfInvoice } from "../src/areas/oversight/acts";

const act = (before: Act["before"], after: Act["after"], subject = "ord_1") =>
  ({ before, after, subject }) as Act;

describe("what an act changed", () => {
  it("comes first; facts told of before alone are no change", () => {
    const changes = changesOf(act({ refunds: 1, note: "x" }, { refunds: 2, points: 800 }));
    expect(changes.map(({ name, changed }) => [name, changed])).toEqual([
      ["refunds", true],
      ["points", true],
      ["note", false],
    ]);
  });

  it("is told in an invoice's own words", () => {
    expect(isOfInvoice(act({}, {}, "inv_1"))).toBe(true);
    expect(isOfInvoice(act({}, {}, "wdr_1"))).toBe(false);
  });
});
