import { typed } from "@jifen/shared/money";
import type { Schema } from "@jifen/shared/schema";

import { CURRENCY } from "@/program";

import { type Clock, wallOf } from "../goods/editor/typed";

export type Draft = Schema<"CampaignDraftIn">;
export type Detail = Schema<"CampaignDetail">;
export type Row = Schema<"CampaignRow">;
export type Kind = Draft["kind"];
export type Effect = Draft["effect"];

export const KINDS = [
  "full_reduction",
  "price",
  "flash_sale",
  "bundle",
  "buy_and_give",
  "points_back",
  "first_order",
  "multiplier",
] as const satisfies readonly Kind[];

/** Columns of a list that a person types, such as a SKU and its price. */
export type Line = string[];

/** A campaign as a person types it: numbers are texts, and none is an empty one. */
export interface CampaignForm {
  kind: Kind;
  zh: string;
  en: string;
  percent: string;
  /** SKU, points, cash. */
  prices: Line[];
  /** SKU, units. */
  items: Line[];
  /** From, off. */
  steps: Line[];
  unit: "points" | "cash";
  repeats: boolean;
  mostTimes: string;
  perOrder: string;
  points: string;
  cash: string;
  buy: string;
  sku: string;
  units: string;
  atLeast: string;
  cap: string;
  coupon: string;
  from: string;
  until: string;
  weekdays: number[];
  days: string;
  startHour: string;
  endHour: string;
  tiers: string;
  tags: string;
  segments: string;
  lists: string;
  skus: string;
  products: string;
  categories: string;
  brands: string;
  exceptSkus: string;
  budgetPoints: string;
  budgetCash: string;
  takers: string;
  perMember: string;
  group: string;
  priority: string;
  withCoupons: boolean;
  holdout: string;
}

export function firstForm(clock: Clock): CampaignForm {
  const title = { "zh-CN": "", en: "" };
  return formOf({ kind: "full_reduction", title, effect: {} }, clock);
}

/** `clock` tells moments as the program's clock has them. */
export function formOf(terms: Draft, clock: Clock): CampaignForm {
  return {
    kind: terms.kind,
    zh: terms.title["zh-CN"],
    en: terms.title.en,
    ...NO_EFFECT,
    ...effectForm(terms.effect),
    ...timesForm(terms.valid ?? {}, clock),
    ...audienceForm(terms.audience ?? {}),
    ...scopeForm(terms.scope ?? {}),
    ...limitsForm(terms),
  };
}

const NO_EFFECT = {
  percent: "",
  prices: [] as Line[],
  items: [] as Line[],
  steps: [] as Line[],
  unit: "points" as CampaignForm["unit"],
  repeats: false,
  mostTimes: "",
  perOrder: "",
  points: "",
  cash: "",
  buy: "",
  sku: "",
  units: "1",
  atLeast: "",
  cap: "",
  coupon: "",
};

function effectForm(effect: Effect): Partial<CampaignForm> {
  const { price, flash_sale: flash, bundle, full_reduction: off } = effect;
  if (price) return priceForm(price);
  if (flash) return priceForm(flash);
  if (bundle) return bundleForm(bundle);
  return off ? reductionForm(off) : giftForm(effect);
}

function giftForm(effect: Effect): Partial<CampaignForm> {
  const { buy_and_give: give, points_back: back, first_order: first, multiplier } = effect;
  if (give) {
    const { buy, give_sku: sku, give: units, most_times: times } = give;
    return { buy: text(buy), sku, units: text(units ?? 1), mostTimes: text(times) };
  }
  if (back) return backForm(back);
  if (first) return firstOrderForm(first);
  return multiplier ? { percent: text(multiplier.percent) } : {};
}

type Of<Name extends keyof Effect> = NonNullable<Effect[Name]>;

function priceForm(price: Of<"price">) {
  const prices = (price.prices ?? []).map(({ sku, points, cash }) => [
    sku,
    text(points),
    money(cash),
  ]);
  return { prices, percent: text(price.percent_off), perOrder: text(price.per_order) };
}

function bundleForm({ items, points, cash, per_order: perOrder }: Of<"bundle">) {
  return {
    items: items.map((each) => [each.sku, text(each.quantity)]),
    points: text(points),
    cash: money(cash),
    perOrder: text(perOrder),
  };
}

function reductionForm({ unit, steps, repeats, most_times: times }: Of<"full_reduction">) {
  const amount = unit === "cash" ? money : text;
  return {
    unit,
    steps: steps.map((each) => [amount(each.at_least), amount(each.off)]),
    repeats: repeats === true,
    mostTimes: text(times),
  };
}

function backForm({ percent, points, at_least: least, cap }: Of<"points_back">) {
  return { percent: text(percent), points: text(points), atLeast: text(least), cap: text(cap) };
}

function firstOrderForm(first: Of<"first_order">) {
  return {
    sku: first.gift_sku ?? "",
    units: text(first.gift_quantity ?? 1),
    points: text(first.points),
    coupon: first.coupon ?? "",
  };
}

function timesForm(valid: NonNullable<Draft["valid"]>, clock: Clock) {
  return {
    from: valid.from ? wallOf(valid.from, clock) : "",
    until: valid.until ? wallOf(valid.until, clock) : "",
    weekdays: [...(valid.weekdays ?? [])],
    days: (valid.days ?? []).join(", "),
    startHour: text(valid.hours?.start),
    endHour: text(valid.hours?.end),
  };
}

function audienceForm({ tiers, tags, segments, lists }: NonNullable<Draft["audience"]>) {
  return {
    tiers: listed(tiers),
    tags: listed(tags),
    segments: listed(segments),
    lists: listed(lists),
  };
}

function scopeForm(scope: NonNullable<Draft["scope"]>) {
  return {
    skus: listed(scope.skus),
    products: listed(scope.products),
    categories: listed(scope.categories),
    brands: listed(scope.brands),
    exceptSkus: listed(scope.except?.skus),
  };
}

function limitsForm(terms: Draft) {
  const { budget } = terms;
  return {
    budgetPoints: text(budget?.points),
    budgetCash: money(budget?.cash),
    takers: text(budget?.takers),
    perMember: text(terms.per_member),
    group: terms.exclusion_group ?? "",
    priority: text(terms.priority ?? 0),
    withCoupons: terms.with_coupons !== false,
    holdout: text(terms.holdout_percent ?? 0),
  };
}

function listed(names: string[] | undefined): string {
  return (names ?? []).join(", ");
}

function text(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}

function money(value: number | null | undefined): string {
  return value == null ? "" : typed({ amount: value, currency: CURRENCY });
}
