/** What an order's page says that the API's names of states do not. */
import type { Schema } from "@jifen/shared/schema";
import { describe, expect, it, test } from "vitest";

import { bookingOf } from "../src/pages/order/booking";
import { fits } from "../src/pages/order/filters";
import { hintOf, isPaid, tellStep } from "../src/pages/order/states";
import { refundedOf } from "../src/parts/refunded";

type Order = Schema<"OrderView">;
type Line = Schema<"LineView">;

const none = { amount: 0, currency: "CNY" };
const AT = "2026-11-29T08:00:00Z";
const line = (quantity: number, returned: number) => ({ quantity, returned }) as Line;
const refund = (at = AT) =>
  ({ id: "rfd_1", at, points: 100, cash: none, status: "not_due" }) as Order["refunds"][number];
const step = (given: Partial<Schema<"StepView">>): Schema<"StepView"> => ({
  ...{ status: "completed", at: AT, by: "staff", note: null },
  ...given,
});
const paid = (status: NonNullable<Order["payment"]>["status"]) =>
  ({ status, method: "card", declined: null, expires_at: null }) as Order["payment"];

function order(given: Partial<Order>): Order {
  const empty = { kind: "physical", status: "completed", payment: null, refunds: [] };
  return { ...empty, lines: [line(1, 0)], ...given } as unknown as Order;
}

describe("a refund", () => {
  it("of every unit is told beside the state, and of some as a part", () => {
    const refunds = [refund()];
    expect(refundedOf(order({ refunds, lines: [line(2, 2), line(1, 1)] }))).toBe("all");
    expect(refundedOf(order({ refunds, lines: [line(2, 1)] }))).toBe("some");
    expect(refundedOf(order({}))).toBeNull();
    expect(hintOf(order({ refunds, lines: [line(1, 1)] }))).toBe("refunded");
  });

  it("of an order that was cancelled is not told again", () => {
    expect(refundedOf(order({ status: "cancelled", refunds: [refund()] }))).toBeNull();
  });

  it("has a step of its own, with its reason", () => {
    const whole = order({ refunds: [refund()], lines: [line(1, 1)] });
    const told = tellStep(whole, step({ note: "外壳破损" }));
    expect(told).toEqual({ words: "refunded", note: "外壳破损" });
  });

  it("of a part is told as one, and the one that ends it as whole", () => {
    const later = "2026-11-30T08:00:00Z";
    const some = order({ refunds: [refund()], lines: [line(2, 1)] });
    expect(tellStep(some, step({})).words).toBe("partlyRefunded");
    const both = order({ refunds: [refund(), refund(later)], lines: [line(2, 2)] });
    expect(tellStep(both, step({})).words).toBe("partlyRefunded");
    expect(tellStep(both, step({ at: later })).words).toBe("refunded");
  });
});

describe("a step", () => {
  it("says its state, with the note of whoever did it", () => {
    const rejected = step({ status: "rejected", note: "库存不足" });
    expect(tellStep(order({ refunds: [refund()] }), rejected)).toEqual({
      ...{ words: "rejected", note: "库存不足" },
    });
  });

  it("of the order's money says what happened alone", () => {
    const told = tellStep(order({}), step({ by: "system", note: "付款成功" }));
    expect(told).toEqual({ words: null, note: "付款成功" });
  });

  it("of a service that nobody reviewed says that it is booked", () => {
    const told = tellStep(order({ kind: "service" }), step({ status: "approved", by: "member" }));
    expect(told.words).toBe("booked");
  });
});

test("what is used at a store waits for no parcel", () => {
  const [wash, cup, fetched] = [
    order({ kind: "service", store_id: null }),
    order({ store_id: null }),
    order({ store_id: "store_1" }),
  ];
  expect([wash, cup, fetched].map((each) => fits("usable", each))).toEqual([true, false, true]);
  expect([wash, cup, fetched].map((each) => fits("approved", each))).toEqual([false, true, false]);
  expect(fits("virtual", order({ kind: "virtual" }))).toBe(true);
  expect(fits("virtual", cup)).toBe(false);
});

test.each([
  ["cancelled", null, "cancelledUnpaid"],
  ["cancelled", paid("cancelled"), "cancelledUnpaid"],
  ["cancelled", paid("due"), "cancelledUnpaid"],
  ["cancelled", paid("refunded"), "cancelled"],
  ["rejected", paid("due"), "rejectedUnpaid"],
  ["rejected", paid("partially_refunded"), "rejected"],
] as const)("a %s order with %j promises no cash that was not paid", (status, payment, hint) => {
  expect(hintOf(order({ status, payment }))).toBe(hint);
  expect(isPaid({ payment })).toBe(!hint.endsWith("Unpaid"));
});

describe("a booking", () => {
  const NOW = Date.parse("2026-11-29T08:00:00Z");
  const moment = (day: string, hour: string) => `${day}T${hour}:00Z`;

  it.each([
    ["", "", { at: null, over: false }],
    ["2026-12-01", "", { at: null, over: false }],
    ["", "10:00", { at: null, over: false }],
    ["2026-12-01", "10:00", { at: "2026-12-01T10:00:00Z", over: false }],
    ["2026-11-29", "07:59", { at: null, over: true }],
    ["2026-11-28", "", { at: null, over: true }],
  ])("on the day '%s' at '%s' is %j", (day, hour, found) => {
    expect(bookingOf(day, hour, moment, NOW)).toEqual(found);
  });
});
