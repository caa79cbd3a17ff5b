/** How long a coupon is good for. */
const DAY_MS = 86_400_000;

/** Whole days that are left; 0 on the last one. */
export function daysLeft(until: string, now: number): number {
  return Math.max(0, Math.floor((Date.parse(until) - now) / DAY_MS));
}
