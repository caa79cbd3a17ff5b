/** A task that members share: a friend opens the link, and the sharer claims points for it. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim } from "../harness/claims";
import type { World } from "../harness/world";

const OPENED = /\/v1\/me\/opened-shares\//;

/** A task to share, published; its id. */
async function shareTask(world: World, title: string): Promise<string> {
  const { api } = await world.staff("ops");
  const body = {
    kind: "share" as const,
    title: { "zh-CN": title, en: title },
    points: 8,
    limits: { day: 1 },
  };
  const params = { header: { "Idempotency-Key": world.key() } };
  const { id, version } = await answer(api.POST("/v1/admin/tasks", { params, body }));
  const header = { "If-Match": String(version) };
  await answer(api.POST("/v1/admin/tasks/{id}/publish", { params: { path: { id }, header } }));
  return id;
}

claim("a shared link counts once a friend opens it, and not for the sharer", async (stage) => {
  const { world, open } = stage;
  const title = `分享活动 ${world.key().slice(0, 6)}`;
  const task = await shareTask(world, title);
  const sharer = await world.member();
  const own = await open("/pages/tasks/index", { as: sharer });
  await own.page.getByRole("heading", { name: title }).waitFor();
  const { referral_code } = await answer(sharer.api.GET("/v1/me"));
  const link = `/?ref=${referral_code}&share=${task}`;
  await own.page.getByText(link).waitFor();
  await own.axe();
  const told = () => own.page.waitForResponse((each) => OPENED.test(each.url()));
  await Promise.all([told(), own.page.goto(link)]);
  await own.page.goto("/pages/tasks/index");
  await own.page.getByRole("heading", { name: title }).waitFor();
  const claiming = own.page.getByRole("button", { name: `领取“${title}”的积分` });
  expect(await claiming.count()).toBe(0);

  const friend = await open(null, { as: await world.member() });
  const opened = friend.page.waitForResponse((each) => OPENED.test(each.url()));
  await friend.page.goto(link);
  expect((await opened).status()).toBe(204);
  await own.page.reload();
  await claiming.click();
  await claiming.waitFor({ state: "detached" });
  await own.axe();
  await world.local.drain();
  expect((await answer(sharer.api.GET("/v1/me/points"))).available).toBe(8);
});

claim("who opened a shared link before signing in counts after it", async (stage) => {
  const { world, open } = stage;
  const task = await shareTask(world, `分享好物 ${world.key().slice(0, 6)}`);
  const sharer = await world.member();
  const { referral_code } = await answer(sharer.api.GET("/v1/me"));
  const { page } = await open(`/?ref=${referral_code}&share=${task}`);
  await page.getByRole("link").first().waitFor();
  const phone = world.phone();
  await page.goto("/pages/sign-in/index");
  await page.getByLabel("手机号", { exact: true }).fill(phone);
  await page.getByRole("button", { name: "获取验证码" }).click();
  const code = page.getByLabel("验证码", { exact: true });
  await code.waitFor();
  await code.fill(await world.local.code(phone));
  const opened = page.waitForResponse((each) => OPENED.test(each.url()));
  await page.getByRole("button", { name: "登录", exact: true }).click();
  expect((await opened).status()).toBe(204);
});
