import { describe, expect, it } from "vitest";

import { allowedActs, goesOn } from "../src/areas/orders/acts/allowed";
import { carrierOf, isTrackingNumber } from "../src/areas/orders/acts/carriers";
import { allLeft, linesOf, preview } from "../src/areas/orders/acts/refund";
import { type Order, labelOf, timelineOf, unshipped } from "../src/areas/orders/orders";
import recorded from "./refunds.recorded.json";

const CASH = { amount: 0, currency: "CNY" };
const CUP = { sku: "CUP", product_id: "prd_1", title: "杯", quantity: 3, points: 2400, cash: CASH };
const ORDER = {
  id: "ord_1",
  status: "approved",
  kind: "physical",
  version: 3,
  lines: [{ ...CUP, codes: [], returned: 0 }],
  points: 2400,
  cash: CASH,
  payment: null,
  refunds: [],
  parcels: [],
  timeline: [],
  handled_by: [],
} as unknown as Order;
const order = (changed: object) => ({ ...ORDER, ...changed }) as Order;
const returned = (count: number) => [{ ...ORDER.lines[0], returned: count }];

describe("a refund", () => {
  it.each(recorded.map((each) => [JSON.stringify(each.units), each] as const))(
    "of %s is told beforehand as the API makes it",
    (_, { order: before, units, answer }) => {
      const { points, cash } = preview(before as unknown as Order, units as never);
      expect({ points, cash }).toEqual(answer);
    },
  );

  it("tells how its cash reaches the payer", () => {
    const ways = recorded.map(
      (each) => preview(each.order as unknown as Order, each.units as never).way,
    );
    expect(ways).toEqual(["provider", "provider", "provider", "less_due", "bank", "none"]);
  });

  it("brings no more cash than is left after refunds at the provider", () => {
    const line = { ...ORDER.lines[0], points: 0, cash: { amount: 3000, currency: "CNY" } };
    const external = { cash: { amount: 2500, currency: "CNY" }, points: 0 };
    const before = order({ lines: [line], cash: line.cash, refunds: [external] });
    expect(preview(before, { CUP: 3 }).cash.amount).toBe(500);
  });

  it("is sent with the lines that have units", () => {
    expect(linesOf({ CUP: 2, PLATE: 0 })).toEqual([{ sku: "CUP", quantity: 2 }]);
    expect(allLeft(order({ lines: returned(1), returns: [] }))).toEqual({ CUP: 2 });
    const kept = [{ id: "ret_1", lines: { CUP: 1 } }];
    expect(allLeft(order({ lines: returned(1), returns: kept }))).toEqual({ CUP: 1 });
  });
});

describe("the acts on an order", () => {
  it.each([
    ["awaiting_review", "physical", ["take"]],
    ["in_review", "physical", ["approve", "reject"]],
    ["approved", "physical", ["ship", "refund"]],
    ["approved", "service", ["use", "refund"]],
    ["shipped", "physical", ["deliver", "refund"]],
    ["completed", "virtual", ["refund"]],
    ["cancelled", "physical", []],
  ])("%s, %s: %j", (status, kind, acts) => {
    expect(allowedActs(order({ status, kind }))).toEqual(acts);
  });

  it("are none but a sync while a bank has the cash", () => {
    const payment = { method: "card", status: "disputed" };
    expect(allowedActs(order({ payment }))).toEqual(["settle"]);
  });

  it("are none once all units are refunded", () => {
    expect(allowedActs(order({ lines: returned(3) }))).toEqual([]);
  });

  it("let an unpaid parcel come back", () => {
    const payment = { method: "cod", status: "collected" };
    expect(allowedActs(order({ status: "delivered", payment }))).toEqual(["refund", "uncollected"]);
    const returnedAll = { status: "delivered", lines: returned(3) };
    const cancelled = { method: "cod", status: "cancelled" };
    expect(allowedActs(order({ ...returnedAll, payment: cancelled }))).toEqual([]);
  });

  it("stay with an order that is taken, or shipped in part", () => {
    expect(goesOn("take", order({ status: "in_review" }))).toBe(true);
    expect(goesOn("ship", order({ status: "approved" }))).toBe(true);
    expect(goesOn("ship", order({ status: "shipped" }))).toBe(false);
    expect(goesOn("approve", order({ status: "approved" }))).toBe(false);
    expect(goesOn("refund", order({ status: "completed", lines: returned(3) }))).toBe(true);
  });
});

describe("parcels", () => {
  it("leave the units that are in none and not refunded", () => {
    const parcels = [{ carrier: "SF", tracking_number: "SF1", lines: { CUP: 1 } }];
    expect([...unshipped(order({ parcels, lines: returned(1) }))]).toEqual([["CUP", 1]]);
    expect(unshipped(order({ parcels, lines: returned(2) })).size).toBe(0);
  });

  it("tell their carrier by their number", () => {
    expect(carrierOf(" sf1234")).toBe("顺丰速运");
    expect(carrierOf("7312345")).toBeNull();
    expect(isTrackingNumber("SF 1234-5678")).toBe(true);
    expect(isTrackingNumber("- -")).toBe(false);
  });

  it("have a label without the country's prefix", () => {
    const address = {
      recipient: "韩梅",
      phone: "+8613800138000",
      country: "CN",
      province: "北京市",
      city: "北京市",
      district: "东城区",
      street: "长安街 1 号",
      postal_code: null,
    };
    expect(labelOf(address)).toBe("韩梅 13800138000\n北京市东城区长安街 1 号");
  });
});

describe("the timeline", () => {
  const step = (status: string, at: string, by: string, note: string | null = null) => ({
    status,
    at,
    by,
    note,
  });
  const timeline = [
    step("awaiting_review", "1", "member"),
    step("in_review", "2", "staff"),
    step("approved", "3", "staff"),
    step("approved", "4", "staff"),
    step("approved", "5", "staff", "破损"),
    step("approved", "6", "system", "已退回"),
  ];
  const told = order({
    timeline,
    handled_by: ["mbr_a", "mbr_b", "mbr_c", "mbr_d"],
    refunds: [{ id: "rfd_1", at: "5", points: 800, cash: CASH }],
  });

  it("tells parcels, refunds and movements of cash from changes of state", () => {
    expect(timelineOf(told).map((each) => each.what)).toEqual([
      "state",
      "state",
      "state",
      "parcel",
      "refund",
      "cash",
    ]);
  });

  it("tells who of the staff made each step", () => {
    expect(timelineOf(told).map((each) => each.who)).toEqual([
      null,
      "mbr_a",
      "mbr_b",
      "mbr_c",
      "mbr_d",
      null,
    ]);
  });
});
