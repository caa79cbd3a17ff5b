import type { Schema } from "@jifen/shared/schema";

/** Units that one order may have of a SKU: none where it is sold out. */
export function mostUnits(limits: Schema<"Limits">, stock: Schema<"Stock">): number {
  const bounds = [stock.available, limits.per_order, limits.per_member, MOST];
  return Math.min(...bounds.filter((each): each is number => each !== null));
}

/** A stepper beyond this helps nobody. */
const MOST = 99;
