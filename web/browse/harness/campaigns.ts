/** What ops publish to bring members back: campaigns, missions, leaderboards, triggers. */
import { answer } from "@jifen/shared/client";
import type { Schema } from "@jifen/shared/schema";

import type { Person, Product, World } from "./world";

const HOUR_MS = 3_600_000;
const POINTS_50 = { kind: "points", amount: 50 } as const;

export class Campaigns {
  private constructor(
    private readonly world: World,
    private readonly ops: Person,
  ) {}

  static async of(world: World): Promise<Campaigns> {
    return new Campaigns(world, await world.staff("ops"));
  }

  /** A flash sale of one product that runs for three hours. */
  async flashSale(product: Product, points: number): Promise<Schema<"CampaignDetail">> {
    const { api } = this.ops;
    const now = Date.parse((await this.world.local.info()).now);
    const at = (hours: number) => new Date(now + hours * HOUR_MS).toISOString();
    const body: Schema<"CampaignDraftIn"> = {
      kind: "flash_sale",
      title: this.named("限时抢购", "Flash sale"),
      effect: { flash_sale: { prices: [{ sku: product.sku, points }] } },
      valid: { from: at(-1), until: at(3) },
      scope: { skus: [product.sku] },
      budget: { points: 50_000, takers: 100 },
      per_member: 2,
    };
    const params = { header: this.keyed() };
    const made = await answer(api.POST("/v1/admin/campaigns", { params, body }));
    const step = { params: this.about(made) };
    return answer(api.POST("/v1/admin/campaigns/{id}/publish", step));
  }

  /** A full reduction on one product: points off goods of at least so many. */
  async reduction(
    product: Product,
    step: Schema<"ReductionStep">,
  ): Promise<Schema<"CampaignDetail">> {
    const { api } = this.ops;
    const body: Schema<"CampaignDraftIn"> = {
      kind: "full_reduction",
      title: this.named("周末满减", "Weekend reduction"),
      effect: { full_reduction: { unit: "points", steps: [step] } },
      scope: { skus: [product.sku] },
      budget: { points: 50_000 },
    };
    const params = { header: this.keyed() };
    const made = await answer(api.POST("/v1/admin/campaigns", { params, body }));
    return answer(api.POST("/v1/admin/campaigns/{id}/publish", { params: this.about(made) }));
  }

  /** A draft of a full reduction on one product without a budget, which a second person approves. */
  async unlimited(product: Product, name: string): Promise<Schema<"CampaignDetail">> {
    const body: Schema<"CampaignDraftIn"> = {
      kind: "full_reduction",
      title: { "zh-CN": name, en: name },
      effect: {
        full_reduction: { unit: "points", steps: [{ at_least: 1_000, off: 100 }] },
      },
      scope: { skus: [product.sku] },
    };
    const params = { header: this.keyed() };
    return answer(this.ops.api.POST("/v1/admin/campaigns", { params, body }));
  }

  /** A mission for so many check-ins a month, whose reward members claim. */
  async mission(
    count = 1,
    reward: Schema<"Reward"> = POINTS_50,
  ): Promise<Schema<"AdminMissionView">> {
    const { api } = this.ops;
    const body: Schema<"MissionDraft"> = {
      title: this.named("签到有礼", "Check-in gift"),
      text: { "zh-CN": "本月签到即可领取", en: "Check in this month" },
      period: "month",
      goal: { metric: "check_ins", count },
      reward,
      claimed: true,
      takers: 100,
    };
    const params = { header: this.keyed() };
    const made = await answer(api.POST("/v1/admin/missions", { params, body }));
    const step = { params: this.about(made) };
    return answer(api.POST("/v1/admin/missions/{id}/publish", step));
  }

  /** A leaderboard that runs, of the points that are earned in a week: a mall has few at once. */
  async board(): Promise<Schema<"AdminBoardView">> {
    const { api } = this.ops;
    const { data } = await answer(api.GET("/v1/admin/leaderboards"));
    const running = data.find((each) => each.status === "live");
    if (running) return running;
    const body: Schema<"BoardDraft"> = {
      title: this.named("本周积分榜", "Points of the week"),
      metric: "points_earned",
      calendar: "week",
      prizes: [{ first: 1, last: 3, reward: POINTS_50 }],
    };
    const params = { header: this.keyed() };
    const made = await answer(api.POST("/v1/admin/leaderboards", { params, body }));
    const step = { params: this.about(made) };
    return answer(api.POST("/v1/admin/leaderboards/{id}/publish", step));
  }

  /** A draft that would give points to whom the mall did not see for a month. */
  async trigger(): Promise<Schema<"TriggerView">> {
    const body: Schema<"TriggerDraft"> = {
      title: this.named("好久不见", "We miss you"),
      event: "no_visit",
      threshold: 30,
      repeats: "year",
      reward: POINTS_50,
    };
    const params = { header: this.keyed() };
    return answer(this.ops.api.POST("/v1/admin/triggers", { params, body }));
  }

  private named(zh: string, en: string) {
    const mark = this.world.key().slice(0, 6);
    return { "zh-CN": `${zh} ${mark}`, en: `${en} ${mark}` };
  }

  private keyed() {
    return { "Idempotency-Key": this.world.key() };
  }

  private about({ id, version }: { id: string; version: number }) {
    return { path: { id }, header: { "If-Match": String(version) } };
  }
}
