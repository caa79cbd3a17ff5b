import type { Money, Schema } from "./schema";

export type Price = Schema<"Price">;

/** The points that a line may pay: at least and at most. */
export function range(price: Price, quantity: number): { least: number; most: number } {
  const least = price.cash_equivalent === null ? price.points : (price.min_points ?? 0);
  return { least: least * quantity, most: price.points * quantity };
}

/**
 * The cash of a line whose `paid` points lie within its range; `null` where it costs none.
 *
 * A line multiplies the price of a unit and rounds up once.
 */
export function cashOf(price: Price, quantity: number, paid: number): Money | null {
  const fixed = (price.cash?.amount ?? 0) * quantity;
  const amount = fixed + replacing(price, price.points * quantity - paid);
  const currency = (price.cash ?? price.cash_equivalent)?.currency;
  return currency === undefined || amount === 0 ? null : { amount, currency };
}

/** What a unit costs with as few points as cash may replace; `null` where cash replaces none. */
export function leastOf(price: Price): { points: number; cash: Money } | null {
  const { least } = range(price, 1);
  const cash = cashOf(price, 1, least);
  return least === price.points || cash === null ? null : { points: least, cash };
}

/** The minor units that replace `missing` points. */
function replacing(price: Price, missing: number): number {
  if (price.cash_equivalent === null || price.points === 0) return 0;
  const all = BigInt(price.cash_equivalent.amount) * BigInt(missing);
  return Number(ceilDivide(all, BigInt(price.points)));
}

function ceilDivide(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}
