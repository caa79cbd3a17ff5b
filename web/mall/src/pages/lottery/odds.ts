/** Odds of a million as a percentage, all of their digits: `0.0001%`. */
export function percentOf(odds: number): string {
  return `${Number((odds / 10_000).toFixed(4))}%`;
}
