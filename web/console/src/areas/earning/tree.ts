import { minor, typed } from "@jifen/shared/money";
import type { Schema } from "@jifen/shared/schema";

import { CURRENCY } from "@/program";

type Condition = Schema<"Condition">;
export type Kind = "all" | "any" | "not" | "test";
export type Op = NonNullable<Condition["op"]>;

/** A part of a condition as a person edits it: a test, or a list of parts. */
export interface Part {
  kind: Kind;
  parts: Part[];
  field: string;
  op: Op;
  value: string;
}

type Type = "text" | "integer" | "texts" | "any";

/** The fields that rules may look at, with the type of their value. */
export const FIELDS: Record<string, Type> = {
  "member.tier": "text",
  "member.registered_days": "integer",
  "member.birthday_month": "integer",
  "member.birthday_day": "integer",
  "event.source": "text",
  "event.amount": "integer",
  "event.currency": "text",
  "event.quantity": "integer",
  "event.skus": "texts",
  "event.categories": "texts",
  "event.brands": "texts",
  "event.weekday": "integer",
  "event.day": "integer",
  "event.month": "integer",
  "event.hour": "integer",
  "item.sku": "text",
  "item.category": "text",
  "item.brand": "text",
  "item.margin_class": "text",
  "item.amount": "integer",
  "item.quantity": "integer",
};

const OPS: Record<Type, readonly Op[]> = {
  text: ["=", "!=", "in", "contains"],
  integer: ["=", "!=", "<", "<=", ">", ">=", "in", "between"],
  texts: ["contains"],
  any: ["=", "!=", "<", "<=", ">", ">=", "in", "contains", "between"],
};

/** Lists nest so deep. */
export const DEEPEST = 5;

function typeOf(field: string): Type {
  return FIELDS[field] ?? "any";
}

export function opsOf(field: string): readonly Op[] {
  return OPS[typeOf(field)];
}

/** The fields that stand in a condition about the event, or about each of its items. */
export function fieldsOf(about: "event" | "item"): string[] {
  return Object.keys(FIELDS).filter((name) => name.startsWith("item.") === (about === "item"));
}

export function firstTest(about: "event" | "item"): Part {
  const field = about === "item" ? "item.category" : "member.tier";
  return { kind: "test", parts: [], field, op: "=", value: "" };
}

/** Whether a field's values are money, which people type in major units. */
export function isMoney(field: string): boolean {
  return field === "event.amount" || field === "item.amount";
}

/** The values that a text lists. */
export function valuesOf(text: string): string[] {
  return text.split(/[,，、]\s*/).filter(Boolean);
}

export function partOf(condition: Condition): Part {
  const none = { parts: [], field: "", op: "=" as Op, value: "" };
  if (condition.all) return { ...none, kind: "all", parts: condition.all.map(partOf) };
  if (condition.any) return { ...none, kind: "any", parts: condition.any.map(partOf) };
  if (condition.not) return { ...none, kind: "not", parts: [partOf(condition.not)] };
  return {
    kind: "test",
    parts: [],
    field: condition.field ?? "",
    op: condition.op ?? "=",
    value: [condition.value ?? ""]
      .flat()
      .map((each) => shown(condition.field, each))
      .join(", "),
  };
}

function shown(field: string | null | undefined, value: string | number | boolean): string {
  const isAmount = isMoney(field ?? "") && typeof value === "number";
  return isAmount ? typed({ amount: value, currency: CURRENCY }) : String(value);
}

export function conditionOf(part: Part): Condition {
  if (part.kind === "all") return { all: part.parts.map(conditionOf) };
  if (part.kind === "any") return { any: part.parts.map(conditionOf) };
  if (part.kind === "not") return { not: conditionOf(part.parts[0]) };
  return { field: part.field, op: part.op, value: valueOf(part) };
}

/** Another kind of part with what can stay of it. */
export function turned(part: Part, kind: Kind, about: "event" | "item"): Part {
  if (kind === "test") return part.parts.find((each) => each.kind === "test") ?? firstTest(about);
  const inner = part.kind === "test" ? [{ ...part }] : part.parts;
  const parts = inner.length > 0 ? inner : [firstTest(about)];
  return { ...part, kind, parts: kind === "not" ? parts.slice(0, 1) : parts };
}

function valueOf({ field, op, value }: Part): NonNullable<Condition["value"]> {
  if (op === "in" || op === "between") return valuesOf(value).map((one) => single(one, field, op));
  return single(value, field, op);
}

/** What is no number where one belongs is sent as it is: the mall says what is wrong with it. */
function single(text: string, field: string, op: Op): string | number {
  const trimmed = text.trim();
  if (isMoney(field)) return minor(trimmed, CURRENCY) ?? trimmed;
  const type = op === "between" ? "integer" : typeOf(field);
  const isNumber = /^-?\d{1,12}$/.test(trimmed) && (type === "integer" || type === "any");
  return isNumber ? Number(trimmed) : trimmed;
}
