import { minor, typed } from "@jifen/shared/money";
import type { Schema } from "@jifen/shared/schema";

import { CURRENCY } from "@/program";

import { type Clock, momentOf, wallOf } from "../goods/editor/typed";

import { type Part, conditionOf, partOf } from "./tree";

export type Draft = Schema<"RuleDraft">;
export type Detail = Schema<"RuleDetail">;
export type Row = Schema<"RuleRow">;
type Effect = "per_amount" | "fixed" | "multiply";
type Unit = "points" | "growth" | "rebate_cash";

/** A rule as a person types it. */
export interface RuleForm {
  zh: string;
  en: string;
  event: string;
  when: Part | null;
  items: Part | null;
  unit: Unit;
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

export function firstForm(clock: Clock): RuleForm {
  const per_amount = { points: 1, amount: 100 };
  const title = { "zh-CN": "", en: "" };
  return formOf({ title, event: "order.paid", effect: { unit: "points", per_amount } }, clock);
}

/** `clock` tells moments as the program's clock has them. */
export function formOf(terms: Draft, clock: Clock): RuleForm {
  const unit = unitOf(terms);
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
    ...capsForm(terms.caps ?? {}, unit),
    budget: given(terms.budget, unit),
    ...timesForm(terms.valid ?? {}, clock),
    ...lotsForm(terms.lots ?? {}),
    announce: terms.announce === true,
  };
}

export function unitOf({ effect }: Draft): Unit {
  return effect.unit ?? "points";
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
    points: given(points ?? effect.fixed, unit),
    amount: amount === undefined ? "" : typed({ amount, currency: CURRENCY }),
    percent: text(effect.multiply?.percent),
    rounding,
  };
}

function kindOf(effect: Draft["effect"]): Effect {
  if (effect.multiply) return "multiply";
  return effect.per_amount ? "per_amount" : "fixed";
}

function capsForm(caps: NonNullable<Draft["caps"]>, unit: Unit) {
  return {
    day: given(caps.member_day, unit),
    month: given(caps.member_month, unit),
    life: given(caps.member_life, unit),
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

function lotsForm(lots: NonNullable<Draft["lots"]>) {
  const { kind, days, months, years } = lots.expires ?? { kind: "" as const };
  return {
    pendingDays: text(lots.pending_days),
    expires: kind,
    count: text(days ?? months ?? years),
  };
}

/** The rule that the form says. A figure that is none is sent as 0: the mall says where. */
export function bodyOf(form: RuleForm, clock: Clock): Draft {
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
      member_day: sum(form.day, form.unit),
      member_month: sum(form.month, form.unit),
      member_life: sum(form.life, form.unit),
    },
    budget: sum(form.budget, form.unit),
    valid: validOf(form, clock),
    lots: { pending_days: figure(form.pendingDays) ?? 0, expires: expiryOf(form) },
    announce: form.announce,
  };
}

function effectOf(form: RuleForm): Draft["effect"] {
  const { unit, rounding } = form;
  const points = sum(form.points, unit) ?? 0;
  if (form.effect === "fixed") return { unit, fixed: points };
  if (form.effect === "multiply")
    return { unit, rounding, multiply: { percent: figure(form.percent) ?? 0 } };
  return { unit, rounding, per_amount: { points, amount: minor(form.amount, CURRENCY) ?? 0 } };
}

function validOf(form: RuleForm, clock: Clock): Draft["valid"] {
  const days = form.days.split(/[,，、\s]+/).filter(Boolean);
  return {
    from: form.from ? momentOf(form.from, clock) : null,
    until: form.until ? momentOf(form.until, clock) : null,
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

/** What a rule gives, as a person types it: rebates are money. */
function given(value: number | null | undefined, unit: Unit): string {
  const isCash = unit === "rebate_cash" && value != null;
  return isCash ? typed({ amount: value, currency: CURRENCY }) : text(value);
}

function sum(typedText: string, unit: Unit): number | null {
  if (unit !== "rebate_cash" || typedText.trim() === "") return figure(typedText);
  return minor(typedText, CURRENCY) ?? 0;
}

function figure(typed: string): number | null {
  const plain = typed.trim();
  if (plain === "") return null;
  return /^-?\d{1,12}$/.test(plain) ? Number(plain) : 0;
}
