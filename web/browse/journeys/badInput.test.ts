/** Script, foreign orders, foreign hosts and tokens where none belong. */
import { answer } from "@jifen/shared/client";
import type { Page } from "playwright-core";
import { expect } from "vitest";

import { claim } from "../harness/claims";
import { checkoutOf, orderShown, signIn, WORDS } from "../harness/shopping";
import { Staff } from "../harness/staff";

const SCRIPT = "<img src=x onerror=alert(1)>";
const TAG = "<script>alert(2)</script>";

/** Fails the claim where a page opens a dialog; text is shown as it was written. */
function noDialog(page: Page): () => void {
  const opened: string[] = [];
  page.on("dialog", (each) => {
    opened.push(each.message());
    void each.dismiss();
  });
  return () => expect(opened).toEqual([]);
}

claim("script in a product's title and words is shown as text", async ({ world, open }) => {
  const title = { "zh-CN": SCRIPT, en: SCRIPT };
  const description = { "zh-CN": `${TAG}\n${SCRIPT}`, en: TAG };
  const product = await world.product({ title, description, brand: TAG, kind: "virtual" });
  const { page } = await open(null);
  const check = noDialog(page);
  await page.goto(`/pages/goods/product?id=${product.id}`);
  await page.getByRole("heading", { name: SCRIPT }).first().waitFor();
  await page.getByText(TAG).first().waitFor();
  expect(await page.title()).toContain(SCRIPT);
  await page.goto("/pages/goods/index?sort=newest");
  await page.getByText(SCRIPT).first().waitFor();
  check();
});

claim("script in a name, a note and a reason is shown as text", async ({ world, open }) => {
  const member = await world.member({ points: 500, address: true });
  await answer(member.api.PATCH("/v1/me", { body: { nickname: SCRIPT } }));
  await world.local.drain();
  const product = await world.product({ title: { "zh-CN": SCRIPT, en: SCRIPT } });
  const window = await open(checkoutOf(product), { as: member });
  const { page } = window;
  const check = noDialog(page);
  await page.getByRole("button", { name: WORDS.place["zh-CN"] }).click();
  const id = await orderShown(page);
  await (await Staff.of(world)).reject(id, TAG);
  await world.local.drain();
  await page.reload();
  await page.getByText(TAG).first().waitFor();
  await page.goto("/pages/me/index");
  await page.getByText(SCRIPT).first().waitFor();
  await page.goto("/pages/inbox/index");
  await page.getByText("兑换失败").click();
  await page.getByText(TAG).first().waitFor();
  check();
});

claim(
  "the order of somebody else is not found, and nothing of it is shown",
  async ({ world, open }) => {
    const owner = await world.member({ points: 500, address: true });
    const other = await world.member();
    await world.local.drain();
    const product = await world.product({ title: { "zh-CN": "秘密礼物", en: "Secret gift" } });
    const params = { header: { "Idempotency-Key": world.key() } };
    const body = { items: [{ sku: product.sku, quantity: 1 }] };
    const order = await answer(owner.api.POST("/v1/orders", { params, body }));
    const window = await open(null, { as: other });
    window.allow(/^answer: 404 GET .*\/v1\/orders\//);
    for (const page of ["detail", "pay", "invoice"]) {
      await window.page.goto(`/pages/order/${page}?id=${order.id}`);
      await window.page.getByRole("alert").filter({ hasText: "没有找到" }).first().waitFor();
      expect(await window.page.locator("main").innerText()).not.toMatch(/秘密礼物|李雷|138001/);
    }
    await window.axe();
  },
);

claim("a product that does not exist is told in words", async ({ open }) => {
  const window = await open(null);
  window.allow(/^answer: 404 GET .*\/v1\/products\//);
  for (const id of ["nothing", "..%2F..%2Fme", "%00"]) {
    await window.page.goto(`/pages/goods/product?id=${id}`);
    await window.page.getByRole("alert").waitFor();
  }
});

const ELSEWHERE = ["//evil.example/x", "javascript:alert(1)", "/\\evil.example", "%E0%A4%A"];

claim("a link to sign in leads home where its next page is none of the mall", async (stage) => {
  const { world, open, say } = stage;
  const member = await world.member();
  const { page } = await open(null);
  const check = noDialog(page);
  for (const next of ELSEWHERE) {
    await page.goto(`/pages/sign-in/index?next=${encodeURIComponent(next)}`);
    await signIn(page, say, member.phone, () => world.local.code(member.phone));
    await page.getByText("可用积分", { exact: true }).waitFor();
    expect(new URL(page.url()).origin).toBe(world.mall);
  }
  check();
});

claim("a link back from paying leads to no other host", async ({ world, open }) => {
  const { page } = await open(null);
  for (const back of ["//evil.example", "https://evil.example", "javascript:alert(1)"]) {
    await page.goto(`/_local/pay/ord_x?return=${encodeURIComponent(back)}`);
    expect(await page.getByRole("link").count()).toBe(0);
  }
  expect(new URL(page.url()).origin).toBe(world.mall);
});

claim("a token in an address is neither used nor kept", async ({ world, open }) => {
  const account = await world.local.account("member", `member ${world.key()}`);
  const token = account.access_token;
  const { page } = await open(null);
  const sent: string[] = [];
  page.on("request", (each) => sent.push(each.headers()["authorization"] ?? ""));
  const query = `token=${token}&access_token=${token}&refresh_token=${token}`;
  await page.goto(`/pages/home/index?${query}#${query}`);
  await page.getByRole("link", { name: "登录 / 注册" }).waitFor();
  expect(sent.filter((each) => each !== "")).toEqual([]);
  const kept = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
  );
  expect(kept).not.toContain(token);
});

claim("a checkout with nonsense in its address orders nothing", async ({ world, open }) => {
  const member = await world.member({ points: 500, address: true });
  const product = await world.product({ kind: "virtual" });
  await world.local.drain();
  const window = await open(null, { as: member });
  window.allow(/^answer: 4\d\d POST .*\/v1\/orders(\/quote(\?coupons=true)?)?$/);
  for (const query of ["quantity=-5", "quantity=1e9", "quantity=0", "points=-1", "sku=none"]) {
    const url = new URL(checkoutOf(product), world.mall);
    const [name, value] = query.split("=");
    url.searchParams.set(name ?? "", value ?? "");
    await window.page.goto(url.href);
    await window.page.getByRole("button", { name: WORDS.place["zh-CN"] }).waitFor();
  }
  expect((await answer(member.api.GET("/v1/me/orders"))).data).toEqual([]);
});

claim("an address that no page has says so and leads home", async ({ open }) => {
  const { page } = await open("/nosuch");
  await page.getByText("页面不存在").last().waitFor();
  await page.getByRole("link", { name: "回到首页" }).click();
  await page.getByRole("link", { name: "登录 / 注册" }).waitFor();
});
