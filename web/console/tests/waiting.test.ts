import { describe, expect, it, vi } from "vitest";

vi.mock("../src/api", () => ({}));
vi.mock("../src/roles", () => ({}));

const { queuesOf } = await import("../src/areas/home/waiting");

const some = (count: number, more = false) => ({ count, more });
const nothing = {
  orders: null,
  returns: null,
  reviews: null,
  adjustments: some(0),
  failed_refunds: null,
  withdrawals: null,
  invoices: null,
  findings: null,
  parked: null,
  stock_alerts: null,
};

describe("what waits", () => {
  it("has no part of a list that the role may not read", () => {
    expect(queuesOf(nothing).map(({ name }) => name)).toEqual(["adjustments"]);
  });

  it("opens the list of the state in which it waits", () => {
    const orders = { awaiting_review: some(100, true), in_review: some(3), approved: some(0) };
    expect(queuesOf({ ...nothing, orders }).slice(0, 2)).toEqual([
      {
        name: "orders_awaiting_review",
        to: "/orders?status=awaiting_review",
        count: 100,
        more: true,
      },
      { name: "orders_in_review", to: "/orders?status=in_review", count: 3, more: false },
    ]);
  });
});
