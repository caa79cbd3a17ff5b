/** Lotteries that claims draw in. */
import { answer } from "@jifen/shared/client";
import type { Schema } from "@jifen/shared/schema";

import type { World } from "./world";

const NONE = { stock: null, points: null, template_id: null, sku: null };
const HOUR_MS = 3_600_000;

export const FIFTY: Schema<"Prize"> = {
  ...NONE,
  kind: "points",
  title: { "zh-CN": "50 积分", en: "50 points" },
  odds: 400_000,
  stock: 100,
  points: 50,
};

/** A prize, and nothing for the rest of the tickets. */
export function orNothing(...won: Schema<"Prize">[]): Schema<"Prize">[] {
  const odds = 1_000_000 - won.reduce((sum, each) => sum + each.odds, 0);
  const title = { "zh-CN": "谢谢参与", en: "Better luck next time" };
  return [...won, { ...NONE, kind: "thanks", title, odds }];
}

/** A published lottery, which runs for three hours from an hour ago. */
export async function lotteryOf(
  world: World,
  terms: Partial<Schema<"LotteryDraft">> = {},
): Promise<Schema<"AdminLotteryView">> {
  const { api } = await world.staff("ops");
  const now = Date.parse((await world.local.info()).now);
  const at = (hours: number) => new Date(now + hours * HOUR_MS).toISOString();
  const body = {
    title: { "zh-CN": `会员日大转盘 ${world.key()}`, en: `Members' wheel ${world.key()}` },
    prizes: orNothing(FIFTY),
    price_points: 100,
    free_per_day: 1,
    valid: { from: at(-1), until: at(3) },
    ...terms,
  };
  const header = { "Idempotency-Key": world.key() };
  const made = await answer(api.POST("/v1/admin/lotteries", { params: { header }, body }));
  const params = { path: { id: made.id }, header: { "If-Match": String(made.version) } };
  return answer(api.POST("/v1/admin/lotteries/{id}/publish", { params }));
}
