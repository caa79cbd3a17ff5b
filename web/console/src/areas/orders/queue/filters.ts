import type { Times } from "@jifen/shared/times";

import type { Question } from "@/table/useList";

import { NAMED, QUEUES, STATES } from "../orders";

/** What an order is found by; the API takes one at a time. */
export const SOUGHT = [
  "q",
  "id",
  "tracking_number",
  "code",
  "phone",
  "email",
  "member_id",
] as const;

export type Sought = (typeof SOUGHT)[number];
export type Status = (typeof STATES)[number] | (typeof NAMED)[number];
/** `from` and `to` are days of the placing, both included. */
export type Filters = Record<Sought | "status" | "from" | "to" | "sort", string>;

/** The first of the queues, where nothing is sought. */
export const FIRST: Filters = {
  status: "",
  from: "",
  to: "",
  sort: "",
  q: "",
  id: "",
  tracking_number: "",
  code: "",
  phone: "",
  email: "",
  member_id: "",
};

export function soughtOf(filters: Filters): { by: Sought; text: string } | null {
  const by = SOUGHT.find((name) => filters[name].trim() !== "");
  return by === undefined ? null : { by, text: filters[by].trim() };
}

/** The list that is shown; `null` where something is sought. */
export function statusOf(filters: Filters): Status | null {
  if (soughtOf(filters) !== null) return null;
  return [...STATES, ...NAMED].find((status) => status === filters.status) ?? QUEUES[0];
}

/** What to ask the API by: what is sought, or a list and a span of the placing. */
export function askedOf({ limit, cursor, ...filters }: Question<Filters>, times: Times) {
  const all = { ...FIRST, ...withoutGaps(filters) };
  const sought = soughtOf(all);
  const page = { limit, cursor };
  return sought === null
    ? { ...page, ...listAsked(all, times) }
    : { ...page, [sought.by]: sought.text };
}

/** The list and the span that the filters name. */
export function listAsked(filters: Filters, times: Times) {
  const status = statusOf(filters) ?? QUEUES[0];
  const named = NAMED.find((each) => each === status);
  const state = STATES.find((each) => each === status);
  const sort = (["oldest", "newest"] as const).find((each) => each === filters.sort);
  return {
    ...(named === undefined ? { status: state } : { list: named }),
    ...(filters.from === "" ? {} : { from: times.startOf(filters.from) }),
    ...(filters.to === "" ? {} : { to: times.endOf(filters.to) }),
    ...(sort === undefined ? {} : { sort }),
  };
}

function withoutGaps(filters: Partial<Record<string, string>>): Partial<Filters> {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}
