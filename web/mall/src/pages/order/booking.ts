/** A day and an hour that were chosen for a service. */
interface Booking {
  /** The moment, RFC 3339; `null` until both are chosen, and where it is over. */
  at: string | null;
  /** Whether the chosen moment is over. */
  over: boolean;
}

export function bookingOf(
  day: string,
  hour: string,
  moment: (day: string, hour: string) => string | null,
  nowMs: number,
): Booking {
  const found = day === "" || hour === "" ? null : moment(day, hour);
  const over = found !== null && Date.parse(found) <= nowMs;
  // A day that is over is told before its hour is chosen.
  const dayOver = day !== "" && endOf(day, moment) <= nowMs;
  return { at: over ? null : found, over: over || dayOver };
}

function endOf(day: string, moment: (day: string, hour: string) => string | null): number {
  const last = moment(day, "23:59");
  return last === null ? Infinity : Date.parse(last);
}
