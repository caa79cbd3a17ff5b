import type { Schema } from "@jifen/shared/schema";

import type { StaffCall } from "@/roles";

export type AuditAct = Schema<"ActView">;
export type Fact = AuditAct["before"][string];

/** A fact that an act changed, or only told of. */
export interface Change {
  name: string;
  before: Fact | undefined;
  after: Fact | undefined;
  changed: boolean;
}

/** What an act changed: changed facts first, then those that only say what it was about. */
export function changesOf({ before, after }: AuditAct): Change[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const all = names.map((name) => ({
    name,
    before: before[name],
    after: after[name],
    // What is told of before alone says what the act was about.
    changed: name in after && before[name] !== after[name],
  }));
  return [...all.filter((each) => each.changed), ...all.filter((each) => !each.changed)];
}

/** The page of a thing that the audit names. */
export interface Place {
  to: string;
  reads: StaffCall;
}

const PLACES: [RegExp, (id: string) => string, StaffCall][] = [
  [/^mbr_/, (id) => `/members/${id}`, "GET /v1/admin/members/{id}"],
  [/^ord_/, (id) => `/orders/${id}`, "GET /v1/admin/orders/{id}"],
  [/^ret_/, (id) => `/returns/${id}`, "GET /v1/admin/returns/{id}"],
  [/^wdr_/, (id) => `/withdrawals/${id}`, "GET /v1/admin/withdrawals/{id}"],
  [/^inv_/, (id) => `/invoices/${id}`, "GET /v1/admin/invoices/{id}"],
  [/^prd_/, (id) => `/products/${id}`, "GET /v1/admin/products/{id}"],
  [/^bnk_/, () => "/bank-files", "GET /v1/admin/bank-files"],
  [/^job_/, (id) => `/jobs?job=${id}`, "GET /v1/admin/jobs/{id}"],
  [/^\d{4}-\d\d-\d\d-[A-Z]{3}$/, (id) => `/settlements/${id}`, "GET /v1/admin/settlements/{id}"],
];

/** Where a thing is shown; null where no page shows it. */
export function placeOf(id: string): Place | null {
  const found = PLACES.find(([shape]) => shape.test(id));
  return found === undefined ? null : { to: found[1](encodeURIComponent(id)), reads: found[2] };
}

/** Facts of the audit that count minor units of the program's currency. */
const MONEY = new Set(["amount", "cash", "paid", "total", "price.cash.amount", "cost.amount"]);
export const isMoney = (name: string) => MONEY.has(name);

/** Whether an act was done to an invoice: its states have words of their own. */
export const isOfInvoice = ({ subject }: AuditAct) => subject.startsWith("inv_");

/** Whether a fact is the id of something, such as `wdr_x`. */
export function isId(value: Fact | undefined): value is string {
  return typeof value === "string" && /^[a-z]{3}_[a-z0-9]{8,}$/.test(value);
}

/** The key of an action's name in the texts: `points_adjust_approve` of `points.adjust.approve`. */
export const actionKey = (action: string) => action.replace(/\./g, "_");
