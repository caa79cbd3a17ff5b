/** Something for every page of the console, in each state that it shows. */
import { answer } from "@jifen/shared/client";

import { Campaigns } from "../harness/campaigns";
import { Coupons } from "../harness/coupons";
import { lotteryOf } from "../harness/lotteries";
import { Money } from "../harness/money";
import { Staff } from "../harness/staff";
import { assessed, onOneDevice } from "../harness/suspects";
import type { Person, World } from "../harness/world";
import { settledDay } from "./settledDay";

/** Where each page has something on it, by the page's path. */
export type Filled = Record<string, string>;

export async function fill(world: World): Promise<Filled> {
  const { day, settlement, member } = await settledDay(world);
  const staff = await Staff.of(world);
  const money = new Money(world, staff);
  const finance = await world.staff("finance", "books");
  const withdrawals = await decided(world, money, finance);
  const invoice = await reversed(world, staff, money, finance);
  const order = await failedRefund(world, staff, money);
  const [paid] = await world.local.paymentsOf(order);
  await staff.give(member, { points: 20_000, reason: "周年大礼，待审批" });
  const product = await world.product({ kind: "virtual" }, 5);
  const template = await new Coupons(world).published();
  return {
    "/search": `/search?q=${encodeURIComponent(member.phone)}`,
    "/members": `/members?q=${encodeURIComponent(member.phone)}`,
    "/members/:id": `/members/${member.id}`,
    "/risk/:id": `/risk/${await suspected(world)}`,
    "/earning-rules/:id": "/earning-rules/purchases",
    "/earning-rules/:id/replays": "/earning-rules/purchases/replays",
    "/campaigns/:id": `/campaigns/${await marketed(world)}`,
    "/coupon-templates/:id": `/coupon-templates/${template.id}`,
    "/orders": `/orders?member_id=${member.id}`,
    "/orders/:id": `/orders/${order}`,
    "/returns/:id": `/returns/${await returned(world, staff)}`,
    "/products/:id": `/products/${product.id}`,
    "/skus/:sku": `/skus/${product.sku}`,
    "/skus/:sku/movements": `/skus/${product.sku}/movements`,
    "/code-pools/:sku": `/code-pools/${product.sku}`,
    "/withdrawals/:id": `/withdrawals/${withdrawals}`,
    "/invoices": "/invoices?status=red_required",
    "/invoices/:id": `/invoices/${invoice}`,
    "/settlements/:id": `/settlements/${settlement}`,
    "/trial-balances": `/trial-balances?month=${day.slice(0, 7)}`,
    "/reconciliations/:day": `/reconciliations/${day}`,
    "/totals": `/totals?from=${day}&to=${day}`,
    "/jobs": `/jobs?job=${await verification(finance)}`,
    "/webhooks": `/webhooks?object=${paid?.payment.id ?? ""}`,
  };
}

/** A flash sale, and beside it what else brings members back; the sale. */
async function marketed(world: World): Promise<string> {
  const campaigns = await Campaigns.of(world);
  await campaigns.mission();
  await campaigns.board();
  await campaigns.trigger();
  await lotteryOf(world);
  return (await campaigns.flashSale(await world.product(), 50)).id;
}

/** A member whom the built-in rules watch. */
async function suspected(world: World): Promise<string> {
  const [first] = await onOneDevice(world, 6);
  if (!first) throw new Error("nobody signed in");
  await assessed(world);
  return first.id;
}

/** A return that waits for a decision. */
async function returned(world: World, staff: Staff): Promise<string> {
  const member = await world.member({ points: 1_000, address: true });
  return world.askForReturn(member, await staff.delivered(member, await world.product()));
}

/** Withdrawals that wait, and one that the bank has sent back; that one. */
async function decided(world: World, money: Money, finance: Person): Promise<string> {
  const saver = await money.saver(20_000);
  const about = (id: string) => ({ path: { id }, header: { "Idempotency-Key": world.key() } });
  const id = await money.withdrawal(saver, 3_000);
  const { api } = finance;
  await answer(api.POST("/v1/admin/withdrawals/{id}/approve", { params: about(id) }));
  const made = { params: { header: { "Idempotency-Key": world.key() } } };
  await answer(api.POST("/v1/admin/bank-files", made));
  const paid = { bank_reference: `BOC-${world.key()}` };
  const params = () => about(id);
  await answer(api.POST("/v1/admin/withdrawals/{id}/mark-paid", { params: params(), body: paid }));
  const returned = { bank_reference: `BOC-${world.key()}`, reason: "收款账户已销户" };
  await answer(
    api.POST("/v1/admin/withdrawals/{id}/mark-returned", { params: params(), body: returned }),
  );
  await money.withdrawal(saver, 4_000);
  return id;
}

/** An invoice that a refund wants a red one for. */
async function reversed(
  world: World,
  staff: Staff,
  money: Money,
  finance: Person,
): Promise<string> {
  const member = await world.member({ points: 100 });
  const order = await money.paid(await money.goods(4_000, { kind: "virtual" }), member);
  const id = await money.invoice(order, member);
  const params = { path: { id }, header: { "Idempotency-Key": world.key() } };
  const body = { number: String(Date.now()).padStart(20, "2") };
  await answer(finance.api.POST("/v1/admin/invoices/{id}/issue", { params, body }));
  await staff.refund(order, "券码无法使用");
  await world.local.drain();
  return id;
}

/** An order in whose timeline a lot has happened, and whose refund the bank sent back. */
async function failedRefund(world: World, staff: Staff, money: Money): Promise<string> {
  const member = await world.member({ points: 100, address: true });
  const order = await money.order(await money.goods(5_000), member);
  await money.start(order, member);
  await world.local.pay(order, "pay", "pm_card_pendingRefund");
  await world.local.drain();
  await staff.approve(order);
  await staff.refund(order, "缺货");
  await world.local.drain();
  await world.local.refund(order, "fail");
  await world.local.drain();
  return order;
}

/** A job that walks all accounts. */
async function verification({ api }: Person): Promise<string> {
  const { data } = await api.GET("/v1/admin/ledger/verify");
  return data !== undefined && "job_id" in data ? data.job_id : "";
}
