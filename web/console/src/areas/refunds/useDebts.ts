import { Refused } from "@jifen/shared/failures";
import type { Schema } from "@jifen/shared/schema";

import { answer, jifen, times } from "@/api";
import { can } from "@/roles";

import { type Entry, collectedOf } from "./remittance";

type Balance = Schema<"TrialBalanceView">;

/** The books of the month, or of the one before while no day of the month is settled. */
export async function readBooks(now: Date): Promise<Balance | null> {
  const month = times.month(now);
  return (await readMonth(month)) ?? (await readMonth(monthBefore(month)));
}

export function monthBefore(month: string): string {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year, number - 2, 1)).toISOString().slice(0, 7);
}

/** An order that a person named: its cash where this role may read orders. */
export async function readEntry(orderId: string): Promise<Entry> {
  if (!can("GET /v1/admin/orders/{id}")) return { orderId, cash: null, flaw: null };
  const params = { path: { id: orderId } };
  const order = await unlessMissing(answer(jifen.GET("/v1/admin/orders/{id}", { params })));
  if (order === null) return { orderId, cash: null, flaw: "missing" };
  const cash = collectedOf(order);
  return { orderId, cash, flaw: cash === null ? "not_collected" : null };
}

function readMonth(month: string): Promise<Balance | null> {
  const params = { path: { month } };
  return unlessMissing(answer(jifen.GET("/v1/admin/trial-balances/{month}", { params })));
}

async function unlessMissing<Data>(call: Promise<Data>): Promise<Data | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof Refused && error.problem.status === 404) return null;
    throw error;
  }
}
