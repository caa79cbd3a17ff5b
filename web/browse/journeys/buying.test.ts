/** From a first visit to a refund: what most members see of the mall. */
import { answer } from "@jifen/shared/client";
import { money } from "@jifen/shared/money";
import { points } from "@jifen/shared/points";
import type { Page } from "playwright-core";
import { expect } from "vitest";

import { matrix, type Stage } from "../harness/claims";
import { orderShown, payThere, signIn, WORDS } from "../harness/shopping";
import { Staff } from "../harness/staff";
import type { Person, Product } from "../harness/world";

const CASH = { amount: 10_000, currency: "CNY" };
const PARCEL = { carrier: "顺丰", tracking_number: "SF1029384756" };
const NO_FUNDS = "pm_card_visa_chargeDeclinedInsufficientFunds";
const SLOW_REFUND = "pm_card_pendingRefund";

matrix(
  "a member registers, buys with points and cash, gets a parcel and a refund",
  async (stage) => {
    const { world, open } = stage;
    const named = `C ${world.key()}`;
    const category = await world.category(named);
    const price = { points: 1000, cash_equivalent: CASH, min_points: 200 };
    const product = await world.product({ category, price });
    await world.product({ category, kind: "virtual" });

    const { page } = await open("/");
    const member = await registers(stage, page);
    await world.give(member, 800);
    await world.address(member);
    await world.local.drain();
    await finds(stage, page, named, product);
    await slides(stage, page, member, product, 640);
    await page.getByRole("button", { name: stage.say(WORDS.placeAndPay) }).click();
    await paysAtTheSecondTry(stage, page);
    const order = await orderShown(page);
    await seesTheParcel(stage, page, order);
    await seesTheRefund(stage, page, order);
    expect((await answer(member.api.GET("/v1/me/orders"))).data).toHaveLength(1);
  },
);

async function registers({ world, say }: Stage, page: Page): Promise<Person> {
  const phone = world.phone();
  await page
    .getByRole("link", { name: say({ "zh-CN": "登录 / 注册", en: "Sign in or register" }) })
    .click();
  await signIn(page, say, phone, () => world.local.code(phone));
  await page
    .getByText(say({ "zh-CN": "可用积分", en: "Points to spend" }), { exact: true })
    .waitFor();
  return world.registered(phone);
}

/** By category and kind, to the checkout. */
async function finds({ say }: Stage, page: Page, category: string, product: Product) {
  await page.reload();
  await page.getByRole("link", { name: category }).click();
  const chosen = page.getByRole("button", { name: category, pressed: true });
  await chosen.waitFor();
  const shown = page.locator(`a[href*="${product.id}"]`);
  await page.goto(`${page.url()}&kind=virtual`);
  await page.locator('a[href*="/pages/goods/product"]').first().waitFor();
  expect(await shown.count()).toBe(0);
  await page.goBack();
  await shown.click();
  await page.getByRole("button", { name: say(WORDS.redeem) }).click();
}

/** The sum under the slider, and the sum of the order, are the API's. */
async function slides({ say }: Stage, page: Page, member: Person, product: Product, paid: number) {
  const slider = page.getByRole("slider");
  await slider.waitFor();
  await slider.fill(String(paid));
  const body = { items: [{ sku: product.sku, quantity: 1 }], points: paid };
  const quote = await answer(member.api.POST("/v1/orders/quote", { body }));
  expect(quote.points).toBe(paid);
  const sum = say({ "zh-CN": `${points(paid)} 积分`, en: `${points(paid)} points` });
  await page
    .getByText(`${sum} + ${money(quote.cash)}`)
    .first()
    .waitFor();
  await page.getByText(money(quote.cash), { exact: true }).waitFor();
}

async function paysAtTheSecondTry({ world, say }: Stage, page: Page) {
  const pay = page.getByRole("button", { name: say({ "zh-CN": "支付 ¥36.00", en: "Pay ¥36.00" }) });
  await page.getByRole("button", { name: say({ "zh-CN": "我已付款", en: "I have paid" }) }).click();
  await page
    .getByRole("status")
    .filter({ hasText: say({ "zh-CN": "还没有收到付款", en: "has not arrived yet" }) })
    .waitFor();
  await pay.click();
  await payThere(page, NO_FUNDS);
  await world.local.drain();
  await page
    .getByText(
      say({ "zh-CN": "余额不足，请换一种方式付款", en: "Not enough funds. Pay another way" }),
    )
    .waitFor();
  await pay.click();
  await payThere(page, SLOW_REFUND);
  await world.local.drain();
  await page.getByRole("heading", { name: say({ "zh-CN": "付款成功", en: "Paid" }) }).waitFor();
  await page.getByRole("link", { name: say({ "zh-CN": "查看订单", en: "See the order" }) }).click();
}

async function seesTheParcel({ world, say }: Stage, page: Page, order: string) {
  await page.getByText(say({ "zh-CN": "已付款", en: "Paid" }), { exact: true }).waitFor();
  await (await Staff.of(world)).ship(order, PARCEL);
  await page.reload();
  await page.getByText(PARCEL.tracking_number).waitFor();
  await page.getByText(PARCEL.carrier).waitFor();
  const received = say({ "zh-CN": "确认收货", en: "Confirm receipt" });
  await page.getByRole("button", { name: received }).click();
  await page.getByRole("dialog").getByRole("button", { name: received }).click();
  await page.getByText(say({ "zh-CN": "兑换已完成", en: "All done" })).waitFor();
}

/** Points are back at once; the page says when the money is. */
async function seesTheRefund({ world, say }: Stage, page: Page, order: string) {
  await (await Staff.of(world)).refund(order, "破损");
  await world.local.drain();
  await page.reload();
  await page.getByText(say({ "zh-CN": "已退款：破损", en: "Refunded: 破损" })).waitFor();
  await page
    .getByText(say({ "zh-CN": "640 积分 + ¥36.00", en: "640 points + ¥36.00" }))
    .last()
    .waitFor();
  await page
    .getByText(say({ "zh-CN": "最晚", en: "With you by" }))
    .filter({ hasText: /\d{4}/ })
    .waitFor();
}
