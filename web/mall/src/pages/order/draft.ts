/** The order that a checkout is about to place, kept in its address so that a reload finds it again. */
import type { Schema } from "@jifen/shared/schema";

import type { Run } from "@/parts/sliding";

/** The name of the intention to redeem: it begins on the product's page and ends with an order. */
export const CHECKOUT = "checkout";

type Kind = Schema<"ProductView">["kind"];
export type Method = NonNullable<Schema<"OrderIn">["payment_method"]>;

export interface Draft {
  sku: string;
  quantity: number;
  product: string;
  /** Points to pay; `null`: as many as the member has and the price allows. */
  points: number | null;
  /** Empty: the default address. */
  address: string;
  method: Method | "";
  /** When a booked service begins, RFC 3339; empty for none. */
  at: string;
  /** The booked slot; empty for a free time. */
  slot: string;
  note: string;
  /** The store where goods are fetched; empty: a carrier brings them. */
  store: string;
  /** Its coupon; empty: none. */
  coupon: string;
  /** The intention that this checkout carries out: one key in all windows that show it. */
  intent: string;
}

export function draftOf(query: Record<string, string | undefined>): Draft {
  const number = (text: string | undefined) => (/^\d+$/.test(text ?? "") ? Number(text) : null);
  const text = (name: string) => query[name] ?? "";
  return {
    sku: text("sku"),
    quantity: number(query.quantity) ?? 1,
    product: text("product"),
    points: number(query.points),
    address: text("address"),
    method: text("method") as Draft["method"],
    at: text("at"),
    slot: text("slot"),
    store: text("store"),
    coupon: text("coupon"),
    note: text("note"),
    intent: intentOf(query.intent),
  };
}

/** A key of ours; other text is no intention. */
function intentOf(text = ""): string {
  return /^[0-9a-f]{32}$/.test(text) ? text : "";
}

/** The body that asks for a quote, and with `expected` places the order. */
export function bodyOf(draft: Draft, kind: Kind | null): Schema<"OrderIn"> {
  return { items: [{ sku: draft.sku, quantity: draft.quantity }], ...choicesOf(draft, kind) };
}

/** What a member chose beside the goods; `null` while their kind is not known. */
export function choicesOf(draft: Draft, kind: Kind | null): Omit<Schema<"OrderIn">, "items"> {
  return {
    ...(draft.points === null ? {} : { points: draft.points }),
    ...(kind === "physical" ? placeOf(draft) : {}),
    ...(draft.method ? { payment_method: draft.method } : {}),
    ...(draft.coupon ? { coupon_id: draft.coupon } : {}),
    ...toldOf(draft, kind),
  };
}

/** A store where goods are fetched, or the address that a carrier brings them to. */
function placeOf({ store, address }: Draft): Partial<Schema<"OrderIn">> {
  if (store) return { pickup_store_id: store };
  return address ? { address_id: address } : {};
}

/** The note is the booking's where a service is booked. */
function toldOf(draft: Draft, kind: Kind | null): Partial<Schema<"OrderIn">> {
  if (kind === "service") return draft.slot || draft.at ? { booking: bookingOf(draft) } : {};
  return draft.note ? { note: draft.note } : {};
}

function bookingOf({ slot, at, note }: Draft): Schema<"BookingIn"> {
  return { ...(slot ? { slot_id: slot } : { at }), ...(note ? { note } : {}) };
}

/** The points that the member may choose between; none where there is no choice. */
export function runsOf(payable: readonly Run[], available: number): Run[] {
  const within = payable
    .filter(({ least }) => least <= available)
    .map(({ least, most }) => ({ least, most: Math.min(most, available) }));
  const [only, ...others] = within;
  return others.length === 0 && only?.least === only?.most ? [] : within;
}
