/** Stores, slots and vouchers, made through the API. */
import { answer, type Jifen } from "@jifen/shared/client";

import type { Person, Product, World } from "./world";

const HOUR_MS = 3_600_000;

export class Counter {
  private constructor(
    private readonly api: Jifen,
    private readonly world: World,
    readonly store: string,
    readonly title: string,
  ) {}

  /** A store of its own, in a city of its own. */
  static async of(world: World): Promise<Counter> {
    const { api } = await world.staff("ops", "counter");
    const title = `南京东路店 ${world.key().slice(0, 4)}`;
    const body = {
      title: { "zh-CN": title, en: title },
      city: { "zh-CN": "上海", en: "Shanghai" },
      address: { "zh-CN": "黄浦区南京东路 1 号", en: "1 Nanjing Road East, Huangpu" },
      phone: "021-60000000",
      hours: [{ days: [1, 2, 3, 4, 5, 6, 7], opens: "00:00", closes: "24:00" }],
    };
    const params = { header: { "Idempotency-Key": world.key() } };
    const made = await answer(api.POST("/v1/admin/stores", { params, body }));
    return new Counter(api, world, made.id, title);
  }

  /** A slot of a service some hours from now, with so many seats; its id. */
  async slot(product: Product, hours: number, capacity = 2): Promise<string> {
    const now = Date.parse((await this.world.local.info()).now);
    const at = new Date(Math.ceil((now + hours * HOUR_MS) / HOUR_MS) * HOUR_MS);
    const body = {
      product_id: product.id,
      store_id: this.store,
      starts_at: at.toISOString().replace(".000", ""),
      minutes: 60,
      capacity,
    };
    const params = { header: { "Idempotency-Key": this.world.key() } };
    const made = await answer(this.api.POST("/v1/admin/slots", { params, body }));
    return made.data[0]?.id ?? "";
  }

  /** An order of a member for a slot; its id. */
  async book(member: Person, product: Product, slot: string): Promise<string> {
    const body = { items: [{ sku: product.sku, quantity: 1 }], booking: { slot_id: slot } };
    const params = { header: { "Idempotency-Key": this.world.key() } };
    return (await answer(member.api.POST("/v1/orders", { params, body }))).id;
  }

  /** The code of an order's first voucher. */
  async code(member: Person, order: string): Promise<string> {
    const params = { path: { id: order } };
    const [first] = await answer(member.api.GET("/v1/orders/{id}/vouchers", { params }));
    return first?.code ?? "";
  }
}
