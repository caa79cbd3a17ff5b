import { points, whole } from "@jifen/shared/points";
import type { Price } from "@jifen/shared/price";

import { type ProductForm, priceOf } from "../editor/form";
import { NAMED_TIERS, timedOf, tiersOf } from "../editor/terms";
import type { Clock } from "../editor/typed";

interface Telling {
  t: (key: string, told?: Record<string, unknown>) => string;
  clock: Clock;
  at: (moment: string) => string;
  nowMs: number;
}

/** The price of now, and what the mall says below it of times and tiers. */
export function dealOf(form: ProductForm, telling: Telling): { price: Price; lines: string[] } {
  const { t, clock, at, nowMs } = telling;
  const usual = priceOf(form);
  const timed = timedOf(form.timed_prices, clock).find(({ until }) => Date.parse(until) > nowMs);
  const runs = timed !== undefined && Date.parse(timed.from) <= nowMs;
  const price = runs ? { ...usual, ...timed } : usual;
  const tierName = (tier: string) =>
    (NAMED_TIERS as readonly string[]).includes(tier) ? t(`goods.tiers.${tier}`) : tier;
  const ofTiers = form.price.tier_points.filter((row) => isFewer(row.points, price.points));
  const names = tiersOf(form.tiers).map(tierName).join(t("goods.and"));
  const timedLine = () => {
    if (timed === undefined) return [];
    return runs
      ? [t("goods.timedUntil", { at: at(timed.until), usual: points(usual.points) })]
      : [t("goods.timedFrom", { at: at(timed.from), points: points(timed.points) })];
  };
  const lines = [
    ...timedLine(),
    ...ofTiers.map((row) =>
      t("goods.tierPrice", {
        tier: tierName(row.tier.trim()),
        points: points(whole(row.points) ?? 0),
      }),
    ),
    ...(names === "" ? [] : [t("goods.onlyTiers", { names })]),
  ];
  return { price, lines };
}

function isFewer(typed: string, than: number): boolean {
  const count = whole(typed) ?? 0;
  return count > 0 && count < than;
}
