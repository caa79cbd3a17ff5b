import type { Money, Schema } from "@jifen/shared/schema";

/** An order of a remittance; the cash is unknown where this role does not read orders. */
export interface Entry {
  orderId: string;
  cash: Money | null;
  /** Why it cannot be in the remittance. */
  flaw: "missing" | "not_collected" | null;
}

/** The API takes so many orders at once. */
export const MOST_ORDERS = 40;

/** Clearing account of the cash that carriers owe. Source: docs/finance.md. */
const CARRIERS = "assets:carriers";

/** Ids of orders in a text, such as a column of a carrier's list; each once. */
export function orderIdsIn(text: string): string[] {
  return [...new Set(text.match(/ord_[a-z0-9]+/g) ?? [])];
}

/**
 * The cash that the carrier collected for an order: less than ordered, where units were refunded
 * before. `null`: it collected none.
 */
export function collectedOf(order: Schema<"StaffOrderView">): Money | null {
  const { payment, cash, refunds } = order;
  if (payment?.method !== "cod") return null;
  if (!["collected", "partially_refunded", "refunded"].includes(payment.status)) return null;
  const lowered = refunds
    .filter((refund) => refund.status === "not_due")
    .reduce((sum, refund) => sum + refund.cash.amount, 0);
  return { ...cash, amount: cash.amount - lowered };
}

/** The carriers' debts by order, as the books have them, the oldest first. */
export function debtsOf(balance: Schema<"TrialBalanceView">): (Entry & { ageDays: number })[] {
  return balance.open_lines
    .filter((line) => line.account === CARRIERS && line.source.startsWith("order:"))
    .map((line) => ({
      orderId: line.source.replace("order:", ""),
      cash: { amount: line.amount, currency: balance.currency },
      flaw: null,
      ageDays: line.age_days,
    }));
}

interface Sum {
  /** `null` where nothing is known. */
  cash: Money | null;
  count: number;
  /** Orders whose cash is not known before it is recorded. */
  unknown: number;
}

export function sumOf(entries: readonly Entry[]): Sum {
  const known = entries.flatMap((entry) => (entry.cash === null ? [] : [entry.cash]));
  const amount = known.reduce((sum, cash) => sum + cash.amount, 0);
  return {
    cash: known.length === 0 ? null : { amount, currency: known[0].currency },
    count: entries.length,
    unknown: entries.length - known.length,
  };
}

/** Whether the API takes this as a bank's reference. */
export function isBankReference(text: string): boolean {
  return /^[A-Za-z0-9 ./_-]{1,64}$/.test(text.trim()) && /[A-Za-z0-9]/.test(text);
}
