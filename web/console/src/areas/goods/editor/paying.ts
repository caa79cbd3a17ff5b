import { type Price, cashOf, range } from "@jifen/shared/price";
import type { Money } from "@jifen/shared/schema";

/** A way to pay for one unit. */
export interface Way {
  points: number;
  cash: Money | null;
}

/** Ways to pay for one unit: all points, half of what cash may replace, as few as may be. */
export function waysOf(price: Price): Way[] {
  if (price.points === 0) return [];
  const { least, most } = range(price, 1);
  const counts = new Set([most, Math.ceil((least + most) / 2), least]);
  return [...counts].map((points) => ({ points, cash: cashOf(price, 1, points) }));
}
