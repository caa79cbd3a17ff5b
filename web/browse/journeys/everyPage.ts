/** Every page of the mall, and where a journey finds it with something on it. A new page joins here. */
import { answer } from "@jifen/shared/client";

import { Campaigns } from "../harness/campaigns";
import { Coupons } from "../harness/coupons";
import { lotteryOf } from "../harness/lotteries";
import { Money } from "../harness/money";
import { checkoutOf } from "../harness/shopping";
import { Staff } from "../harness/staff";
import type { Person, Product, World } from "../harness/world";

/** What a member has who uses the mall. */
export interface Made {
  member: Person;
  product: Product;
  address: string;
  unpaid: string;
  shipped: string;
  /** A completed order of these goods, which have a review of another order. */
  bought: string;
  code: Product;
  /** An order whose cash has an invoice. */
  invoiced: string;
  withdrawal: string;
  /** A return whose goods are to be sent back, and its order. */
  returned: string;
  delivered: string;
  coupon: string;
  /** A lottery that runs. */
  lottery: string;
  /** A flash sale that runs. */
  campaign: string;
}

interface Place {
  /** With something on it; the page's own path where its address needs nothing else. */
  full?: (made: Made) => string;
  /** With nothing on it, or about something that is not there. */
  empty?: (made: Made) => string;
  /** Answers that say that something is not there. */
  missing?: RegExp;
}

const NONE = "id=nothing";
const NOT_FOUND = /^answer: 404 GET /;
const about = (path: string, id: (made: Made) => string): Place => ({
  full: (made) => `/${path}?id=${id(made)}`,
  empty: () => `/${path}?${NONE}`,
  missing: NOT_FOUND,
});

export const EVERY_PAGE: Record<string, Place> = {
  "pages/home/index": {},
  "pages/goods/index": { empty: () => "/pages/goods/index?category=nothing" },
  "pages/goods/search": {},
  "pages/goods/product": about("pages/goods/product", (made) => made.product.id),
  "pages/cart/index": {},
  "pages/cart/checkout": {
    full: (made) => `/pages/cart/checkout?lines=${made.product.sku}:1`,
  },
  "pages/sign-in/index": {},
  "pages/sign-in/return": {},
  "pages/order/checkout": {
    full: (made) => checkoutOf(made.product),
    empty: (made) => checkoutOf(made.product),
  },
  "pages/order/pay": about("pages/order/pay", (made) => made.unpaid),
  "pages/order/list": {},
  "pages/order/detail": about("pages/order/detail", (made) => made.shipped),
  "pages/order/invoice": about("pages/order/invoice", (made) => made.invoiced),
  "pages/review/write": {
    full: (made) => `/pages/review/write?order=${made.bought}&sku=${made.code.sku}`,
    empty: () => "/pages/review/write?order=nothing&sku=nothing",
    missing: NOT_FOUND,
  },
  "pages/review/mine": {},
  "pages/returns/list": {},
  "pages/returns/detail": about("pages/returns/detail", (made) => made.returned),
  "pages/returns/ask": about("pages/returns/ask", (made) => made.delivered),
  "pages/order/vouchers": about("pages/order/vouchers", (made) => made.shipped),
  "pages/stores/index": {},
  "pages/campaigns/index": {},
  "pages/campaigns/detail": about("pages/campaigns/detail", (made) => made.campaign),
  "pages/points/index": {},
  "pages/points/history": {},
  "pages/points/statement": {},
  "pages/points/gift": {},
  "pages/points/proof": {},
  "pages/me/tier": {},
  "pages/points/earn": {},
  "pages/coupons/index": {},
  "pages/coupons/mine": {},
  "pages/coupons/give": about("pages/coupons/give", (made) => made.coupon),
  "pages/tasks/index": {},
  "pages/missions/index": {},
  "pages/missions/boards": {},
  "pages/tasks/check-in": {},
  "pages/tasks/invite": {},
  "pages/lottery/index": {},
  "pages/lottery/draw": about("pages/lottery/draw", (made) => made.lottery),
  "pages/lottery/proof": about("pages/lottery/proof", (made) => made.lottery),
  "pages/me/index": {},
  "pages/me/profile": {},
  "pages/me/favourites": {},
  "pages/me/addresses": {},
  "pages/me/address": {
    full: (made) => `/pages/me/address?id=${made.address}`,
  },
  "pages/me/identities": {},
  "pages/me/sessions": {},
  "pages/me/data": {},
  "pages/me/code": {},
  "pages/me/policies": {},
  "pages/me/payout": {},
  "pages/me/withdrawals": {},
  "pages/me/withdrawal": about("pages/me/withdrawal", (made) => made.withdrawal),
  "pages/inbox/index": {},
  "pages/broken/index": {},
  "pages/missing/index": {},
  "pages/switched/index": {},
};

/** A member with points, addresses, orders in several states, and notices about them. */
export async function make(world: World): Promise<Made> {
  const price = {
    points: 300,
    cash_equivalent: { amount: 3000, currency: "CNY" },
    min_points: 100,
  };
  const product = await world.product({ price }, 50);
  const code = await world.product({ kind: "virtual" }, 5);
  const member = await world.member({ points: 5000 });
  const address = await world.address(member);
  await world.local.drain();
  const unpaid = await place(world, member, product, 100);
  const shipped = await place(world, member, product, 300);
  const bought = await place(world, member, code, 100);
  const reviewed = await place(world, member, code, 100);
  const parcel = { carrier: "顺丰", tracking_number: "SF1234567890123456789" };
  const staff = await Staff.of(world);
  await staff.ship(shipped, parcel);
  await staff.publish(await review(world, member, reviewed, code));
  const delivered = await place(world, member, product, 300);
  await staff.ship(delivered, { carrier: "顺丰", tracking_number: "SF2222333344445555" });
  await staff.deliver(delivered);
  const returned = await staff.approveReturn(await world.askForReturn(member, delivered));
  const coupon = await new Coupons(world).claimed(member, { transferable: true });
  const { invoiced, withdrawal } = await moneyOf(member, new Money(world, staff));
  const { id: lottery } = await lotteryOf(world);
  const campaign = await campaignsOf(world, code);
  await world.local.drain();
  const orders = { unpaid, shipped, bought, delivered };
  const others = { invoiced, withdrawal, returned, coupon, lottery, campaign };
  return { member, product, address, code, ...orders, ...others };
}

/** A flash sale, with a mission and a leaderboard beside it; the sale's id. */
async function campaignsOf(world: World, product: Product): Promise<string> {
  const campaigns = await Campaigns.of(world);
  await campaigns.mission();
  await campaigns.board();
  return (await campaigns.flashSale(product, 50)).id;
}

/** A review of the only line of an order; its id. */
export async function review(
  world: World,
  member: Person,
  order: string,
  product: Product,
  said: { rating: number; text: string } = { rating: 5, text: "很好用 👍" },
): Promise<string> {
  const params = { path: { id: order }, header: { "Idempotency-Key": world.key() } };
  const body = { sku: product.sku, ...said };
  return (await answer(member.api.POST("/v1/orders/{id}/reviews", { params, body }))).id;
}

/** Cash that a member paid, with an invoice, and a rebate on its way to a bank. */
async function moneyOf(member: Person, money: Money) {
  const invoiced = await money.paid(await money.goods(4_000, { kind: "virtual" }), member);
  await money.invoice(invoiced, member);
  await money.saves(member, 10_000);
  return { invoiced, withdrawal: await money.withdrawal(member, 3_000) };
}

async function place(world: World, member: Person, product: Product, points: number) {
  const params = { header: { "Idempotency-Key": world.key() } };
  const body = {
    items: [{ sku: product.sku, quantity: 1 }],
    points,
    payment_method: "card" as const,
  };
  return (await answer(member.api.POST("/v1/orders", { params, body }))).id;
}
