/** Cart and checkout tell how near a campaign is, and lead to it. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { Campaigns } from "../harness/campaigns";
import { matrix } from "../harness/claims";
import { checkoutOf } from "../harness/shopping";

/** A process uses the campaigns that it read for half a minute. */
const KEPT_MS = 31_000;

const NEAR = {
  "zh-CN": "再加购 200 积分的商品，可多减 150 积分",
  en: "Add goods of 200 points more and get 150 points off",
};

matrix("cart and checkout tell how near a campaign is", async ({ world, open, say }) => {
  const product = await world.product({ price: { points: 800 } });
  const member = await world.member({ points: 5_000, address: true });
  const campaigns = await Campaigns.of(world);
  await campaigns.reduction(product, { at_least: 1_000, off: 150 });
  const items = [{ sku: product.sku, quantity: 1 }];
  await answer(member.api.PUT("/v1/me/cart", { body: { items } }));

  const window = await open("/pages/cart/index", { as: member });
  const { page } = window;
  const told = async () => {
    await page.reload({ waitUntil: "networkidle" });
    return page.getByText(say(NEAR)).count();
  };
  await expect.poll(told, { timeout: KEPT_MS, interval: 1_000 }).toBe(1);
  await window.axe();

  const checkout = await open(checkoutOf(product), { as: member });
  const near = async () => {
    await checkout.page.reload({ waitUntil: "networkidle" });
    return checkout.page.getByText(say(NEAR)).count();
  };
  await expect.poll(near, { timeout: KEPT_MS, interval: 1_000 }).toBe(1);
  await checkout.axe();
  await checkout.page
    .getByRole("link", { name: say({ "zh-CN": "周末满减", en: "Weekend reduction" }) })
    .click();
  await expect.poll(() => checkout.page.url()).toContain("/pages/campaigns/detail");
});
