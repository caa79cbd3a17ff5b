import { whole } from "@jifen/shared/points";
import type { Schema } from "@jifen/shared/schema";

import type { Product } from "../words";

import { type Clock, moneyOf, momentOf, typedMoney, wallOf } from "./typed";

/** Points of a tier's members. */
export interface TierPoints {
  tier: string;
  points: string;
}

/** A whole price for a time of the program's clock. */
export interface TimedPrice {
  from: string;
  until: string;
  points: string;
  cash: string;
  cash_equivalent: string;
  min_points: string;
}

/** The most units of one member in all, in a day, in a month, and in one order. */
export const LIMITS = ["per_member", "per_member_day", "per_member_month", "per_order"] as const;

type LimitName = (typeof LIMITS)[number];
export type LimitTexts = Record<LimitName, string>;
export type TierLimits = LimitTexts & { tier: string };

export const MAX_TIERS = 20;
export const MAX_TIMED_PRICES = 10;

/** Tiers that the texts name; others are shown by their id. Everybody is `normal` until tiers come. */
export const NAMED_TIERS = ["normal", "silver", "gold", "diamond"] as const;

export const TIERS = "、";

export function tiersOf(text: string): string[] {
  const ids = text.split(/[、,，;；]/).map((each) => each.trim());
  return [...new Set(ids)].filter((each) => each !== "");
}

export function limitTexts(limits: Partial<Record<LimitName, number | null>>): LimitTexts {
  const texts = LIMITS.map((name) => [name, String(limits[name] ?? "")]);
  return Object.fromEntries(texts) as LimitTexts;
}

export function limitsOf(texts: LimitTexts): Record<LimitName, number | null> {
  const limits = LIMITS.map((name) => [name, whole(texts[name])]);
  return Object.fromEntries(limits) as Record<LimitName, number | null>;
}

export function tierPointsForm(points: Record<string, number> | null): TierPoints[] {
  return Object.entries(points ?? {}).map(([tier, each]) => ({ tier, points: String(each) }));
}

export function tierPointsOf(rows: readonly TierPoints[]): Record<string, number> | null {
  if (rows.length === 0) return null;
  return Object.fromEntries(rows.map(({ tier, points }) => [tier.trim(), whole(points) ?? 0]));
}

export function tierLimitsForm(limits: Product["limits"]["tiers"]): TierLimits[] {
  return Object.entries(limits ?? {}).map(([tier, each]) => ({ tier, ...limitTexts(each) }));
}

export function tierLimitsOf(rows: readonly TierLimits[]): Schema<"LimitsIn">["tiers"] {
  if (rows.length === 0) return null;
  return Object.fromEntries(rows.map((row) => [row.tier.trim(), limitsOf(row)]));
}

export function timedForm(price: Schema<"TimedPrice">, clock: Clock): TimedPrice {
  const equivalent = price.cash_equivalent ?? null;
  return {
    from: wallOf(price.from, clock),
    until: wallOf(price.until, clock),
    points: String(price.points),
    cash: typedMoney(price.cash ?? null),
    cash_equivalent: typedMoney(equivalent),
    min_points: equivalent === null ? "" : String(price.min_points ?? 0),
  };
}

/** The prices for a time, the first first: the API names them so. */
export function timedOf(rows: readonly TimedPrice[], clock: Clock): Schema<"TimedPrice">[] {
  return inTime(rows).map((at) => {
    const row = rows[at];
    const equivalent = moneyOf(row.cash_equivalent);
    return {
      from: momentOf(row.from, clock),
      until: momentOf(row.until, clock),
      points: whole(row.points) ?? 0,
      cash: moneyOf(row.cash),
      cash_equivalent: equivalent,
      min_points: equivalent === null ? null : (whole(row.min_points) ?? 0),
    };
  });
}

/** The places of rows in their order of time. */
export function inTime(rows: readonly TimedPrice[]): number[] {
  const key = (at: number) => rows[at].from;
  return rows.map((_, at) => at).sort((a, b) => (key(a) < key(b) ? -1 : Number(key(a) > key(b))));
}

/**
 * A field of the API's refusals, as the form names it.
 *
 * The API names tiers by their ids, and prices for a time by their order of time.
 */
export function placed(field: string, form: Placed): string {
  // What is wrong with all words is told once, above the SKUs.
  if (field === "spec_words") return "skus";
  const timed = /^timed_prices\[(\d+)\](.*)$/.exec(field);
  if (timed !== null) {
    return `timed_prices[${inTime(form.timed_prices).at(Number(timed[1])) ?? 0}]${timed[2]}`;
  }
  const points = rowOf(field, "price.tier_points.", form.price.tier_points);
  if (points !== null) return `price.tier_points[${points.at}].points`;
  const limits = rowOf(field, "limits.tiers.", form.limits.tiers);
  return limits === null ? field : `limits.tiers[${limits.at}]${limits.rest}`;
}

interface Placed {
  price: { tier_points: TierPoints[] };
  limits: { tiers: TierLimits[] };
  timed_prices: TimedPrice[];
}

function rowOf(field: string, beginning: string, rows: readonly { tier: string }[]) {
  if (!field.startsWith(beginning)) return null;
  const named = field.slice(beginning.length);
  const at = rows.findIndex(({ tier }) => `${named}.`.startsWith(`${tier.trim()}.`));
  return at < 0 ? null : { at, rest: named.slice(rows[at].tier.trim().length) };
}
