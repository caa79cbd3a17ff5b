/** Where a wheel stops, and how it looks. */

/** Full turns before the wheel stops. */
const TURNS = 5;

/** The angle, more than `now`, at which the middle of a prize stands under the hand at the top. */
export function stopAt(now: number, place: number, count: number): number {
  const middle = ((place + 0.5) * 360) / count;
  const base = Math.ceil(now / 360) * 360;
  return base + TURNS * 360 - middle;
}

/** Equal parts in two colours, and a third where the first and the last one would meet alike. */
export function colouredParts(count: number): string {
  const part = 360 / count;
  const colours = Array.from({ length: count }, (_, at) => {
    if (at === count - 1 && at % 2 === 0) return "var(--good-pale)";
    return at % 2 === 0 ? "var(--points-pale)" : "var(--accent-pale)";
  });
  const stops = colours.map((each, at) => `${each} ${at * part}deg ${(at + 1) * part}deg`);
  return `conic-gradient(${stops.join(", ")})`;
}

/** How the name of a prize is turned and moved to its part of the wheel. */
export function labelAt(place: number, count: number): string {
  const middle = ((place + 0.5) * 360) / count;
  return `rotate(${middle}deg)`;
}
