import { whole } from "@jifen/shared/points";

/** The most units that a SKU may have, or that come in at once. */
const MOST = 10_000_000;

interface Restocking {
  /** Units to send: negative where they leave. */
  quantity: number;
  /** Units that will be there. */
  then: number;
}

/** What typed units make of the stock; `null` where they are none, `"tooMany"` beyond the stock. */
export function restocking(
  typed: string,
  way: "add" | "take",
  available: number,
): Restocking | "tooMany" | null {
  const units = whole(typed);
  if (units === null || units === 0) return null;
  const quantity = way === "add" ? units : -units;
  const then = available + quantity;
  return then < 0 || units > MOST ? "tooMany" : { quantity, then };
}
