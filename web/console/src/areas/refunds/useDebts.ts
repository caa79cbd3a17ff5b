import { unlessMissing } from "@jifen/shared/client";
import type { Schema } from "@jifen/shared/schema";

import { answer, jifen } from "@/api";
import { can } from "@/roles";

import { type Entry, collectedOf } from "./remittance";

type Balance = Schema<"TrialBalanceView">;

export interface Books {
  /** At the end of the last settled day; `null` before the first. */
  balance: Balance | null;
}

export async function readBooks(): Promise<Books> {
  const query = { limit: 1 };
  const settled = await answer(jifen.GET("/v1/admin/settlements", { params: { query } }));
  const newest = settled.data.at(0);
  if (newest === undefined) return { balance: null };
  const path = { month: newest.day.slice(0, 7) };
  const options = { params: { path, query: { currency: newest.currency } } };
  return { balance: await answer(jifen.GET("/v1/admin/trial-balances/{month}", options)) };
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
