import type { Price } from "@jifen/shared/price";
import type { Schema } from "@jifen/shared/schema";

type Product = Pick<Schema<"ProductView">, "price" | "timed_price">;

/** The price for a time that is in force at a moment (ms), or `null`. */
export function runningPrice({ timed_price: timed }: Product, nowMs: number) {
  if (timed === null) return null;
  const runs = Date.parse(timed.from) <= nowMs && nowMs < Date.parse(timed.until);
  return runs ? timed : null;
}

/** The price of a unit at a moment (ms): that of a time while it is in force. */
export function priceAt(product: Product, nowMs: number): Price {
  const timed = runningPrice(product, nowMs);
  if (timed === null) return product.price;
  const { points, cash, cash_equivalent, min_points } = timed;
  return { points, cash, cash_equivalent, min_points, tier_points: product.price.tier_points };
}
