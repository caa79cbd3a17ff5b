/** Payments that come too late, or never. The clock stays: an order ends by its member's cancel as by its time. */
import { answer } from "@jifen/shared/client";
import type { Page } from "playwright-core";
import { expect } from "vitest";

import { claim, type Stage } from "../harness/claims";
import { checkoutOf, orderShown, payThere, WORDS } from "../harness/shopping";

const CASH = { amount: 990, currency: "CNY" };
const pay = (page: Page) => page.getByRole("button", { name: "支付 ¥9.90" });

/** A placed order on its page for paying. */
async function unpaid({ world, open }: Stage) {
  const product = await world.product({ price: { points: 100, cash: CASH } });
  const member = await world.member({ points: 500, address: true });
  await world.local.drain();
  const window = await open(checkoutOf(product), { as: member });
  await window.page.getByRole("button", { name: WORDS.placeAndPay["zh-CN"] }).click();
  const id = await orderShown(window.page);
  await pay(window.page).waitFor();
  const act = () => ({ path: { id }, header: { "Idempotency-Key": world.key() } });
  const end = () => answer(member.api.POST("/v1/orders/{id}/cancel", { params: act() }));
  const balance = async () => (await answer(member.api.GET("/v1/me/points"))).available;
  return { id, member, window, page: window.page, end, balance };
}

claim(
  "an unpaid order tells how long it waits, and its list leads back to paying",
  async (stage) => {
    const { page, id } = await unpaid(stage);
    await page.getByText(/请在 (29|30):\d\d 内完成付款/).waitFor();
    await page.goto("/pages/order/list?status=awaiting_payment");
    await page.locator(`a[href*="${id}"]`).click();
    await page.getByRole("link", { name: "去付款" }).click();
    await pay(page).waitFor();
  },
);

claim("an order that ends while its page waits tells so by itself", async (stage) => {
  const { page, end, balance } = await unpaid(stage);
  await end();
  await page.getByRole("heading", { name: "订单已取消" }).waitFor();
  await pay(page).waitFor({ state: "detached" });
  expect(await balance()).toBe(500);
});

claim("a member cancels an order that is not paid, and the points are back", async (stage) => {
  const { page, id, balance } = await unpaid(stage);
  await page.goto(`/pages/order/detail?id=${id}`);
  await page.getByRole("button", { name: "取消订单" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "取消订单" }).click();
  await page.getByText("订单已取消，积分已退回").waitFor();
  expect(await balance()).toBe(500);
});

claim("money that comes too late goes back, and the page says so", async (stage) => {
  const { world } = stage;
  const { page, id, end, balance } = await unpaid(stage);
  await pay(page).click();
  await page.waitForURL(/\/_local\/pay\//);
  // The provider has the money, and the order ends before the mall has heard of it.
  await world.local.pay(id);
  await end();
  await world.local.drain();
  await page.goto(`/pages/order/pay?id=${id}`);
  await page.getByRole("heading", { name: "款项已退回" }).waitFor();
  expect(await balance()).toBe(500);
});

claim(
  "the money of a paid order that is cancelled goes back, and the order says so",
  async (stage) => {
    const { world } = stage;
    const { page, id, end } = await unpaid(stage);
    await pay(page).click();
    await payThere(page);
    await world.local.drain();
    await page.getByRole("heading", { name: "付款成功" }).waitFor();
    await end();
    await world.local.drain();
    await page.goto(`/pages/order/detail?id=${id}`);
    await page.getByText("100 积分 + ¥9.90").last().waitFor();
    await page.getByText("已退款", { exact: true }).first().waitFor();
  },
);
