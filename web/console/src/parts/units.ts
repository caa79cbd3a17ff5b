import type { Schema } from "@jifen/shared/schema";

/** What accounts hold, as the API names it. */
export const UNITS = ["points", "rebate_cash", "growth"] as const satisfies readonly Unit[];

export type Unit = Schema<"LiabilityView">["unit"];

/** The unit that a page's address names. */
export function unitIn(value: unknown): Unit {
  return UNITS.find((unit) => unit === value) ?? "points";
}
