import { money } from "./money";
import { pointsWithUnit } from "./points";
import type { Language, Money } from "./schema";

/** A price in points and cash, such as `800 积分 + ¥10.00`; a part that is 0 is left out. */
export function due(points: number, cash: Money | null, language: Language): string {
  const paid = cash === null || cash.amount === 0 ? [] : [money(cash)];
  const isShown = points !== 0 || paid.length === 0;
  return [...(isShown ? [pointsWithUnit(points, language)] : []), ...paid].join(" + ");
}
