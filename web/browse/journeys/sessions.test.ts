/** Sessions that end, here and in other windows. */
import type { Page } from "playwright-core";
import { expect } from "vitest";

import { claim, type Stage } from "../harness/claims";
import type { Window } from "../harness/pages";
import { signIn } from "../harness/shopping";
import type { Person } from "../harness/world";

const REFRESH = /\/v1\/auth\/sessions\/refresh$/;
const ORDERS = "/pages/order/list";

/** Two windows of one member, on their orders. */
async function twoWindows({ world, open, beside }: Stage): Promise<[Window, Window, Person]> {
  const member = await world.member({ points: 500 });
  await world.local.drain();
  const first = await open(ORDERS, { as: member });
  const second = await beside(first, ORDERS);
  for (const { page } of [first, second]) await page.getByText("还没有相关订单").waitFor();
  return [first, second, member];
}

/** Refuse the API's next answers with 401 until a new token comes. */
async function refuseTokens(page: Page): Promise<void> {
  const refused = new Set<string>();
  let renewed = false;
  page.on("response", (each) => {
    if (REFRESH.test(each.url())) renewed = true;
  });
  await page.route(/\/v1\/(me|orders|products|categories)/, async (route) => {
    const token = route.request().headers()["authorization"];
    if (token && !renewed) refused.add(token);
    if (!token || !refused.has(token)) return route.fallback();
    const problem = { code: "unauthenticated", detail: "请先登录", title: "请先登录", errors: [] };
    return route.fulfill({ status: 401, json: problem });
  });
}

claim("a token that is refused is renewed once for many requests at once", async (stage) => {
  const { world, open } = stage;
  const member = await world.member({ points: 500 });
  await world.local.drain();
  const window = await open("/", { as: member });
  const { page } = window;
  await page.getByText("500", { exact: true }).waitFor();
  window.allow(/^answer: 401 /);
  let renewals = 0;
  page.on("request", (each) => (renewals += REFRESH.test(each.url()) ? 1 : 0));
  await refuseTokens(page);
  await page.getByRole("button", { name: "Switch to English" }).click();
  await page.getByText("Points to spend", { exact: true }).waitFor();
  await page.getByRole("heading", { name: "Within your points" }).waitFor();
  await expect.poll(() => renewals).toBe(1);
  await expect(page.getByRole("alert").count()).resolves.toBe(0);
});

claim("two windows that need a token at once ask for it once", async (stage) => {
  const [first, second] = await twoWindows(stage);
  let asked = 0;
  for (const { page } of [first, second]) {
    // Whoever asks first gets no answer until the other window waits, too.
    await page.route(REFRESH, async (route) => {
      asked += 1;
      await expect.poll(() => waiting(page)).toBe(1);
      await route.continue();
    });
  }
  await Promise.all([first.page.reload(), second.page.reload()]);
  for (const { page } of [first, second]) await page.getByText("还没有相关订单").waitFor();
  expect(asked).toBe(1);
});

/** Windows that wait for the one that renews. */
function waiting(page: Page): Promise<number> {
  return page.evaluate(async () => (await navigator.locks.query()).pending?.length ?? 0);
}

claim("who has no session any more signs in and comes back to the same page", async (stage) => {
  const { world, say } = stage;
  const [first, , member] = await twoWindows(stage);
  const { page } = first;
  await endSessions(member);
  first.allow(/^answer: 401 /);
  await page.goto(`${ORDERS}?status=shipped`);
  await page.waitForURL(/\/pages\/sign-in\/index/);
  await signIn(page, say, member.phone, () => world.local.code(member.phone));
  await page.waitForURL(/\/pages\/order\/list\?status=shipped/);
  await page.getByRole("button", { name: "待收货", pressed: true }).waitFor();
});

claim("who signs out in one window is signed out in the others at once", async (stage) => {
  const { say, world } = stage;
  const [first, second, member] = await twoWindows(stage);
  const { page } = first;
  await page.goto("/pages/me/index");
  await page.getByRole("button", { name: "退出登录" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "仅退出本设备" }).click();
  await second.page.waitForURL(/\/pages\/sign-in\/index/);
  await signIn(second.page, say, member.phone, () => world.local.code(member.phone));
  await second.page.waitForURL(/\/pages\/order\/list/);
  await second.page.getByText("还没有相关订单").waitFor();
});

claim("the token is in no storage that scripts can read", async (stage) => {
  const [first] = await twoWindows(stage);
  const kept = await first.page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
  );
  // Three parts of base64url: a signed token.
  expect(kept).not.toMatch(/eyJ[\w-]+\.[\w-]+\.[\w-]+/);
  expect(kept).not.toMatch(/jifen_refresh/);
});

claim(
  "a device keeps one random id over sign-outs, and tells it when somebody signs in",
  async (stage) => {
    const { world, open, say } = stage;
    const [inviter, friend] = [await world.member(), await world.member()];
    const { page } = await open("/pages/sign-in/index");
    const told: (string | undefined)[] = [];
    page.on("request", (each) => {
      if (/\/v1\/auth\/(otp|sessions)$/.test(each.url()) && each.method() === "POST")
        told.push(each.headers()["jifen-device"]);
    });
    for (const { phone } of [inviter, friend]) {
      await page.goto("/pages/sign-in/index");
      await signIn(page, say, phone, () => world.local.code(phone));
      await page.getByText("可用积分").first().waitFor();
      await page.goto("/pages/me/index");
      await page.getByRole("button", { name: "退出登录" }).click();
      await page.getByRole("dialog").getByRole("button", { name: "仅退出本设备" }).click();
      await page.getByText("登录后查看我的积分与订单").waitFor();
      const left = await page.evaluate(() => Object.keys(localStorage));
      expect(left).toContain("jifen:device");
      expect(left).not.toContain("jifen:member");
    }
    expect(told).toHaveLength(4);
    expect(told[0]).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(told).size).toBe(1);
  },
);

/** End every session of the member, as another device can. */
async function endSessions(member: Person): Promise<void> {
  const { response } = await member.api.DELETE("/v1/auth/sessions");
  expect(response.ok).toBe(true);
}
