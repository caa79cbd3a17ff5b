/** A draft is tried on past events in the console: what it would have cost, by day. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { matrix } from "../harness/claims";
import type { Person, World } from "../harness/world";

matrix("ops see what a draft would have cost before it is live", async (given) => {
  const { world, open, say } = given;
  const ops = await world.staff("ops");
  await world.member({ points: 500 });
  const id = await draft(world, ops);
  await world.local.drain();
  const window = await open(`/console/earning-rules/${id}/replays`, { as: ops });
  const { page } = window;
  await page.getByText(say({ "zh-CN": "还没有试算过", en: "was not tried" })).waitFor();
  await window.axe();

  const to = page.getByLabel(say({ "zh-CN": "结束日期", en: "Until" }));
  const start = page.getByRole("button", { name: say({ "zh-CN": "开始试算", en: "Start" }) });
  const yesterday = await to.inputValue();
  const first = page.getByLabel(say({ "zh-CN": "开始日期", en: "From" }));
  await first.fill(next(yesterday));
  await first.blur();
  window.allow(/^answer: 400 POST .*replay/);
  await start.click();
  await page
    .getByText(say({ "zh-CN": "不得早于开始日期", en: "is before the first day" }))
    .waitFor();

  await to.fill(next(yesterday));
  await to.blur();
  await start.click();
  await world.local.drain();
  const sums = page.getByText(say({ "zh-CN": "当时发放", en: "Paid then" })).first();
  await sums.waitFor();
  const job = new URL(page.url()).searchParams.get("job") ?? "";
  const made = await answer(ops.api.GET("/v1/admin/jobs/{id}", { params: { path: { id: job } } }));
  if (made.type !== "replay_rule") throw new Error(made.type);
  expect(made.result.by_rule).toBeGreaterThanOrEqual(1_000);
  expect(made.result.would_pay - made.result.paid).toBe(made.result.difference);
  await page.getByRole("table").getByText(next(yesterday)).waitFor();
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: /CSV/ }).click();
  expect((await saved).suggestedFilename()).toContain(next(yesterday));
  await window.axe();
});

/** A draft that gives twice the built-in rule. */
async function draft(world: World, ops: Person): Promise<string> {
  const params = { header: { "Idempotency-Key": world.key() } };
  const body = {
    title: { "zh-CN": "双倍积分", en: "Double points" },
    event: "order.paid",
    effect: { per_amount: { points: 2, amount: 100 } },
  };
  return (await answer(ops.api.POST("/v1/admin/earning-rules", { params, body }))).id;
}

function next(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
