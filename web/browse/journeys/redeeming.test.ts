/** Codes, booked services, and each reason for which a checkout cannot go on. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, type Stage } from "../harness/claims";
import type { Window } from "../harness/pages";
import { checkoutOf, orderShown, WORDS } from "../harness/shopping";
import { Staff } from "../harness/staff";
import type { Person, Product } from "../harness/world";

const button = (window: Window, name: string) => window.page.getByRole("button", { name });

/** The checkout of a product, opened by a member who has points and an address. */
async function checkout(
  { world, open }: Stage,
  product: Product,
  has: Parameters<Stage["world"]["member"]>[0] = { points: 500, address: true },
): Promise<{ member: Person; window: Window }> {
  const member = await world.member(has);
  await world.local.drain();
  const window = await open(checkoutOf(product), { as: member });
  return { member, window };
}

async function ordersOf(member: Person): Promise<number> {
  return (await answer(member.api.GET("/v1/me/orders"))).data.length;
}

claim("codes appear by themselves and can be copied", async (stage) => {
  const product = await stage.world.product({ kind: "virtual" });
  const { window } = await checkout(stage, product);
  await window.page
    .context()
    .grantPermissions(["clipboard-read", "clipboard-write"], { origin: stage.world.mall });
  await button(window, WORDS.place["zh-CN"]).click();
  const code = window.page.getByText(new RegExp(`^${product.sku}-\\d+$`));
  await code.waitFor();
  await button(window, "复制卡券码").click();
  await window.page.getByRole("status").filter({ hasText: "已复制" }).waitFor();
  const copied = await window.page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toBe(await code.innerText());
  await window.axe();
});

claim("a service is booked for a day and an hour, and the order tells them", async (stage) => {
  const product = await stage.world.product({ kind: "service" });
  const { window } = await checkout(stage, product);
  const place = button(window, WORDS.place["zh-CN"]);
  await window.page.getByText("请选择预约的日期和时间").waitFor();
  expect(await place.isDisabled()).toBe(true);
  const year = new Date().getFullYear() + 1;
  await window.page.getByLabel("日期").fill(`${year}-03-05`);
  await window.page.getByLabel(/^时间/).fill("14:30");
  await window.page.getByLabel("备注（选填）").fill("靠窗");
  await place.click();
  await orderShown(window.page);
  await window.page.getByText(`${year}/03/05 14:30`).first().waitFor();
  await window.page.getByText("靠窗").waitFor();
  await window.page.getByText("预约成功", { exact: true }).waitFor();
});

claim("a service cannot be booked for a time that is over", async (stage) => {
  const { member, window } = await checkout(stage, await stage.world.product({ kind: "service" }));
  await window.page.getByLabel("日期").fill("2020-01-01");
  await window.page.getByText("请选择晚于现在的时间").waitFor();
  await expect.poll(() => button(window, WORDS.place["zh-CN"]).isDisabled()).toBe(true);
  expect(await ordersOf(member)).toBe(0);
});

claim("a product that is sold out says so and cannot be redeemed", async ({ world, open }) => {
  const product = await world.product({}, 0);
  const window = await open(`/pages/goods/product?id=${product.id}`);
  const gone = button(window, "已兑完");
  await gone.waitFor();
  expect(await gone.isDisabled()).toBe(true);
});

claim("goods that were sold out meanwhile lead to other goods", async (stage) => {
  const product = await stage.world.product({}, 1);
  const { member, window } = await checkout(stage, product);
  await button(window, WORDS.place["zh-CN"]).waitFor();
  await buys(stage, product);
  window.allow(/^answer: 409 POST .*orders(\/quote)?$/);
  await button(window, WORDS.place["zh-CN"]).click();
  await window.page.getByRole("alert").getByRole("link", { name: "看看其他商品" }).click();
  await window.page.waitForURL(/\/pages\/goods\/index/);
  expect(await ordersOf(member)).toBe(0);
});

claim("a member at the limit of a product is led to the orders", async (stage) => {
  const product = await stage.world.product({ limits: { per_member: 1 } });
  const { member, window } = await checkout(stage, product);
  await button(window, WORDS.place["zh-CN"]).click();
  await orderShown(window.page);
  window.allow(/^answer: 409 POST .*orders\/quote\?coupons=true$/);
  await window.page.goto(checkoutOf(product));
  const told = window.page.getByRole("alert").filter({ hasText: "限购" }).first();
  await told.waitFor();
  expect(await button(window, WORDS.place["zh-CN"]).isDisabled()).toBe(true);
  await told.getByRole("link", { name: "查看我的订单" }).click();
  await window.page.waitForURL(/\/pages\/order\/list/);
  expect(await ordersOf(member)).toBe(1);
});

claim("missing points are counted and lead to ways to earn", async (stage) => {
  const product = await stage.world.product({ price: { points: 800 } });
  const { member, window } = await checkout(stage, product);
  const told = window.page.getByRole("alert").filter({ hasText: "还差 300 积分" });
  await told.waitFor();
  expect(await button(window, WORDS.place["zh-CN"]).isDisabled()).toBe(true);
  await told.getByRole("link", { name: "去赚积分" }).click();
  await window.page.waitForURL(/\/pages\/points\/earn/);
  expect(await ordersOf(member)).toBe(0);
});

claim("who has no address adds one and comes back to the checkout", async (stage) => {
  const { member, window } = await checkout(stage, await stage.world.product(), { points: 500 });
  const { page } = window;
  await page.getByText("还没有收货地址").waitFor();
  window.allow(/^answer: 4\d\d POST .*orders$/);
  await button(window, WORDS.place["zh-CN"]).click();
  const refused = page.getByRole("alert").filter({ hasText: "收货地址" });
  await refused.waitFor();
  await page.getByRole("link", { name: "填写收货地址" }).first().click();
  await page.getByRole("button", { name: "保存" }).click();
  await page.getByText("请填写收货人").waitFor();
  await page.getByText("请填写详细地址").waitFor();
  await page.getByLabel("收货人").fill("李雷");
  await page.getByLabel("手机号或固定电话").fill("13800138000");
  await page.getByLabel("省份").fill("上海市");
  await page.getByLabel("城市").fill("上海市");
  await page.getByLabel("详细地址").fill("南京东路 1 号");
  await page.getByRole("button", { name: "保存" }).click();
  await page.waitForURL(/\/pages\/order\/checkout/);
  await page.getByText("李雷").waitFor();
  await refused.waitFor({ state: "detached" });
  await button(window, WORDS.place["zh-CN"]).click();
  await orderShown(page);
  expect(await ordersOf(member)).toBe(1);
});

claim("a price that changed under the hand is shown before it is confirmed", async (stage) => {
  const product = await stage.world.product();
  const { member, window } = await checkout(stage, product);
  await window.page.getByText("100 积分", { exact: true }).first().waitFor();
  await (await Staff.of(stage.world)).change(product.id, { price: { points: 150 } });
  window.allow(/^answer: 409 POST .*orders$/);
  await button(window, WORDS.place["zh-CN"]).click();
  await window.page.getByRole("alert").filter({ hasText: "价格已变动" }).waitFor();
  expect(await ordersOf(member)).toBe(0);
  await button(window, "按最新价格重新确认").click();
  await window.page.getByText("150 积分", { exact: true }).first().waitFor();
  await window.page.getByText("价格已变动").waitFor({ state: "detached" });
  await button(window, WORDS.place["zh-CN"]).click();
  await orderShown(window.page);
  const [order] = (await answer(member.api.GET("/v1/me/orders"))).data;
  expect(order?.points).toBe(150);
});

/** Somebody else is faster. */
async function buys({ world }: Stage, product: Product): Promise<void> {
  const other = await world.member({ points: 500, address: true });
  await world.local.drain();
  const params = { header: { "Idempotency-Key": world.key() } };
  const body = { items: [{ sku: product.sku, quantity: 1 }] };
  await answer(other.api.POST("/v1/orders", { params, body }));
}
