import type { Schema } from "@jifen/shared/schema";

import type { Question } from "@/table/useList";

export type Movement = Schema<"MovementView">;

/** Why units move, as the staff may choose. */
export const WHY = [
  "sale",
  "cancelled",
  "rejected",
  "refund",
  "returned",
  "exchange",
  "restock",
  "correction",
  "codes",
  "repair",
  "spread",
  "created",
] as const;

/** What the list asks the API for. */
export function askedOf({ why, ...paging }: Question<{ why: string }>) {
  return { ...paging, why: WHY.find((each) => each === why) };
}

/** A change with its sign, as in a book of stock. */
export function signed({ change }: Pick<Movement, "change">): string {
  return change > 0 ? `+${change}` : String(change).replace("-", "−");
}

/** Two shards of a SKU may have a movement at the same moment. */
export function keyOf(row: Movement): string {
  return [row.at, row.shard, row.before, row.after, row.reference].join("|");
}
