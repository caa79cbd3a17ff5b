import { minor } from "@jifen/shared/money";
import { whole } from "@jifen/shared/points";
import type { Schema } from "@jifen/shared/schema";

import { CURRENCY } from "@/program";
import type { Unit } from "@/parts/units";

/** What a person has typed so far. */
export interface Draft {
  unit: Unit;
  direction: "give" | "take";
  /** Whole points; money in major units. */
  amount: string;
  /** The last day on which given points are good; `""`: the unit's own rule. */
  lastDay: string;
  reason: string;
}

export function firstDraft(): Draft {
  return { unit: "points", direction: "give", amount: "", lastDay: "", reason: "" };
}

/** The adjustment to send; `null` while the draft is not complete. */
export function adjustmentOf(
  draft: Draft,
  endOf: (day: string) => string,
): Schema<"AdjustmentIn"> | null {
  const amount = amountOf(draft);
  const reason = draft.reason.trim();
  if (!amount || reason === "") return null;
  const points = draft.direction === "give" ? amount : -amount;
  const until = mayLapse(draft) && draft.lastDay ? { expires_at: endOf(draft.lastDay) } : {};
  return { unit: draft.unit, points, reason, ...until };
}

/** The largest change that one person makes alone; rebate cash that is given has its own limit. */
export function aloneAtMost(
  { unit, direction }: Pick<Draft, "direction" | "unit">,
  limits: Schema<"AdjustmentLimits">,
): number {
  return unit === "rebate_cash" && direction === "give" ? limits.rebate_given : limits.points;
}

/** Whether an adjustment waits for a second person, as it is larger than `alone`. */
export function needsAnother({ points }: Schema<"AdjustmentIn">, alone: number): boolean {
  return Math.abs(points) > alone;
}

/** Whether a last day may be said: for points that are given. */
export function mayLapse(draft: Draft): boolean {
  return draft.direction === "give" && draft.unit === "points";
}

function amountOf({ unit, amount }: Draft): number | null {
  return unit === "rebate_cash" ? minor(amount, CURRENCY) : whole(amount);
}
