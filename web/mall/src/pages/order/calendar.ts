/** The days of a service's slots, in weeks from Monday. */
import type { Schema } from "@jifen/shared/schema";
import { dayPlus } from "@jifen/shared/times";

export type Slot = Schema<"SlotView">;

export interface Day {
  /** `2026-11-29`. */
  day: string;
  slots: Slot[];
  /** Whether a seat is free on it. */
  free: boolean;
}

/** Whole weeks from the first slot's to the last one's. */
export function weeksOf(slots: readonly Slot[], dayOf: (at: string) => string): Day[][] {
  const byDay = new Map<string, Slot[]>();
  for (const slot of slots) {
    const day = dayOf(slot.starts_at);
    byDay.set(day, [...(byDay.get(day) ?? []), slot]);
  }
  const days = [...byDay.keys()].sort();
  const [first, last] = [days[0], days[days.length - 1]];
  if (first === undefined || last === undefined) return [];
  const weeks: Day[][] = [];
  for (let monday = dayPlus(first, -weekday(first)); monday <= last; monday = dayPlus(monday, 7))
    weeks.push(
      [0, 1, 2, 3, 4, 5, 6].map((more) => {
        const day = dayPlus(monday, more);
        const own = byDay.get(day) ?? [];
        return { day, slots: own, free: own.some((each) => each.left > 0) };
      }),
    );
  return weeks;
}

/** 0 is Monday. */
export function weekday(day: string): number {
  return (new Date(`${day}T00:00:00Z`).getUTCDay() + 6) % 7;
}
