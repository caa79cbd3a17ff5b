import type { Schema } from "@jifen/shared/schema";

import { type Part, conditionOf, partOf } from "./tree";

export type Draft = Schema<"RuleDraft">;
export type Detail = Schema<"RuleDetail">;
export type Row = Schema<"RuleRow">;
type Effect = "per_amount" | "fixed" | "multiply";

/** A rule as a person types it. */
export interface RuleForm {
  zh: string;
  en: string;
  event: string;
  when: Part | null;
  items: Part | null;
  unit: "points" | "growth" | "rebate_cash";
  effect: Effect;
  points: string;
  amount: string;
  percent: string;
  rounding: "down" | "up" | "nearest";
  stacking: "all" | "best" | "exclusive";
  group: string;
  multiplierGroup: string;
  priority: string;
  day: string;
  month: string;
  life: string;
  budget: string;
  from: string;
  until: string;
  weekdays: number[];
  days: string;
  startHour: string;
  endHour: string;
  pendingDays: string;
  expires: "" | "days" | "months" | "end_of_month" | "end_of_year" | "never";
  count: string;
  announce: boolean;
}

const COUNTED = { days: "days", months: "months", end_of_month: "months", end_of_year: "years" };

export function firstForm(): RuleForm {
  return formOf({
    title: { "zh-CN": "", en: "" },
    event: "order.paid",
    effect: { unit: "points", per_amount: { points: 1, amount: 100 } },
  });
}

export function formOf(terms: Draft): RuleForm {
  const [stacking, group = ""] = (terms.stacking ?? "all").split(":");
  return {
    zh: terms.title["zh-CN"],
    en: terms.title.en,
    event: terms.event,
    when: treeOf(terms.when),
    items: treeOf(terms.items),
    ...effectForm(terms.effect),
    stacking: stacking as RuleForm["stacking"],
    group,
    multiplierGroup: terms.multiplier_group ?? "",
    priority: text(terms.priority ?? 0),
    ...capsForm(terms.caps ?? {}),
    budget: text(terms.budget),
    ...timesForm(terms.valid ?? {}),
    ...lotsForm(terms.lots ?? {}),
    announce: terms.announce === true,
  };
}

function treeOf(condition: Draft["when"]): Part | null {
  return condition ? partOf(condition) : null;
}

function effectForm(effect: Draft["effect"]) {
  const { unit = "points", rounding = "down" } = effect;
  const { points, amount } = effect.per_amount ?? {};
  return {
    unit,
    effect: kindOf(effect),
    points: text(points ?? effect.fixed),
    amount: text(amount),
    percent: text(effect.multiply?.percent),
    rounding,
  };
}

function kindOf(effect: Draft["effect"]): Effect {
  if (effect.multiply) return "multiply";
  return effect.per_amount ? "per_amount" : "fixed";
}

function capsForm(caps: NonNullable<Draft["caps"]>) {
  return {
    day: text(caps.member_day),
    month: text(caps.member_month),
    life: text(caps.member_life),
  };
}

function timesForm(valid: NonNullable<Draft["valid"]>) {
  return {
    from: valid.from ?? "",
    until: valid.until ?? "",
    weekdays: [...(valid.weekdays ?? [])],
    days: (valid.days ?? []).join(", "),
    startHour: text(valid.hours?.start),
    endHour: text(valid.hours?.end),
  };
}

function lotsForm(lots: NonNullable<Draft["lots"]>) {
  const { kind, days, months, years } = lots.expires ?? { kind: "" as const };
  return {
    pendingDays: text(lots.pending_days),
    expires: kind,
    count: text(days ?? months ?? years),
  };
}

/** The rule that the form says. A figure that is none is sent as 0: the mall says where. */
export function bodyOf(form: RuleForm): Draft {
  const stacking = form.stacking === "exclusive" ? `exclusive:${form.group}` : form.stacking;
  return {
    title: { "zh-CN": form.zh.trim(), en: form.en.trim() },
    event: form.event.trim(),
    when: form.when && conditionOf(form.when),
    items: form.items && conditionOf(form.items),
    effect: effectOf(form),
    multiplier_group: form.multiplierGroup.trim() || null,
    stacking,
    priority: figure(form.priority) ?? 0,
    caps: {
      member_day: figure(form.day),
      member_month: figure(form.month),
      member_life: figure(form.life),
    },
    budget: figure(form.budget),
    valid: validOf(form),
    lots: { pending_days: figure(form.pendingDays) ?? 0, expires: expiryOf(form) },
    announce: form.announce,
  };
}

function effectOf(form: RuleForm): Draft["effect"] {
  const { unit, rounding } = form;
  const points = figure(form.points) ?? 0;
  if (form.effect === "fixed") return { unit, fixed: points };
  if (form.effect === "multiply")
    return { unit, rounding, multiply: { percent: figure(form.percent) ?? 0 } };
  return { unit, rounding, per_amount: { points, amount: figure(form.amount) ?? 0 } };
}

function validOf(form: RuleForm): Draft["valid"] {
  const days = form.days.split(/[,，、\s]+/).filter(Boolean);
  return {
    from: form.from || null,
    until: form.until || null,
    weekdays: form.weekdays.length > 0 ? [...form.weekdays].sort() : null,
    days: days.length > 0 ? days.map(Number) : null,
    hours: hoursOf(figure(form.startHour), figure(form.endHour)),
  };
}

function hoursOf(start: number | null, end: number | null) {
  return start === null && end === null ? null : { start: start ?? 0, end: end ?? 24 };
}

function expiryOf(form: RuleForm): NonNullable<Draft["lots"]>["expires"] {
  if (form.expires === "") return null;
  if (form.expires === "never") return { kind: "never" };
  return { kind: form.expires, [COUNTED[form.expires]]: figure(form.count) ?? 0 };
}

function text(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : String(value);
}

function figure(typed: string): number | null {
  const plain = typed.trim();
  if (plain === "") return null;
  return /^-?\d{1,12}$/.test(plain) ? Number(plain) : 0;
}
