import type { Question } from "@/table/useList";

import { QUEUES } from "../orders";

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
export type Status = (typeof QUEUES)[number];
export type Filters = Record<Sought | "status", string>;

/** The first of the queues, where nothing is sought. */
export const FIRST: Filters = {
  status: "",
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

/** The queue that is shown; `null` where something is sought. */
export function statusOf(filters: Filters): Status | null {
  if (soughtOf(filters) !== null) return null;
  return QUEUES.find((status) => status === filters.status) ?? QUEUES[0];
}

/** The one filter to ask the API by. */
export function askedOf({ limit, cursor, ...filters }: Question<Filters>) {
  const all = { ...FIRST, ...withoutGaps(filters) };
  const sought = soughtOf(all);
  const page = { limit, cursor };
  return sought === null
    ? { ...page, status: statusOf(all) ?? undefined }
    : { ...page, [sought.by]: sought.text };
}

function withoutGaps(filters: Partial<Record<string, string>>): Partial<Filters> {
  return Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined));
}
