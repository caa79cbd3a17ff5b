/** An order that nobody paid in its half hour. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim } from "../harness/claims";
import { CNY } from "../harness/money";
import { checkoutOf, orderShown, WORDS } from "../harness/shopping";

const MINUTES_31 = 31 * 60;

claim(
  "an order whose half hour ran out tells so, gives all back, and ops see who ended it",
  async ({ world, open }) => {
    const product = await world.product({ price: { points: 100, cash: CNY(990) } }, 1);
    const member = await world.member({ points: 500, address: true });
    await world.local.drain();
    const window = await open(checkoutOf(product), { as: member });
    // The access token ends with its 15 minutes, and is renewed.
    window.allow(/^answer: 401 /);
    const { page } = window;
    await page.getByRole("button", { name: WORDS.placeAndPay["zh-CN"] }).click();
    const id = await orderShown(page);
    await page.getByRole("button", { name: "支付 ¥9.90" }).waitFor();
    await world.local.advance(MINUTES_31);
    await world.local.run("sweep_payments");
    await world.local.drain();
    await page.getByRole("heading", { name: "付款超时，订单已取消" }).waitFor();
    await page.getByRole("button", { name: "支付 ¥9.90" }).waitFor({ state: "detached" });
    await window.axe();
    expect((await answer(member.api.GET("/v1/me/points"))).available).toBe(500);
    await page.goto("/pages/order/list?status=cancelled");
    await page.locator(`a[href*="${id}"]`).waitFor();
    const ops = await open(`/console/orders/${id}`, { as: await world.staff("ops") });
    await ops.page.getByText("付款已取消，没有收到现金。").waitFor();
    const ended = ops.page.getByRole("listitem").filter({ hasText: "已取消" });
    await ended.getByText("系统").waitFor();
    const again = await world.member({ points: 500, address: true });
    const shown = await open(`/pages/goods/product?id=${product.id}`, { as: again });
    await shown.page
      .getByText(/仅剩 1 件|剩 1 件/)
      .first()
      .waitFor();
  },
);
