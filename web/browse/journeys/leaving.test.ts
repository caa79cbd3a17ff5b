/** What a member takes along, and the end of an account. */
import { answer } from "@jifen/shared/client";
import type { Page } from "playwright-core";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import { signIn } from "../harness/shopping";

const DATA = "/pages/me/data";
const SIGNED_OUT = /^answer: 401 /;
const WORDS = {
  ask: { "zh-CN": "生成数据文件", en: "Make the file" },
  file: { "zh-CN": "下载文件", en: "Download the file" },
  close: { "zh-CN": "注销账号", en: "Close my account" },
  blocked: { "zh-CN": "有未完成的订单", en: "An order is not completed" },
};

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });
const sure = (page: Page) => page.getByRole("dialog");

matrix("a member takes all their data along as a file", async ({ world, open, say }) => {
  const member = await world.member({ points: 300 });
  const window = await open("/pages/me/index", { as: member });
  const { page } = window;
  await page
    .getByRole("link", { name: say({ "zh-CN": "我的数据与注销", en: "My data and account" }) })
    .click();
  await window.axe();
  await button(page, say(WORDS.ask)).click();
  await page.getByRole("status").first().waitFor();
  await window.axe();
  await world.local.run("answer_requests");
  await button(page, say(WORDS.file)).waitFor();
  await window.axe();
  await window.walk();
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    button(page, say(WORDS.file)).click(),
  ]);
  expect(file.suggestedFilename()).toMatch(/\.zip$/);
});

claim("who has an open order is told so, and closes the account after it", async (stage) => {
  const { world, open, say } = stage;
  const { sku } = await world.product();
  const member = await world.member({ points: 500, address: true });
  const params = { header: { "Idempotency-Key": world.key() } };
  const body = { items: [{ sku, quantity: 1 }] };
  const { id } = await answer(member.api.POST("/v1/orders", { params, body }));
  const window = await open(DATA, { as: member });
  const { page } = window;
  await page.getByText(say(WORDS.blocked)).waitFor();
  expect(await button(page, say(WORDS.close)).count()).toBe(0);
  await window.axe();
  const given = { path: { id }, header: { "Idempotency-Key": world.key() } };
  await answer(member.api.POST("/v1/orders/{id}/cancel", { params: given }));
  await page.reload();
  await button(page, say(WORDS.close)).waitFor();
});

claim("an order that was placed meanwhile keeps the account, in words", async (stage) => {
  const { world, open, say } = stage;
  const { sku } = await world.product();
  const member = await world.member({ points: 500, address: true });
  const window = await open(DATA, { as: member });
  window.allow(/^answer: 409 DELETE .*\/v1\/me$/);
  const { page } = window;
  await button(page, say(WORDS.close)).click();
  const params = { header: { "Idempotency-Key": world.key() } };
  const body = { items: [{ sku, quantity: 1 }] };
  await answer(member.api.POST("/v1/orders", { params, body }));
  await button(page, say(WORDS.close)).last().click();
  await sure(page).getByRole("alert").waitFor();
  await window.axe();
  expect((await answer(member.api.GET("/v1/me"))).id).toBe(member.id);
});

matrix("a closed account is signed out everywhere, and a sign-in brings it back", async (stage) => {
  const { world, open, say } = stage;
  const member = await world.member({ points: 500 });
  const other = await open("/pages/points/index", { as: member });
  const window = await open(DATA, { as: member });
  for (const each of [other, window]) each.allow(SIGNED_OUT);
  const { page } = window;
  await button(page, say(WORDS.close)).click();
  await sure(page).waitFor();
  await window.axe();
  await sure(page)
    .getByRole("button", { name: say(WORDS.close), exact: true })
    .dblclick();
  await page
    .getByText(
      say({ "zh-CN": "登录后查看我的积分与订单", en: "Sign in to see your points and orders" }),
    )
    .first()
    .waitFor();
  await other.page.goto("/pages/order/list");
  await other.page.waitForURL(/\/pages\/sign-in\/index/);
  await signIn(other.page, say, member.phone, () => world.local.code(member.phone));
  await other.page
    .getByText(
      say({ "zh-CN": "欢迎回来，账号注销已撤销。", en: "Welcome back: your account is kept." }),
    )
    .waitFor();
  await other.page.waitForURL(/\/pages\/order\/list/);
  expect((await answer(member.api.GET("/v1/me/points"))).available).toBe(500);
});
