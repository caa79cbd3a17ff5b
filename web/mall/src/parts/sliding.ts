/** Where a slider may rest: ranges of numbers, the lowest first. */
export interface Run {
  least: number;
  most: number;
}

/** The number of these ranges, one or more, that is nearest to `value`; of two the lower one. */
export function nearest(runs: readonly Run[], value: number): number {
  const ends = runs.map(({ least, most }) => Math.min(Math.max(value, least), most));
  return ends.reduce((best, each) =>
    Math.abs(each - value) < Math.abs(best - value) ? each : best,
  );
}

/**
 * Where a slider rests that was let go at `value` and had rested at `before`: at the nearest number,
 * or where that would be no move, over the gap. So a key's step is never lost.
 */
export function settled(runs: readonly Run[], value: number, before: number): number {
  const found = nearest(runs, value);
  if (found !== before || value === before) return found;
  const beyond =
    value > before
      ? runs.find(({ least }) => least > value)?.least
      : runs.filter(({ most }) => most < value).at(-1)?.most;
  return beyond ?? found;
}
