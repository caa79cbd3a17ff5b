import type { Money } from "@jifen/shared/schema";

import type { Order } from "../orders";

/** How the cash of a refund reaches the payer. */
type CashWay = "bank" | "less_due" | "none" | "provider";

interface Preview {
  units: number;
  points: number;
  cash: Money;
  way: CashWay;
  /** All units of the order have a refund then. */
  isAll: boolean;
}

/** Units by SKU to refund. */
export type Units = Readonly<Record<string, number>>;

/** All units that have no refund yet and that no open return keeps. */
export function allLeft(order: Order): Record<string, number> {
  const kept = (sku: string) =>
    order.returns.reduce((sum, { lines }) => sum + (lines[sku] ?? 0), 0);
  return Object.fromEntries(
    order.lines.map((line) => [line.sku, line.quantity - line.returned - kept(line.sku)]),
  );
}

/**
 * What a refund gives back: each line in the ratio in which it was paid.
 *
 * The refunds of all units of a line sum to it exactly. Money refunded at the provider belongs to
 * no units, so the last units bring less.
 */
export function preview(order: Order, units: Units): Preview {
  let points = 0;
  let cash = 0;
  for (const line of order.lines) {
    const more = units[line.sku] ?? 0;
    points += part(line.points, line.quantity, line.returned, more);
    cash += part(line.cash.amount, line.quantity, line.returned, more);
  }
  const given = order.refunds.reduce((sum, made) => sum + made.cash.amount, 0);
  cash = Math.max(Math.min(cash, order.cash.amount - given), 0);
  return {
    units: order.lines.reduce((sum, line) => sum + (units[line.sku] ?? 0), 0),
    points,
    cash: { amount: cash, currency: order.cash.currency },
    way: wayOf(order, cash),
    isAll: order.lines.every((line) => line.returned + (units[line.sku] ?? 0) === line.quantity),
  };
}

/** The lines to send: only those with units. */
export function linesOf(units: Units): { sku: string; quantity: number }[] {
  return Object.entries(units)
    .filter(([, quantity]) => quantity > 0)
    .map(([sku, quantity]) => ({ sku, quantity }));
}

function part(amount: number, quantity: number, before: number, more: number): number {
  const share = (units: number) => (BigInt(amount) * BigInt(units)) / BigInt(quantity);
  return Number(share(before + more) - share(before));
}

function wayOf(order: Order, cash: number): CashWay {
  if (cash === 0) return "none";
  if (order.payment?.method !== "cod") return "provider";
  return order.payment.status === "due" ? "less_due" : "bank";
}
