/** Makes what a claim needs through the API: people, points, goods, codes. */
import { randomBytes, randomInt } from "node:crypto";

import { answer, createJifen, type Jifen } from "@jifen/shared/client";
import type { Language, Schema } from "@jifen/shared/schema";
import { type Access, accessOf, NO_RENEWAL, type Renewal, Session } from "@jifen/shared/session";

import { type Account, Local, type Role } from "./local";
import { sendEvent } from "./partner";

const TOKEN_S = 900;
const TITLE = { "zh-CN": "保温杯", en: "Thermos cup" };
export const ADDRESS: Schema<"NewAddress"> = {
  recipient: "李雷",
  phone: "13800138000",
  province: "上海市",
  city: "上海市",
  district: "黄浦区",
  street: "南京东路 1 号",
  postal_code: "200001",
};

/** Somebody with an account, and a client of the API that calls as them. */
export interface Person {
  id: string;
  phone: string;
  role: Role;
  api: Jifen;
}

export interface Product {
  id: string;
  sku: string;
}

/** The mall, as a claim prepares it. Every claim makes its own people and goods. */
export class World {
  readonly local: Local;

  constructor(
    readonly mall: string,
    readonly language: Language,
  ) {
    this.local = new Local(mall);
  }

  /** A key that nobody has used: of an intention, a SKU, a shop's order. */
  key(): string {
    return `k${randomBytes(8).toString("hex")}`;
  }

  /** A Chinese mobile number that nobody has yet. */
  phone(): string {
    return `+86137${String(randomInt(10 ** 8)).padStart(8, "0")}`;
  }

  /** A new member, with points and an address if the claim needs them. */
  async member(has: { points?: number; address?: boolean } = {}): Promise<Person> {
    const member = await this.person("member");
    if (has.address) await this.address(member);
    if (has.points) await this.give(member, has.points);
    return member;
  }

  /** The member who registered with this phone on a page, or registers now by an invitation. */
  async registered(phone: string, referral_code?: string | null, device?: string): Promise<Person> {
    const visitor = this.client(null, undefined, device);
    const channel = { channel: "sms", destination: phone } as const;
    const sent = await answer(visitor.POST("/v1/auth/otp", { body: channel }));
    const code = await this.local.code(phone);
    const proof = { grant: "otp", challenge_id: sent.challenge_id, code, referral_code } as const;
    const login = await answer(visitor.POST("/v1/auth/sessions", { body: proof }));
    return { id: login.member.id, phone, role: "member", api: this.client(login.access_token) };
  }

  /** Somebody of the staff. */
  staff(role: Exclude<Role, "member">, name?: string): Promise<Person> {
    return this.person(role, name);
  }

  async address(member: Person): Promise<string> {
    const params = { header: { "Idempotency-Key": this.key() } };
    const made = await answer(member.api.POST("/v1/me/addresses", { params, body: ADDRESS }));
    return made.id;
  }

  /** Points, earned as every point is: from a shop's signed order. */
  async give(member: Person, points: number): Promise<void> {
    const order = this.key();
    await sendEvent(this.client(null), await this.local.partner(), {
      id: `${order}:paid`,
      type: "order.paid",
      occurred_at: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
      member: { member_id: member.id },
      data: { order_id: order, currency: "CNY", amount: points * 100 },
    });
  }

  /** A product on sale with one SKU; `other` replaces what is usual, as a `ProductDraft` says it. */
  async product(other: Partial<Schema<"ProductDraft">> = {}, stock = 10): Promise<Product> {
    const { api } = await this.staff("ops", "buyer");
    const sku = `S-${this.key()}`;
    const isVirtual = other.kind === "virtual";
    const body: Schema<"ProductDraft"> = {
      title: TITLE,
      kind: "physical",
      category: other.category ?? (await this.category()),
      status: "on_sale",
      price: { points: 100 },
      skus: [isVirtual ? { sku } : { sku, stock }],
      ...other,
    };
    const params = { header: { "Idempotency-Key": sku } };
    const made = await answer(api.POST("/v1/admin/products", { params, body }));
    if (isVirtual) await this.codes(sku, stock);
    return { id: made.id, sku };
  }

  /** Fill a pool of codes; the codes. */
  async codes(sku: string, count: number): Promise<string[]> {
    const { api } = await this.staff("ops", "buyer");
    const codes = Array.from({ length: count }, (_, index) => `${sku}-${index + 1}`);
    const params = { path: { sku }, header: { "Idempotency-Key": this.key() } };
    await answer(api.POST("/v1/admin/code-pools/{sku}/codes", { params, body: { codes } }));
    return codes;
  }

  /** A client of the API, with an access token or without; `again` gives a newer one. */
  client(token: string | null, again?: () => Promise<string>, device?: string): Jifen {
    const session = new Session(again ? renewedBy(again) : NO_RENEWAL);
    if (token !== null) session.begin(heldFor(token));
    return createJifen({
      baseUrl: this.mall,
      session,
      language: () => this.language,
      send: (request) => fetch(request),
      online: () => true,
      ...(device === undefined ? {} : { device: () => device }),
    });
  }

  /** Ask for the return of a unit of an order's first line; the return's id. */
  async askForReturn(
    member: Person,
    order: string,
    kind: Schema<"ReturnIn">["kind"] = "return",
  ): Promise<string> {
    const path = { id: order };
    const { lines } = await answer(member.api.GET("/v1/orders/{id}", { params: { path } }));
    const params = { path, header: { "Idempotency-Key": this.key() } };
    const wanted = lines.slice(0, 1).map(({ sku }) => ({ sku, quantity: 1 }));
    const body = { kind, reason: "商品有质量问题：杯盖漏水", lines: wanted };
    return (await answer(member.api.POST("/v1/orders/{id}/returns", { params, body }))).id;
  }

  /** Whoever has this role and name, such as a seeded account. */
  async person(role: Role, name = `${role} ${this.key()}`): Promise<Person> {
    const found: Account = await this.local.account(role, name);
    const again = async () => (await this.local.account(role, name)).access_token;
    const api = this.client(found.access_token, again);
    return { id: found.member_id, phone: found.phone, role, api };
  }

  /** A new category, named alike in both languages. Without a name: the one of usual goods. */
  async category(named?: string): Promise<string> {
    const { api } = await this.staff("ops", "buyer");
    const id = named ? this.key() : "browse-home";
    const params = { header: { "Idempotency-Key": id } };
    const title = named ? { "zh-CN": named, en: named } : { "zh-CN": "家居", en: "Home" };
    await answer(api.POST("/v1/admin/categories", { params, body: { id, title } }));
    return id;
  }
}

/** A clock that was moved ends tokens: a newer one takes their place. */
function renewedBy(again: () => Promise<string>): Renewal {
  return { ...NO_RENEWAL, renew: async () => heldFor(await again()) };
}

function heldFor(token: string): Access {
  return accessOf("", { access_token: token, expires_in: TOKEN_S });
}
