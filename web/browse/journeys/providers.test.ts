/** Sign-in by WeChat and QQ: a page of theirs asks who scans, and leads back. */
import { answer } from "@jifen/shared/client";
import type { Page } from "playwright-core";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

/** On the provider's page: somebody who was never here. */
async function scanAs(page: Page, nickname: string): Promise<void> {
  await page.getByLabel(/Somebody new/).fill(nickname);
  await page.getByRole("button", { name: /Sign in as them/ }).click();
}

matrix("a person scans with WeChat and is signed in, on the page that asked", async (stage) => {
  const { world, open, say } = stage;
  const nickname = `扫码${world.key().slice(0, 6)}`;
  const window = await open("/pages/sign-in/index?next=%2Fpages%2Fme%2Findex");
  const { page } = window;
  await button(page, say({ "zh-CN": "微信登录", en: "Sign in with WeChat" })).waitFor();
  await button(page, say({ "zh-CN": "QQ 登录", en: "Sign in with QQ" })).waitFor();
  await window.axe();
  await button(page, say({ "zh-CN": "微信登录", en: "Sign in with WeChat" })).click();
  await scanAs(page, nickname);
  await page.waitForURL(/\/pages\/me\/index/);
  await page.getByText(nickname).first().waitFor();
  await page.goto("/pages/me/identities");
  await page.getByText(say({ "zh-CN": "微信", en: "WeChat" }) + ` ${nickname}`).waitFor();
  await window.axe();
});

claim("who does not agree is told, and may begin again", async ({ open }) => {
  const { page } = await open("/pages/sign-in/index");
  await button(page, "QQ 登录").click();
  await page.getByRole("link", { name: /Do not agree/ }).click();
  await page.getByText("您没有同意授权").waitFor();
  await page.getByRole("link", { name: "返回登录" }).click();
  await button(page, "微信登录").waitFor();
});

claim("a link that another began signs nobody in", async ({ open }) => {
  const window = await open("/pages/sign-in/index");
  const { page } = window;
  window.allow(/^answer: 401 POST .*sessions$/);
  await button(page, "微信登录").click();
  await page.getByLabel(/Somebody new/).waitFor();
  const asked = new URL(page.url()).searchParams;
  const path = `/pages/sign-in/return?code=another&state=${asked.get("state")}`;
  const other = await open(path);
  await other.page.getByText("这次登录已失效").waitFor();
  await page.goto(path);
  await page.getByRole("alert").getByText("授权已使用或已过期").waitFor();
});

claim("a member links QQ and signs in by it; the last way to sign in stays", async (stage) => {
  const { world, open } = stage;
  const member = await world.member();
  const nickname = `企鹅${world.key().slice(0, 6)}`;
  const { page } = await open("/pages/me/identities", { as: member });
  await button(page, "绑定 QQ").click();
  await scanAs(page, nickname);
  await page.waitForURL(/\/pages\/me\/identities/);
  await page.getByText(`QQ ${nickname}`).waitFor();
  await page.getByRole("button", { name: /^解绑 \+86/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "解绑", exact: true }).click();
  await page.getByText("唯一的登录方式不能解绑，请先绑定另一个").waitFor();
  const [left, ...others] = (await answer(member.api.GET("/v1/me/identities"))).data;
  expect([left?.kind, others]).toEqual(["qq", []]);
  const elsewhere = await open("/pages/sign-in/index?next=%2Fpages%2Fme%2Fidentities");
  await button(elsewhere.page, "QQ 登录").click();
  await elsewhere.page.getByRole("link", { name: nickname, exact: true }).click();
  await elsewhere.page.getByText(`QQ ${nickname}`).waitFor();
});

claim("an account of another member is refused in words", async ({ world, open }) => {
  const nickname = `已绑定${world.key().slice(0, 6)}`;
  const first = await open("/pages/me/identities", { as: await world.member() });
  await button(first.page, "绑定微信").click();
  await scanAs(first.page, nickname);
  await first.page.getByText(`微信 ${nickname}`).waitFor();
  const second = await open("/pages/me/identities", { as: await world.member() });
  second.allow(/^answer: 409 POST .*identities$/);
  await button(second.page, "绑定微信").click();
  await second.page.getByRole("link", { name: nickname, exact: true }).click();
  await second.page.getByRole("alert").getByText("该登录方式已绑定其他会员").waitFor();
  await second.page.getByRole("link", { name: "返回登录方式" }).click();
  await second.page.getByText("唯一的登录方式不能解绑，请先绑定另一个").waitFor();
});

claim("a provider that is down is told, and a second try works", async ({ world, open }) => {
  const window = await open("/pages/sign-in/index");
  const { page } = window;
  const nickname = `稍后${world.key().slice(0, 6)}`;
  window.allow(/^answer: 503 POST .*sessions$/);
  let isDown = true;
  await page.route(/\/v1\/auth\/sessions$/, (route) => {
    if (!isDown) return route.fallback();
    isDown = false;
    const problem = { code: "provider_unavailable", title: "登录平台暂时无法响应", errors: [] };
    return route.fulfill({ status: 503, json: { ...problem, detail: "请稍后再试" } });
  });
  await button(page, "微信登录").click();
  await scanAs(page, nickname);
  await button(page, "重试").click();
  await page.waitForURL(/\/pages\/home\/index|\/$/);
});
