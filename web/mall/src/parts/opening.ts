/** When a sale, or a price for a time, begins for somebody. */
import type { Schema } from "@jifen/shared/schema";

type Opening = Schema<"OpeningView"> | null | undefined;

/** The tiers that may have it now, though others may not yet; their names. */
export function earlyNow(opening: Opening, nowMs: number): string[] {
  const early = opening?.early ?? [];
  return early.filter((each) => Date.parse(each.from) <= nowMs).map(({ title }) => title);
}

/** Whether a member of a tier may have it now; somebody without one only when all may. */
export function isOpenTo(opening: Opening, tier: string | null, nowMs: number): boolean {
  if (!opening || Date.parse(opening.from) <= nowMs) return true;
  const own = opening.early?.find((each) => each.tier === tier);
  return own !== undefined && Date.parse(own.from) <= nowMs;
}
