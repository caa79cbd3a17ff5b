/** A coupon at the checkout: what it saves, why another one does not apply, and what the order tells. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { matrix } from "../harness/claims";
import { Coupons } from "../harness/coupons";
import { checkoutOf, orderShown, WORDS } from "../harness/shopping";

const SAYS = {
  choose: { "zh-CN": "选择优惠券", en: "Choose a coupon" },
  use: { "zh-CN": "使用", en: "Use" },
  best: { "zh-CN": "最省", en: "Saves most" },
  nothing: { "zh-CN": "此单没有可减免的金额", en: "There is nothing to take off here" },
};

matrix("a coupon is chosen at the checkout, and the order tells what it saved", async (stage) => {
  const { world, open, say } = stage;
  const product = await world.product({ price: { points: 500 } });
  const member = await world.member({ points: 1000, address: true });
  const coupons = new Coupons(world);
  const coupon = await coupons.claimed(member, { kind: "points_off", amount: 120 });
  await coupons.claimed(member, { kind: "amount_off", amount: 1000 });
  await world.local.drain();

  const window = await open(checkoutOf(product), { as: member });
  const { page } = window;
  await page.getByRole("button", { name: say(SAYS.choose) }).click();
  await page.getByText(say(SAYS.best), { exact: true }).waitFor();
  await page.getByText(say(SAYS.nothing)).waitFor();
  await window.axe();
  await page.getByRole("button", { name: say(SAYS.use), exact: true }).click();
  await page.getByText(/^−120/).waitFor();
  await page.getByText(/^380/).first().waitFor();
  await page.getByRole("button", { name: say(WORDS.place) }).click();
  const order = await orderShown(page);
  await page.getByText(/^−120/).waitFor();
  await window.axe();
  const shown = await answer(
    member.api.GET("/v1/orders/{id}", { params: { path: { id: order } } }),
  );
  expect([shown.points, shown.coupon?.saved.points]).toEqual([380, 120]);
  expect(shown.coupon?.id).toBe(coupon);
});
