import type { Schema } from "@jifen/shared/schema";

/** What accounts hold, as the API names it. */
export const UNITS = ["points", "rebate_cash", "growth"] as const satisfies readonly NonNullable<
  Schema<"AdjustmentIn">["unit"]
>[];

export type Unit = (typeof UNITS)[number];
