/** New terms: a member reads what is new and agrees before the next act, and it goes on. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim } from "../harness/claims";
import type { World } from "../harness/world";

/** So long a process remembers what is published. */
const KEPT_MS = 60_000;
/** So many requests at once come to all processes. */
const AT_ONCE = 30;

claim("a member agrees to new terms before a gift, which then is sent", async (stage) => {
  const { world, open } = stage;
  const member = await world.member({ points: 500 });
  const friend = await world.member();
  await world.local.drain();
  const window = await open("/pages/points/gift", { as: member });
  const version = await publish(world);
  await everywhere(world, version);
  window.allow(/^answer: 403 POST .*transfers$/);
  const { page } = window;
  await page.getByLabel(/对方手机号/).fill(friend.phone);
  await page.getByLabel(/转赠积分数/).fill("50");
  await page.getByRole("button", { name: "下一步" }).click();
  const send = page.getByRole("button", { name: "送出 50 积分" });
  const asks = page.getByRole("dialog", { name: "条款有更新" });
  const available = async () => (await answer(member.api.GET("/v1/me/points"))).available;

  await send.click();
  await asks.getByText("更新内容：新增第一条").waitFor();
  await asks.getByText("查看全文").click();
  await asks.getByText("第一条 积分不可兑换现金。").waitFor();
  await window.axe();
  await asks.getByRole("button", { name: "暂不同意" }).click();
  await asks.waitFor({ state: "detached" });
  expect(await available()).toBe(500);
  await send.click();
  await asks.getByRole("button", { name: "同意并继续" }).click();
  await page.getByRole("heading", { name: "已送出" }).waitFor();
  expect(await available()).toBe(450);
  await page.goto("/pages/me/policies");
  await page.getByText(`同意 会员条款 ${version}`).first().waitFor();
  await page.getByText("第一条 积分不可兑换现金。").first().waitFor();
  await window.axe();
});

/** Terms that count from now on; their version. */
async function publish(world: World): Promise<string> {
  const { api } = await world.staff("ops");
  const name = `t-${world.key().slice(0, 8)}`;
  const body = {
    ...{ kind: "terms" as const, name },
    title: { "zh-CN": "会员条款", en: "Terms" },
    text: { "zh-CN": "第一条 积分不可兑换现金。", en: "1. Points are no cash." },
    changes: { "zh-CN": "新增第一条", en: "The first article is new" },
  };
  const key = () => ({ "Idempotency-Key": world.key() });
  const params = { header: key() };
  const { id, version } = await answer(api.POST("/v1/admin/policies", { params, body }));
  const header = { ...key(), "If-Match": String(version) };
  const about = { params: { path: { id }, header }, body: { effective_at: null } };
  await answer(api.POST("/v1/admin/policies/{id}/publish", about));
  return name;
}

/** Wait until each process of the mall tells of the new terms: all do within a minute. */
async function everywhere(world: World, version: string): Promise<void> {
  const visitor = world.client(null);
  const ask = async () => {
    const asked = Array.from({ length: AT_ONCE }, () => answer(visitor.GET("/v1/policies")));
    return (await Promise.all(asked)).every(({ terms }) => terms?.version === version);
  };
  await expect.poll(ask, { timeout: 2 * KEPT_MS, interval: 1_000 }).toBe(true);
}
