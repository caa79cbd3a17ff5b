/**
 * What each page reads first, so that it can be asked for before the mall's script is there.
 *
 * A read is as the page sends it, letter by letter: `journeys/firstReads.test.ts` tries each page.
 */
import type { Path, Schema } from "@jifen/shared/schema";

import { linesIn } from "@/pages/cart/selecting";
import { bodyOf, choicesOf, draftOf } from "@/pages/order/draft";

type Read = Path | `${Path}?${string}`;

interface First {
  reads: Read[];
  /** Read besides where nobody is signed in. */
  guests?: Read[];
  /** The name, in the page's address, of what `{id}` is. */
  id?: string;
}

/** Pages without `id` read this where their address has no query: with one they read less, or other. */
const FIRST: Record<string, First> = {
  "pages/home/index": {
    reads: [
      "/v1/categories?limit=100",
      "/v1/products?sort=newest&limit=12",
      "/v1/me/points",
      "/v1/products?affordable=true&sort=-points&limit=6",
      "/v1/me/places",
    ],
    guests: ["/v1/places"],
  },
  "pages/goods/index": { reads: ["/v1/categories?limit=100", "/v1/products?sort=newest"] },
  "pages/goods/search": { reads: ["/v1/products?sort=popular&facets=true&limit=12"] },
  "pages/goods/product": { id: "id", reads: ["/v1/products/{id}"] },
  "pages/cart/index": { reads: ["/v1/me/cart"] },
  "pages/cart/checkout": {
    id: "lines",
    reads: ["/v1/me/points", "/v1/payment-methods", "/v1/me/addresses?limit=100"],
  },
  "pages/order/checkout": {
    id: "product",
    reads: [
      "/v1/products/{id}",
      "/v1/me/points",
      "/v1/payment-methods",
      "/v1/me/addresses?limit=100",
    ],
  },
  "pages/order/pay": { id: "id", reads: ["/v1/orders/{id}", "/v1/payment-methods"] },
  "pages/order/list": { reads: ["/v1/me/orders"] },
  "pages/order/detail": { id: "id", reads: ["/v1/orders/{id}"] },
  "pages/order/invoice": { id: "id", reads: ["/v1/orders/{id}", "/v1/orders/{id}/invoice"] },
  "pages/returns/list": { reads: ["/v1/me/returns"] },
  "pages/returns/detail": { id: "id", reads: ["/v1/returns/{id}"] },
  "pages/returns/ask": { id: "id", reads: ["/v1/orders/{id}"] },
  "pages/order/vouchers": { id: "id", reads: ["/v1/orders/{id}", "/v1/orders/{id}/vouchers"] },
  "pages/stores/index": { reads: ["/v1/stores?limit=100"] },
  "pages/campaigns/index": { reads: ["/v1/campaigns"] },
  "pages/campaigns/detail": { id: "id", reads: ["/v1/campaigns/{id}"] },
  "pages/review/write": { id: "order", reads: ["/v1/orders/{id}/reviews"] },
  "pages/review/mine": { reads: ["/v1/me/reviews"] },
  "pages/points/index": {
    reads: [
      "/v1/me/points?unit=points",
      "/v1/me/points?unit=growth",
      "/v1/me/points?unit=rebate_cash",
    ],
  },
  "pages/points/history": { reads: ["/v1/me/points/entries?unit=points", "/v1/earning-rules"] },
  "pages/points/gift": { reads: ["/v1/me/points"] },
  "pages/points/earn": { reads: ["/v1/earning-rules"] },
  "pages/coupons/index": { reads: ["/v1/coupons"] },
  "pages/coupons/mine": { reads: ["/v1/me/coupons?status=available"] },
  "pages/coupons/give": { id: "id", reads: ["/v1/me/coupons/{id}"] },
  "pages/tasks/index": { reads: ["/v1/me/tasks"] },
  "pages/missions/index": { reads: ["/v1/me/missions", "/v1/me/rewards"] },
  "pages/missions/boards": { reads: ["/v1/leaderboards"] },
  "pages/tasks/check-in": { reads: ["/v1/me/check-ins"] },
  "pages/tasks/invite": { reads: ["/v1/me/referrals", "/v1/me/tasks"] },
  "pages/lottery/index": { reads: ["/v1/lotteries"] },
  "pages/lottery/draw": { id: "id", reads: ["/v1/lotteries/{id}", "/v1/lotteries/{id}/draws"] },
  "pages/me/index": { reads: ["/v1/me/points?unit=rebate_cash", "/v1/me/payout-accounts"] },
  "pages/me/tier": { reads: ["/v1/tiers", "/v1/me/tier"] },
  "pages/me/favourites": { reads: ["/v1/me/favourites"] },
  "pages/me/addresses": { reads: ["/v1/me/addresses?limit=100"] },
  "pages/me/address": { id: "id", reads: ["/v1/me/addresses/{id}"] },
  "pages/me/identities": { reads: ["/v1/me/identities?limit=100"] },
  "pages/me/sessions": { reads: ["/v1/me/sessions"] },
  "pages/me/data": { reads: ["/v1/me/erasure", "/v1/me/points"] },
  "pages/me/payout": { reads: ["/v1/me/payout-accounts"] },
  "pages/me/withdrawals": {
    reads: ["/v1/me/points?unit=rebate_cash", "/v1/me/payout-accounts", "/v1/me/withdrawals"],
  },
  "pages/me/withdrawal": { id: "id", reads: ["/v1/me/withdrawals/{id}"] },
  "pages/me/code": { reads: ["/v1/me/code"] },
  "pages/me/policies": { reads: ["/v1/policies", "/v1/me/consents"] },
  "pages/sign-in/index": { reads: ["/v1/policies"] },
  "pages/inbox/index": { reads: ["/v1/me/notifications"] },
};
/** What the address of a checkout says of its goods. */
const OF_GOODS = ["sku", "quantity", "product", "lines", "intent"];
const OF_A_MEMBER = /^\/v1\/(me|orders|returns|lotteries|campaigns)\b|[?&]affordable=/;
/** These know who is signed in only when they are asked to. */
const OF_NOBODY = [
  "pages/goods/",
  "pages/stores/",
  "pages/sign-in/",
  "pages/broken/",
  "pages/missing/",
];

/**
 * The paths that a page reads first; those of a member are left out for nobody. A quote's path is
 * followed by a space and its body.
 */
export function firstReads(page: string, query: URLSearchParams, isMember: boolean): string[] {
  const reads = ["/v1/program", ...ofPage(page, query)];
  if (!OF_NOBODY.some((each) => page.startsWith(each))) reads.push("/v1/me");
  if (!isMember)
    return [...reads.filter((each) => !OF_A_MEMBER.test(each)), ...(FIRST[page]?.guests ?? [])];
  const quoted = firstQuote(page, Object.fromEntries(query));
  return quoted === null
    ? reads
    : [...reads, `/v1/orders/quote?coupons=true ${JSON.stringify(quoted)}`];
}

/** What a checkout quotes before anything but its goods is chosen. */
function firstQuote(page: string, query: Record<string, string>): Schema<"OrderIn"> | null {
  if (Object.keys(query).some((each) => !OF_GOODS.includes(each))) return null;
  const draft = draftOf(query);
  if (page === "pages/order/checkout") return query.sku ? bodyOf(draft, null) : null;
  if (page !== "pages/cart/checkout" || !query.lines) return null;
  return { items: linesIn(query.lines), from_cart: true, ...choicesOf(draft, null) };
}

function ofPage(page: string, query: URLSearchParams): string[] {
  const { reads = [], id = "" } = FIRST[page] ?? {};
  const value = query.get(id);
  if (id === "") return query.size === 0 ? reads : [];
  return value ? reads.map((each) => each.replace("{id}", encodeURIComponent(value))) : [];
}
