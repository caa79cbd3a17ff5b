/** Where a refusal leads: the page on which a person can do something about it. */
import type { Refused } from "@jifen/shared/failures";

export interface Step {
  to: string;
  /** The name of the step's words, below `steps` in the language files. */
  words: string;
}

const STEPS: Record<string, Step> = {
  insufficient_points: { to: "/pages/points/earn", words: "earn" },
  address_required: { to: "/pages/me/address", words: "address" },
  not_on_sale: { to: "/pages/goods/index", words: "goods" },
  out_of_stock: { to: "/pages/goods/index", words: "goods" },
  limit_reached: { to: "/pages/order/list", words: "orders" },
  cart_full: { to: "/pages/cart/index", words: "cart" },
  not_delivered_there: { to: "/pages/me/addresses", words: "address" },
  payout_account_required: { to: "/pages/me/payout", words: "payout" },
};

const HOME: Step = { to: "/pages/home/index", words: "home" };

/** A page about something that is not there leads home; an act stays where it was tried. */
export function stepAfter(refusal: Refused, acting: boolean): Step | null {
  const home = !acting && refusal.code === "not_found" ? HOME : null;
  return STEPS[refusal.code] ?? home;
}
