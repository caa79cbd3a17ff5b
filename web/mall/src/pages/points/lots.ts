/** What a balance has in lots: what expires, soonest first, then what never does. */
import type { Schema } from "@jifen/shared/schema";

interface Lot {
  /** When it expires; `null`: never. */
  at: string | null;
  points: number;
  /** Its part of the largest lot, in percent. */
  share: number;
}

export function lotsOf(balance: Schema<"Balance">): Lot[] {
  const expiring = balance.expiring.reduce((sum, each) => sum + each.points, 0);
  const lasting = balance.available - expiring;
  const lots = [...balance.expiring, ...(lasting > 0 ? [{ at: null, points: lasting }] : [])];
  const largest = Math.max(...lots.map((each) => each.points));
  return lots.map((each) => ({ ...each, share: Math.round((100 * each.points) / largest) }));
}
