import { money } from "@jifen/shared/money";
import { change, points } from "@jifen/shared/points";
import type { Schema } from "@jifen/shared/schema";

import { CURRENCY } from "@/program";

/** What accounts hold, as the API names it. */
export const UNITS = ["points", "rebate_cash", "growth"] as const satisfies readonly NonNullable<
  Schema<"AdjustmentIn">["unit"]
>[];

export type Unit = (typeof UNITS)[number];

/** An amount of a unit as people write it; rebate cash counts minor units of money. */
export function amountOf(unit: string, value: number): string {
  return unit === "rebate_cash" ? money({ amount: value, currency: CURRENCY }) : points(value);
}

/** A change with its sign. */
export function changeOf(unit: string, value: number): string {
  if (unit !== "rebate_cash") return change(value);
  return (value > 0 ? "+" : "") + amountOf(unit, value);
}
