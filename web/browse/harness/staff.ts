/** What the staff does about an order or a product, through the API. */
import { answer, type Jifen } from "@jifen/shared/client";
import type { Schema } from "@jifen/shared/schema";

import type { Person, Product, World } from "./world";

export class Staff {
  private constructor(
    private readonly api: Jifen,
    private readonly world: World,
  ) {}

  static async of(world: World): Promise<Staff> {
    return new Staff((await world.staff("ops", "buyer")).api, world);
  }

  /** Review an order, for goods that are sent later or never. */
  async approve(id: string): Promise<void> {
    await answer(this.api.POST("/v1/admin/orders/{id}/take", { params: this.about(id) }));
    await answer(this.api.POST("/v1/admin/orders/{id}/approve", { params: this.about(id) }));
  }

  /** Review an order and send it. */
  async ship(id: string, parcel: Schema<"ShipIn">): Promise<void> {
    await this.approve(id);
    await this.send(id, parcel);
  }

  /** Send an approved order. */
  async send(id: string, parcel: Schema<"ShipIn">): Promise<void> {
    const params = this.about(id);
    await answer(this.api.POST("/v1/admin/orders/{id}/ship", { params, body: parcel }));
  }

  async deliver(id: string): Promise<void> {
    await answer(this.api.POST("/v1/admin/orders/{id}/deliver", { params: this.about(id) }));
  }

  async reject(id: string, reason: string): Promise<void> {
    const params = this.about(id);
    await answer(this.api.POST("/v1/admin/orders/{id}/take", { params: this.about(id) }));
    await answer(this.api.POST("/v1/admin/orders/{id}/reject", { params, body: { reason } }));
  }

  async publish(review: string): Promise<void> {
    await answer(this.api.POST("/v1/admin/reviews/{id}/publish", { params: this.about(review) }));
  }

  async reply(review: string, text: string): Promise<void> {
    const params = this.about(review);
    await answer(this.api.POST("/v1/admin/reviews/{id}/reply", { params, body: { text } }));
  }

  async refund(id: string, reason: string): Promise<void> {
    const params = this.about(id);
    await answer(this.api.POST("/v1/admin/orders/{id}/refunds", { params, body: { reason } }));
  }

  /** An order of two units that has been delivered; its id. */
  async delivered(member: Person, product: Product): Promise<string> {
    const params = { header: { "Idempotency-Key": this.world.key() } };
    const body = { items: [{ sku: product.sku, quantity: 2 }] };
    const { id } = await answer(member.api.POST("/v1/orders", { params, body }));
    await this.ship(id, { carrier: "顺丰速运", tracking_number: "SF1231231231231" });
    await this.deliver(id);
    return id;
  }

  /** Approve a return; its id. */
  async approveReturn(id: string): Promise<string> {
    const body = { instructions: "上海市黄浦区南京东路 1 号，售后部收，电话 021-12345678" };
    const params = this.about(id);
    await answer(this.api.POST("/v1/admin/returns/{id}/approve", { params, body }));
    return id;
  }

  /** Record that all goods of a return came. */
  async receive(id: string): Promise<void> {
    const params = this.about(id);
    await answer(this.api.POST("/v1/admin/returns/{id}/receive", { params, body: {} }));
  }

  /** Give points or money of a unit; above the size for one person another has to approve. */
  async give(member: Person, body: Schema<"AdjustmentIn">): Promise<Schema<"AdjustmentView">> {
    const params = this.about(member.id);
    return answer(this.api.POST("/v1/admin/members/{id}/points/adjustments", { params, body }));
  }

  /** Change a product that is on sale. */
  async change(product: string, body: Schema<"ProductChange">): Promise<void> {
    const path = { id: product };
    const known = await answer(this.api.GET("/v1/admin/products/{id}", { params: { path } }));
    const params = { path, header: { "If-Match": `"${known.version}"` } };
    await answer(this.api.PATCH("/v1/admin/products/{id}", { params, body }));
  }

  private about(id: string) {
    return { path: { id }, header: { "Idempotency-Key": this.world.key() } };
  }
}
