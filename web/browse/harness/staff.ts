/** What the staff does about an order or a product, through the API. */
import { answer, type Jifen } from "@jifen/shared/client";
import type { Schema } from "@jifen/shared/schema";

import type { World } from "./world";

export class Staff {
  private constructor(
    private readonly api: Jifen,
    private readonly world: World,
  ) {}

  static async of(world: World): Promise<Staff> {
    return new Staff((await world.staff("ops", "buyer")).api, world);
  }

  /** Review an order and send it. */
  async ship(id: string, parcel: Schema<"ShipIn">): Promise<void> {
    const act = () => ({ path: { id }, header: { "Idempotency-Key": this.world.key() } });
    await answer(this.api.POST("/v1/admin/orders/{id}/take", { params: act() }));
    await answer(this.api.POST("/v1/admin/orders/{id}/approve", { params: act() }));
    await answer(this.api.POST("/v1/admin/orders/{id}/ship", { params: act(), body: parcel }));
  }

  async reject(id: string, reason: string): Promise<void> {
    const act = () => ({ path: { id }, header: { "Idempotency-Key": this.world.key() } });
    await answer(this.api.POST("/v1/admin/orders/{id}/take", { params: act() }));
    await answer(
      this.api.POST("/v1/admin/orders/{id}/reject", { params: act(), body: { reason } }),
    );
  }

  async refund(id: string, reason: string): Promise<void> {
    const params = { path: { id }, header: { "Idempotency-Key": this.world.key() } };
    await answer(this.api.POST("/v1/admin/orders/{id}/refunds", { params, body: { reason } }));
  }

  /** Change a product that is on sale. */
  async change(product: string, body: Schema<"ProductChange">): Promise<void> {
    const path = { id: product };
    const known = await answer(this.api.GET("/v1/admin/products/{id}", { params: { path } }));
    const params = { path, header: { "If-Match": `"${known.version}"` } };
    await answer(this.api.PATCH("/v1/admin/products/{id}", { params, body }));
  }
}
