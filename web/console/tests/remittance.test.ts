import { describe, expect, it } from "vitest";

import type { Schema } from "@jifen/shared/schema";

import { failureKeyOf, waysOut } from "../src/areas/refunds/refunds";
import {
  collectedOf,
  debtsOf,
  isBankReference,
  orderIdsIn,
  sumOf,
} from "../src/areas/refunds/remittance";

const cny = (amount: number) => ({ amount, currency: "CNY" });
const cod = (status: string, refunds: object[] = []) =>
  ({
    payment: { method: "cod", status },
    cash: cny(5000),
    refunds,
  }) as unknown as Schema<"StaffOrderView">;

describe("a remittance", () => {
  it("sums what is known, and counts the rest", () => {
    const entries = [
      { orderId: "ord_a", cash: cny(1990), flaw: null },
      { orderId: "ord_b", cash: cny(10), flaw: null },
      { orderId: "ord_c", cash: null, flaw: null },
    ];
    expect(sumOf(entries)).toEqual({ cash: cny(2000), count: 3, unknown: 1 });
    expect(sumOf([])).toEqual({ cash: null, count: 0, unknown: 0 });
  });

  it("finds each order once in a carrier's list", () => {
    expect(orderIdsIn("SF1 ord_ab2\tx\nord_cd3, ord_ab2")).toEqual(["ord_ab2", "ord_cd3"]);
  });

  it("takes what the carrier collected: less, where units were refunded before", () => {
    expect(collectedOf(cod("collected"))).toEqual(cny(5000));
    const before = { status: "not_due", cash: cny(2000) };
    const after = { status: "pending", cash: cny(1000) };
    expect(collectedOf(cod("partially_refunded", [before, after]))).toEqual(cny(3000));
    expect(collectedOf(cod("due"))).toBeNull();
  });

  it("reads the carriers' debts from the books", () => {
    const line = { account: "assets:carriers", source: "order:ord_a", amount: 1990, age_days: 3 };
    const other = { ...line, account: "clearing:stripe" };
    const books = { currency: "CNY", open_lines: [line, other] } as unknown as Parameters<
      typeof debtsOf
    >[0];
    expect(debtsOf(books)).toEqual([{ orderId: "ord_a", cash: cny(1990), flaw: null, ageDays: 3 }]);
  });

  it("takes a bank's reference as the API does", () => {
    expect(isBankReference("ICBC-20261121/0042")).toBe(true);
    expect(isBankReference(" - ")).toBe(false);
    expect(isBankReference("流水 1")).toBe(false);
  });
});

describe("a failed refund", () => {
  const refund = { kind: "refund", status: "failed", failure: "failed_at_bank" };
  const of = (changed: object) => ({ ...refund, ...changed }) as never;

  it("is sent again, paid by our bank, or waived", () => {
    expect(waysOut(of({}))).toEqual(["retry", "by_hand", "waive"]);
  });

  it("that no provider can make is not sent again", () => {
    expect(waysOut(of({ failure: "by_hand" }))).toEqual(["by_hand", "waive"]);
  });

  it("of the provider or a bank is not ours to decide", () => {
    expect(waysOut(of({ kind: "dispute" }))).toEqual([]);
    expect(waysOut(of({ status: "sent" }))).toEqual([]);
  });

  it("says that another refund took its place", () => {
    expect(failureKeyOf(of({ failure: "retried:rfd_2" }))).toBe("retried");
    expect(failureKeyOf(of({ failure: null }))).toBeNull();
  });
});
