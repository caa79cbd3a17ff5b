/** Two people at one browser: who signs in in one window takes over from who was signed in in another. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, matrix, type Stage } from "../harness/claims";
import type { Window } from "../harness/pages";
import { checkoutOf, signIn, WORDS } from "../harness/shopping";
import type { Person } from "../harness/world";

const SWITCHED = {
  "zh-CN": "此浏览器已登录另一个账号",
  en: "Another account is signed in on this browser now",
};
const GO_ON = { "zh-CN": "以当前账号继续", en: "Go on with this account" };
/** In a new window beside `first`, somebody else signs in. */
async function takeOver(stage: Stage, first: Window, other: Person): Promise<Window> {
  const second = await stage.beside(first, "/pages/sign-in/index");
  await signIn(second.page, stage.say, other.phone, () => stage.world.local.code(other.phone));
  await second.page.waitForURL(/\/pages\/home\/index|\/$/);
  return second;
}

matrix("a window is told at once that another member signed in beside it", async (stage) => {
  const { world, open, say } = stage;
  const [member, other] = [
    await world.member({ points: 500, address: true }),
    await world.member(),
  ];
  await answer(other.api.PATCH("/v1/me", { body: { nickname: "韩梅梅" } }));
  await world.local.drain();
  const product = await world.product();
  const first = await open(checkoutOf(product), { as: member });
  await first.page.getByRole("button", { name: say(WORDS.place) }).waitFor();
  await takeOver(stage, first, other);
  await first.page.getByText(say(SWITCHED)).waitFor();
  await first.page.getByText("韩梅梅").waitFor();
  expect(await first.page.locator("main").innerText()).not.toMatch(/李雷|500/);
  await first.axe();
  await first.walk();
  for (const who of [member, other]) {
    expect((await answer(who.api.GET("/v1/me/orders"))).data).toEqual([]);
  }
  await first.page.getByRole("link", { name: say(GO_ON) }).click();
  await first.page.goto("/pages/me/index");
  await first.page.getByText("韩梅梅").waitFor();
});

claim("an order that was under way is the old member's, never the new one's", async (stage) => {
  const { world, open, say } = stage;
  const member = await world.member({ points: 500, address: true });
  const other = await world.member({ points: 500, address: true });
  await world.local.drain();
  const product = await world.product();
  const first = await open(checkoutOf(product), { as: member });
  const { page } = first;
  // The API does not know the token any more: the page wants a new one, and gets the other member's.
  let free = () => {};
  const waits = new Promise<void>((resolve) => (free = resolve));
  await page.route(/\/v1\/orders$/, async (route) => {
    await waits;
    const problem = { code: "unauthenticated", detail: "请先登录", title: "请先登录", errors: [] };
    await route.fulfill({ status: 401, json: problem });
  });
  first.allow(/^answer: 401 POST .*orders$/, /^request: /);
  await page.getByRole("button", { name: say(WORDS.place) }).click();
  await page.evaluate((id) => localStorage.setItem("jifen:member", id), member.id);
  await takeOver(stage, first, other);
  free();
  await page.getByText(say(SWITCHED)).waitFor();
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toMatch(/intention/);
  for (const who of [member, other]) {
    expect((await answer(who.api.GET("/v1/me/orders"))).data).toEqual([]);
  }
});

claim("a page that was left shows nothing to who signs in after its member", async (stage) => {
  const { world, open } = stage;
  const [member, other] = [await world.member({ points: 500 }), await world.member()];
  await answer(member.api.PATCH("/v1/me", { body: { nickname: "李雷本人" } }));
  await world.local.drain();
  const first = await open("/pages/me/index", { as: member });
  await first.page.getByText("李雷本人").waitFor();
  await first.page.goto("/_local/");
  await takeOver(stage, first, other);
  await first.page.goBack();
  await first.page
    .getByText(/账号已切换|退出登录/)
    .first()
    .waitFor();
  expect(await first.page.locator("body").innerText()).not.toContain("李雷本人");
});

claim(
  "the console gives way to who signs in at the mall, and shows nothing any more",
  async (stage) => {
    const { world, open, say } = stage;
    const [ops, member] = [await world.staff("ops"), await world.member()];
    const first = await open("/console/orders", { as: ops });
    await first.page.getByRole("heading", { level: 1 }).waitFor();
    await takeOver(stage, first, member);
    await first.page.getByRole("heading", { name: say(SWITCHED) }).waitFor();
    expect(await first.page.getByRole("navigation").count()).toBe(0);
    await first.axe();
    await first.page.getByRole("button", { name: say(GO_ON) }).click();
    await first.page.getByRole("heading", { name: "此账号没有后台权限" }).waitFor();
  },
  "desktop",
);

claim(
  "who signs out at the mall is signed out of the console",
  async (stage) => {
    const { world, open, beside } = stage;
    const ops = await world.staff("ops");
    const first = await open("/console/orders", { as: ops });
    await first.page.getByRole("heading", { level: 1 }).waitFor();
    const second = await beside(first, "/pages/me/index");
    await second.page.getByRole("button", { name: "退出登录" }).click();
    await second.page.getByRole("dialog").getByRole("button", { name: "仅退出本设备" }).click();
    await first.page.waitForURL(/\/console\/sign-in\?back=/);
  },
  "desktop",
);
