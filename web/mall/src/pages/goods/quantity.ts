import type { Schema } from "@jifen/shared/schema";

/** Units that one order may have of a SKU: none where it is sold out. */
export function mostUnits(limits: Schema<"Limits">, stock: Schema<"Stock">): number {
  const bounds = [
    stock.available,
    limits.per_order,
    limits.per_member,
    limits.per_member_day,
    limits.per_member_month,
    MOST,
  ];
  return Math.min(...bounds.filter((each): each is number => typeof each === "number"));
}

/** A stepper beyond this helps nobody. */
const MOST = 99;
