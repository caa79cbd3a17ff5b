/** What moves money: paid orders, parcels paid at the door, withdrawals, invoices. */
import { answer } from "@jifen/shared/client";
import type { Schema } from "@jifen/shared/schema";

import type { Staff } from "./staff";
import type { Person, Product, World } from "./world";

type Method = "card" | "cod";

export const CNY = (amount: number) => ({ amount, currency: "CNY" });
export const BANK: Schema<"BankAccountIn"> = {
  kind: "bank",
  holder: "李雷",
  bank: "中国银行上海分行",
  account_number: "6217000012345671233",
};
const BUYER: Schema<"InvoiceIn"> = {
  kind: "company",
  title: "上海示例科技有限公司",
  tax_number: "91310000MA1FL0B18Y",
  email: "fapiao@example.com",
};

/** Makes it through the API, each thing for a member of its own unless one is given. */
export class Money {
  constructor(
    private readonly world: World,
    private readonly staff: Staff,
  ) {}

  /** An order of one unit, all in cash. */
  async order(product: Product, member: Person, method: Method = "card"): Promise<string> {
    const { world } = this;
    const params = { header: { "Idempotency-Key": world.key() } };
    const body = { items: [{ sku: product.sku, quantity: 1 }], points: 0, payment_method: method };
    return (await answer(member.api.POST("/v1/orders", { params, body }))).id;
  }

  /** The same, paid at the provider. */
  async paid(product: Product, member: Person): Promise<string> {
    const id = await this.order(product, member);
    await this.start(id, member);
    await this.world.local.pay(id);
    await this.world.local.drain();
    return id;
  }

  /** Begin to pay an order, as its page does. */
  async start(id: string, member: Person): Promise<void> {
    const params = this.about(id);
    await answer(member.api.POST("/v1/orders/{id}/payment", { params }));
  }

  /** Goods that a member may pay with cash alone. */
  goods(cents: number, other: Partial<Schema<"ProductDraft">> = {}): Promise<Product> {
    const price = { points: 100, cash_equivalent: CNY(cents), min_points: 0 };
    return this.world.product({ price, ...other }, 50);
  }

  /** An order whose cash a carrier has collected at the door. */
  async delivered(product: Product, member: Person): Promise<string> {
    const id = await this.order(product, member, "cod");
    await this.staff.ship(id, { carrier: "顺丰", tracking_number: `SF${Date.now()}` });
    await this.staff.deliver(id);
    return id;
  }

  /** A new member with a rebate of `cents` and a bank account. */
  async saver(cents: number): Promise<Person> {
    const member = await this.world.member();
    await this.saves(member, cents);
    return member;
  }

  /** Give a rebate, and name the bank account that it goes to. */
  async saves(member: Person, cents: number): Promise<void> {
    await this.rebate(member, cents);
    await answer(member.api.PUT("/v1/me/payout-account", { body: BANK }));
  }

  /** Give a rebate: one person asks, another approves. */
  async rebate(member: Person, cents: number): Promise<void> {
    const body = { unit: "rebate_cash", points: cents, reason: "会员日返利" } as const;
    const made = await this.staff.give(member, body);
    const { api } = await this.world.staff("finance", "books");
    await answer(api.POST("/v1/admin/adjustments/{id}/approve", { params: this.about(made.id) }));
  }

  /** A withdrawal that waits for finance. */
  async withdrawal(member: Person, cents: number): Promise<string> {
    const params = { header: { "Idempotency-Key": this.world.key() } };
    const body = { amount: cents };
    return (await answer(member.api.POST("/v1/me/withdrawals", { params, body }))).id;
  }

  /** An invoice that a member asked for, over an order that is with them. */
  async invoice(order: string, member: Person): Promise<string> {
    const params = this.about(order);
    const asked = { params, body: BUYER };
    return (await answer(member.api.POST("/v1/orders/{id}/invoice", asked))).id;
  }

  private about(id: string) {
    return { path: { id }, header: { "Idempotency-Key": this.world.key() } };
  }
}
