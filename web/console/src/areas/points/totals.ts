import type { Schema } from "@jifen/shared/schema";

export type DayTotals = Schema<"DayTotalsView">;

/** The flows of a day, each with the sign by which it counts in what is outstanding. */
const FLOWS = {
  accrued: 1,
  redeemed: -1,
  expired: -1,
  transferred: 1,
  adjusted: 1,
  written_off: 1,
} as const satisfies Partial<Record<keyof DayTotals, 1 | -1>>;

type Flow = keyof typeof FLOWS;
export const FLOW_NAMES = Object.keys(FLOWS) as Flow[];

/** What a flow changed. */
export function flowOf(day: DayTotals, flow: Flow): number {
  return FLOWS[flow] * day[flow] || 0;
}

/** Whether a day's flows lead from its opening to what was outstanding at its end. */
export function dayAddsUp(day: DayTotals): boolean {
  const moved = FLOW_NAMES.reduce((sum, flow) => sum + flowOf(day, flow), 0);
  return day.opening + moved === day.outstanding;
}

/** The days that do not add up, or do not begin where the day before ended. */
export function brokenDays(days: readonly DayTotals[]): string[] {
  return days
    .filter(
      (day, index) => !dayAddsUp(day) || (index > 0 && days[index - 1].outstanding !== day.opening),
    )
    .map((day) => day.day);
}

/** Points that came in, and points that went out, on a day. */
export function inAndOut(day: DayTotals): { came: number; went: number } {
  const moved = FLOW_NAMES.map((flow) => flowOf(day, flow));
  const sum = (isCounted: (value: number) => boolean) =>
    moved.filter(isCounted).reduce((total, value) => total + value, 0);
  return { came: sum((value) => value > 0), went: sum((value) => value < 0) };
}
