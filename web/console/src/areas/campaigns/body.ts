import { minor } from "@jifen/shared/money";
import type { Schema } from "@jifen/shared/schema";

import { CURRENCY } from "@/program";

import { type Clock, momentOf } from "../goods/editor/typed";

import type { CampaignForm, Draft, Effect, Kind, Line } from "./form";

/** The campaign that the form says. A figure that is none is sent as 0: the mall says where. */
export function bodyOf(form: CampaignForm, clock: Clock): Draft {
  return {
    kind: form.kind,
    title: { "zh-CN": form.zh.trim(), en: form.en.trim() },
    effect: effectOf(form),
    valid: validOf(form, clock),
    audience: audienceOf(form),
    scope: scopeOf(form),
    budget: budgetOf(form),
    per_member: figure(form.perMember),
    exclusion_group: form.group.trim() || null,
    with_coupons: form.withCoupons,
    priority: figure(form.priority) ?? 0,
    holdout_percent: figure(form.holdout) ?? 0,
  };
}

/** What a change sends: a campaign keeps its kind. */
export function changeOf(form: CampaignForm, clock: Clock): Schema<"CampaignChange"> {
  const body: Partial<Draft> = bodyOf(form, clock);
  delete body.kind;
  return body;
}

const EFFECTS: Record<Kind, (form: CampaignForm) => Effect> = {
  multiplier: (form) => ({ multiplier: { percent: figure(form.percent) ?? 0 } }),
  price: (form) => ({ price: priceOf(form) }),
  flash_sale: (form) => ({ flash_sale: priceOf(form) }),
  bundle: (form) => ({
    bundle: {
      items: filled(form.items).map(([sku, units]) => ({ sku, quantity: figure(units) ?? 1 })),
      points: figure(form.points) ?? 0,
      cash: sum(form.cash) ?? 0,
      per_order: figure(form.perOrder),
    },
  }),
  full_reduction: (form) => ({
    full_reduction: {
      unit: form.unit,
      steps: filled(form.steps).map(([least, off]) => ({
        at_least: amountOf(form, least),
        off: amountOf(form, off),
      })),
      repeats: form.repeats,
      most_times: figure(form.mostTimes),
    },
  }),
  buy_and_give: (form) => ({
    buy_and_give: {
      buy: figure(form.buy) ?? 0,
      give_sku: form.sku.trim(),
      give: figure(form.units) ?? 0,
      most_times: figure(form.mostTimes),
    },
  }),
  points_back: (form) => ({
    points_back: {
      percent: figure(form.percent),
      points: figure(form.points),
      at_least: figure(form.atLeast) ?? 0,
      cap: figure(form.cap),
    },
  }),
  first_order: (form) => ({
    first_order: {
      gift_sku: form.sku.trim() || null,
      gift_quantity: figure(form.units) ?? 1,
      points: figure(form.points) ?? 0,
      coupon: form.coupon.trim() || null,
    },
  }),
};

function effectOf(form: CampaignForm): Effect {
  return EFFECTS[form.kind](form);
}

function priceOf(form: CampaignForm) {
  return {
    prices: filled(form.prices).map(([sku, points, cash]) => ({
      sku,
      points: figure(points),
      cash: sum(cash),
    })),
    percent_off: figure(form.percent),
    per_order: figure(form.perOrder),
  };
}

function amountOf(form: CampaignForm, value: string): number {
  return (form.unit === "cash" ? sum(value) : figure(value)) ?? 0;
}

function validOf(form: CampaignForm, clock: Clock): Draft["valid"] {
  const days = namesIn(form.days).map(Number);
  return {
    from: form.from ? momentOf(form.from, clock) : null,
    until: form.until ? momentOf(form.until, clock) : null,
    weekdays: form.weekdays.length > 0 ? [...form.weekdays].sort() : null,
    days: days.length > 0 ? days : null,
    hours: hoursOf(figure(form.startHour), figure(form.endHour)),
  };
}

function hoursOf(start: number | null, end: number | null) {
  return start === null && end === null ? null : { start: start ?? 0, end: end ?? 24 };
}

function audienceOf(form: CampaignForm): Draft["audience"] {
  const [tiers, tags] = [namesIn(form.tiers), namesIn(form.tags)];
  const [segments, lists] = [namesIn(form.segments), namesIn(form.lists)];
  const all = [tiers, tags, segments, lists].every((each) => each.length === 0);
  return all ? { all } : { tiers, tags, segments, lists };
}

function scopeOf(form: CampaignForm): Draft["scope"] {
  const [skus, products] = [namesIn(form.skus), namesIn(form.products)];
  const [categories, brands] = [namesIn(form.categories), namesIn(form.brands)];
  const all = [skus, products, categories, brands].every((each) => each.length === 0);
  const left = namesIn(form.exceptSkus);
  const except = left.length > 0 ? { except: { skus: left } } : {};
  return all ? { all, ...except } : { skus, products, categories, brands, ...except };
}

function budgetOf(form: CampaignForm): Draft["budget"] {
  const points = figure(form.budgetPoints);
  const [cash, takers] = [sum(form.budgetCash), figure(form.takers)];
  return points === null && cash === null && takers === null ? null : { points, cash, takers };
}

function filled(lines: Line[]): Line[] {
  return lines
    .map((line) => line.map((cell) => cell.trim()))
    .filter((line) => line.some((cell) => cell !== ""));
}

function namesIn(value: string): string[] {
  return value.split(/[,，、\s]+/).filter(Boolean);
}

function sum(value: string): number | null {
  return value.trim() === "" ? null : (minor(value, CURRENCY) ?? 0);
}

function figure(value: string): number | null {
  const plain = value.trim();
  if (plain === "") return null;
  return /^-?\d{1,12}$/.test(plain) ? Number(plain) : 0;
}
