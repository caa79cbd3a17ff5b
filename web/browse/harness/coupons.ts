/** Coupons as ops publish them and members get them, through the API. */
import { answer } from "@jifen/shared/client";
import type { Schema } from "@jifen/shared/schema";

import type { Person, World } from "./world";

type Draft = Schema<"TemplateDraft">;

export class Coupons {
  constructor(private readonly world: World) {}

  /** A published template: 10 yuan off, free, for 30 days. */
  async published(wanted: Partial<Draft> = {}): Promise<Schema<"TemplateView">> {
    const { api } = await this.world.staff("ops", "buyer");
    const body: Draft = {
      kind: "amount_off",
      title: { "zh-CN": "满百减十", en: "10 off 100" },
      amount: 1000,
      valid: { days: 30 },
      ...wanted,
    };
    const header = { "Idempotency-Key": this.world.key() };
    const made = await answer(api.POST("/v1/admin/coupon-templates", { params: { header }, body }));
    const params = { path: { id: made.id }, header: { "If-Match": String(made.version) } };
    return answer(api.POST("/v1/admin/coupon-templates/{id}/publish", { params }));
  }

  /** Change a template. */
  async change({ id, version }: Schema<"TemplateView">, body: Schema<"TemplateChange">) {
    const { api } = await this.world.staff("ops", "buyer");
    const params = { path: { id }, header: { "If-Match": String(version) } };
    return answer(api.PATCH("/v1/admin/coupon-templates/{id}", { params, body }));
  }

  /** A coupon that a member got; its id. */
  async claimed(member: Person, wanted: Partial<Draft> = {}): Promise<string> {
    const { id } = await this.published(wanted);
    const path = { template_id: id };
    const params = { path, header: { "Idempotency-Key": this.world.key() } };
    return (await answer(member.api.POST("/v1/coupons/{template_id}/claims", { params }))).id;
  }
}
