import type { Schema } from "@jifen/shared/schema";

export type Liability = Schema<"LiabilityView">;

/** A part of what is outstanding. */
export interface Part {
  /** `2027-11` of points that lapse at the end of a month; else the name of the part. */
  name: string;
  isMonth: boolean;
  points: number;
  /** What will probably lapse of it; null where nothing can. */
  breakage: number | null;
}

/** The parts of the liability in the order of the CSV; debts count below 0. */
export function partsOf(of: Liability): Part[] {
  const months = of.months.map(({ month, points, expected_breakage }) => ({
    name: month,
    isMonth: true,
    points,
    breakage: expected_breakage,
  }));
  const others = (["never", "held", "pending", "debt", "elsewhere"] as const).map((name) => ({
    name,
    isMonth: false,
    points: name === "debt" ? -of.debt : of[name],
    breakage: null,
  }));
  return [...months, ...others.filter((part) => part.points !== 0)];
}

/** Whether the parts add up to what is outstanding. */
export function addsUp(of: Liability): boolean {
  return partsOf(of).reduce((sum, part) => sum + part.points, 0) === of.outstanding;
}
