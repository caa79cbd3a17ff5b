/** Months of the program as `2026-11`. */

/** All months from `first` to `last`, newest first. */
export function monthsBetween(first: string, last: string): string[] {
  const months = [last];
  for (let month = last; month > first; month = stepped(month, -1)) months.push(stepped(month, -1));
  return months;
}

/** The month that is `by` months later. */
export function stepped(month: string, by: number): string {
  const [year, number] = month.split("-").map(Number) as [number, number];
  const count = year * 12 + number - 1 + by;
  return `${Math.floor(count / 12)}-${String((count % 12) + 1).padStart(2, "0")}`;
}
