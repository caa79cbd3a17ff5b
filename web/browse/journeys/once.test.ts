/** One intention takes effect once: taps, reloads, lost answers, other windows. */
import { answer } from "@jifen/shared/client";
import type { Page, Route } from "playwright-core";
import { expect } from "vitest";

import { claim, type Stage } from "../harness/claims";
import { offline } from "../harness/network";
import { checkoutOf, orderShown, payThere, WORDS } from "../harness/shopping";
import type { Person } from "../harness/world";

const PLACES = /\/v1\/orders$/;
const PAYS = /\/v1\/orders\/[^/]+\/payment$/;
const place = (page: Page) => page.getByRole("button", { name: WORDS.place["zh-CN"] });

async function ordersOf(member: Person): Promise<number> {
  return (await answer(member.api.GET("/v1/me/orders"))).data.length;
}

/** A checkout that a member with points and an address may confirm. */
async function atCheckout(
  { world, open }: Stage,
  price: { points: number; cash?: unknown } = { points: 100 },
) {
  const product = await world.product({ price: price as never });
  const member = await world.member({ points: 500, address: true });
  await world.local.drain();
  const window = await open(checkoutOf(product), { as: member });
  return { product, member, window, page: window.page };
}

/** The server takes the request; its answer is lost. */
async function losesTheAnswer(route: Route): Promise<void> {
  await route.fetch();
  await route.abort("connectionreset");
}

/** Requests that match, counted as they leave. */
function counted(page: Page, what: RegExp): () => number {
  let count = 0;
  page.on("request", (each) => {
    if (each.method() === "POST" && what.test(each.url())) count += 1;
  });
  return () => count;
}

claim("two taps on the button place one order", async (stage) => {
  const { member, page } = await atCheckout(stage);
  const sent = counted(page, PLACES);
  await expect.poll(() => place(page).isEnabled()).toBe(true);
  await place(page).dblclick();
  await orderShown(page);
  expect(sent()).toBe(1);
  expect(await ordersOf(member)).toBe(1);
});

claim("a reload amid placing, and another try, give one order", async (stage) => {
  const { member, page } = await atCheckout(stage);
  let taken: () => void;
  const took = new Promise<void>((resolve) => (taken = resolve));
  await page.route(PLACES, async (route) => {
    await route.fetch();
    taken();
  });
  await place(page).click();
  await took;
  await page.reload();
  await page.unroute(PLACES);
  await place(page).click();
  await orderShown(page);
  expect(await ordersOf(member)).toBe(1);
});

claim("an answer that got lost is told, and another try gives the same order", async (stage) => {
  const { member, window, page } = await atCheckout(stage);
  window.allow(/^request: .* POST .*orders$/);
  await page.route(PLACES, losesTheAnswer, { times: 1 });
  await place(page).click();
  await page.getByText("请再试一次，不会重复扣分或扣款").waitFor();
  expect(await ordersOf(member)).toBe(1);
  await page.getByRole("alert").getByRole("button", { name: WORDS.tryAgain["zh-CN"] }).click();
  const shown = await orderShown(page);
  const [order, ...others] = (await answer(member.api.GET("/v1/me/orders"))).data;
  expect(shown).toBe(order?.id);
  expect(others).toEqual([]);
});

claim("who leaves after a lost answer and redeems again has the same order", async (stage) => {
  const { member, window, page, product } = await atCheckout(stage);
  await page.goto(`/pages/goods/product?id=${product.id}`);
  await page.getByRole("button", { name: WORDS.redeem["zh-CN"] }).click();
  window.allow(/^request: .* POST .*orders$/);
  await page.route(PLACES, losesTheAnswer, { times: 1 });
  await place(page).click();
  await page.getByText("请再试一次，不会重复扣分或扣款").waitFor();
  await page.getByRole("button", { name: "返回" }).click();
  await page.getByRole("button", { name: WORDS.redeem["zh-CN"] }).click();
  await place(page).click();
  await orderShown(page);
  expect(await ordersOf(member)).toBe(1);
});

claim("two windows on one checkout place one order", async (stage) => {
  const { world, open, beside } = stage;
  const product = await world.product();
  const member = await world.member({ points: 500, address: true });
  await world.local.drain();
  const first = await open(`/pages/goods/product?id=${product.id}`, { as: member });
  await first.page.getByRole("button", { name: WORDS.redeem["zh-CN"] }).click();
  await place(first.page).waitFor();
  const second = await beside(first, first.page.url());
  await place(second.page).waitFor();
  await Promise.all([place(first.page).click(), place(second.page).click()]);
  const [one, other] = [await orderShown(first.page), await orderShown(second.page)];
  expect(one).toBe(other);
  expect(await ordersOf(member)).toBe(1);
});

claim("a product that was redeemed can be redeemed again", async (stage) => {
  const { world, open } = stage;
  const product = await world.product();
  const member = await world.member({ points: 500, address: true });
  await world.local.drain();
  const { page } = await open(null, { as: member });
  for (const orders of [1, 2]) {
    await page.goto(`/pages/goods/product?id=${product.id}`);
    await page.getByRole("button", { name: WORDS.redeem["zh-CN"] }).click();
    await place(page).click();
    await orderShown(page);
    expect(await ordersOf(member)).toBe(orders);
  }
});

claim("a reload amid paying starts one payment, and the order is paid once", async (stage) => {
  const price = { points: 100, cash: { amount: 990, currency: "CNY" } };
  const { member, page, window } = await atCheckout(stage, price);
  await page.getByRole("button", { name: WORDS.placeAndPay["zh-CN"] }).click();
  const order = await orderShown(page);
  let taken: () => void;
  const took = new Promise<void>((resolve) => (taken = resolve));
  await page.route(PAYS, async (route) => {
    await route.fetch();
    taken();
  });
  await page.getByRole("button", { name: "支付 ¥9.90" }).click();
  await took;
  // The page goes before its answer comes: to stop routing would let the answer through.
  await page.reload();
  await page.unroute(PAYS);
  await page.getByRole("button", { name: "支付 ¥9.90" }).click();
  await page.waitForURL(/\/_local\/pay\//);
  expect(await page.getByRole("button", { name: "支付 Pay" }).count()).toBe(1);
  await page.reload();
  await payThere(page);
  await page.getByRole("heading", { name: "付款成功" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "付款成功" }).waitFor();
  const paid = await answer(member.api.GET("/v1/orders/{id}", { params: { path: { id: order } } }));
  expect(paid.payment?.status).toBe("succeeded");
  window.allow(/^answer: 404 GET .*favicon/);
});

claim("back and forward through a checkout neither double it nor stick", async (stage) => {
  const { world, open } = stage;
  const product = await world.product();
  const member = await world.member({ points: 500, address: true });
  await world.local.drain();
  const { page } = await open(`/pages/goods/product?id=${product.id}`, { as: member });
  await page.getByRole("button", { name: WORDS.redeem["zh-CN"] }).click();
  await place(page).waitFor();
  await page.goBack();
  await page.getByRole("button", { name: WORDS.redeem["zh-CN"] }).waitFor();
  await page.goForward();
  await place(page).click();
  await orderShown(page);
  await page.goBack();
  await page.getByRole("button", { name: WORDS.redeem["zh-CN"] }).waitFor();
  await page.goForward();
  await page.getByRole("heading", { name: "订单详情" }).waitFor();
  expect(await ordersOf(member)).toBe(1);
});

claim("offline is told apart from a mall that is away, and ends by itself", async (stage) => {
  const { member, window, page } = await atCheckout(stage);
  window.allow(/^request: net::ERR_INTERNET_DISCONNECTED /, /^console: /);
  await place(page).waitFor();
  await expect.poll(() => place(page).isEnabled()).toBe(true);
  await offline(page, async () => {
    await place(page).click();
    await page.getByText("网络未连接，请检查网络后重试").waitFor();
    await page.getByRole("alert").getByRole("button", { name: "重试" }).click();
    await page.getByText("网络未连接，请检查网络后重试").waitFor();
  });
  expect(await ordersOf(member)).toBe(0);
  await page.getByRole("alert").getByRole("button", { name: "重试" }).click();
  await orderShown(page);
  expect(await ordersOf(member)).toBe(1);
});

claim(
  "a mall that answers with an error is told with the number for the support",
  async (stage) => {
    const { window, page } = await atCheckout(stage);
    window.allow(/^answer: 503 POST .*orders$/);
    const problem = { code: "unavailable", detail: "busy", request_id: "r-1", errors: [] };
    await page.route(PLACES, (route) => route.fulfill({ status: 503, json: problem }), {
      times: 1,
    });
    await place(page).click();
    await page.getByText("系统正忙，暂未得到结果").waitFor();
    await page.getByText("r-1").waitFor();
  },
);

claim("an answer that takes too long is told as late, not as refused", async (stage) => {
  const { member, window, page } = await atCheckout(stage);
  window.allow(/^request: /);
  await expect.poll(() => place(page).isEnabled()).toBe(true);
  await page.clock.install();
  await page.route(PLACES, () => undefined, { times: 1 });
  const asked = page.waitForRequest(PLACES);
  await place(page).click();
  await asked;
  await page.clock.fastForward(31_000);
  await page.getByText("还没收到结果").waitFor();
  await page.getByRole("alert").getByRole("button", { name: "重试" }).click();
  await orderShown(page);
  expect(await ordersOf(member)).toBe(1);
});
