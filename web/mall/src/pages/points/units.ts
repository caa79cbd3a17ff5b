/** The units in which a member has an account, and amounts of them: rebate cash in minor units. */
import { change, points } from "@jifen/shared/points";
import { money } from "@jifen/shared/money";
import type { Schema } from "@jifen/shared/schema";

import { currency } from "@/state/currency";

export const UNITS = ["points", "growth", "rebate_cash"] as const;
export type Unit = (typeof UNITS)[number];

/** The unit that a link names; `points` where it names none. */
export function unitOf(query: { unit?: string } | undefined): Unit {
  return UNITS.find((each) => each === query?.unit) ?? "points";
}

/** A number of a unit alone: `1,280`, or `¥12.80` of rebate cash. */
export function amount(unit: Unit, value: number): string {
  return unit === "rebate_cash"
    ? money({ amount: value, currency: currency.value })
    : points(value);
}

/** A change with its sign: `+800`, `−¥8.00`. */
export function signed(unit: Unit, value: number): string {
  if (unit !== "rebate_cash") return change(value);
  return value > 0 ? `+${amount(unit, value)}` : amount(unit, value);
}

/** Whether anything ever happened in an account. */
export function isUsed(balance: Schema<"Balance">): boolean {
  const { available, pending, held, debt, lifetime } = balance;
  return [available, pending, held, debt, ...Object.values(lifetime)].some((each) => each !== 0);
}
