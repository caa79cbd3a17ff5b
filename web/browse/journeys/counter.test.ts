/** Slots on a calendar, goods fetched at a store, vouchers, and the counter that uses them. */
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import { Counter } from "../harness/counter";
import { checkoutOf } from "../harness/shopping";
import { Staff } from "../harness/staff";

const DAY_H = 24;

matrix("a member books a slot on a calendar and shows its code", async ({ world, open, say }) => {
  const counter = await Counter.of(world);
  const product = await world.product({ kind: "service" });
  await counter.slot(product, DAY_H);
  await counter.slot(product, 3 * DAY_H, 5);
  const member = await world.member({ points: 5000 });
  await world.local.drain();
  const window = await open(checkoutOf(product), { as: member });
  const { page } = window;
  const place = page.getByRole("button", { name: say({ "zh-CN": "确认兑换", en: "Redeem" }) });
  await page
    .getByText(say({ "zh-CN": "请选择日期和时间", en: "Choose a day and a time" }))
    .waitFor();
  expect(await place.isDisabled()).toBe(true);
  await window.axe();
  await page
    .getByRole("button", { name: /^\d\d:00 / })
    .first()
    .click();
  await place.click();
  await page.waitForURL(/order\/detail/);
  await page.getByText(counter.title).waitFor();
  await window.axe();
  await page
    .getByRole("link", { name: say({ "zh-CN": "出示核销码", en: "Show my code" }) })
    .click();
  await page
    .getByRole("img", { name: say({ "zh-CN": "核销二维码", en: "QR code of the voucher" }) })
    .waitFor();
  await page.getByText(/^\d{4} \d{4} \d{4}$/).waitFor();
  await window.axe();
  await window.walk();
});

claim("a member moves a booking to another slot", async ({ world, open }) => {
  const counter = await Counter.of(world);
  const product = await world.product({ kind: "service" });
  const first = await counter.slot(product, DAY_H);
  await counter.slot(product, 3 * DAY_H);
  const member = await world.member({ points: 5000 });
  await world.local.drain();
  const order = await counter.book(member, product, first);
  const { page } = await open(`/pages/order/detail?id=${order}`, { as: member });
  await page.getByRole("button", { name: "改约", exact: true }).click();
  const day = page.locator("dialog .day:not([disabled])").last();
  await day.click();
  await page
    .getByRole("button", { name: /^\d\d:00 / })
    .first()
    .click();
  await page.getByRole("button", { name: "确认改约" }).click();
  await page.getByText("已改约").first().waitFor();
});

claim("goods are fetched at a store without an address", async ({ world, open }) => {
  const counter = await Counter.of(world);
  const product = await world.product();
  const member = await world.member({ points: 5000 });
  await world.local.drain();
  const { page } = await open(checkoutOf(product), { as: member });
  await page.getByRole("button", { name: "到店自提" }).click();
  await page.getByRole("button", { name: "更换" }).click();
  const mine = page.locator("dialog .option", { hasText: counter.title });
  await mine.getByRole("button", { name: "选这家" }).click();
  await page.getByRole("button", { name: "确认兑换" }).click();
  await page.waitForURL(/order\/detail/);
  const order = new URL(page.url()).searchParams.get("id") ?? "";
  await (await Staff.of(world)).approve(order);
  await page.reload();
  await page.getByText("待自提").first().waitFor();
  await page.getByText(counter.title).waitFor();
});

claim("goods of a cart are fetched at a store", async ({ world, open }) => {
  const counter = await Counter.of(world);
  const [cup, bag] = [await world.product(), await world.product()];
  const member = await world.member({ points: 5000 });
  await world.local.drain();
  const lines = `${cup.sku}:1,${bag.sku}:1`;
  const { page } = await open(`/pages/cart/checkout?lines=${lines}`, { as: member });
  await page.getByRole("button", { name: "到店自提" }).click();
  await page.getByRole("button", { name: "更换" }).click();
  const mine = page.locator("dialog .option", { hasText: counter.title });
  await mine.getByRole("button", { name: "选这家" }).click();
  await page.getByRole("button", { name: "确认兑换" }).click();
  await page.waitForURL(/order\/detail/);
  await page.getByText(counter.title).waitFor();
});

claim("a service of a cart is booked by its slots", async ({ world, open }) => {
  const counter = await Counter.of(world);
  const product = await world.product({ kind: "service" });
  await counter.slot(product, DAY_H);
  const member = await world.member({ points: 5000 });
  await world.local.drain();
  const lines = `${product.sku}:1`;
  const { page } = await open(`/pages/cart/checkout?lines=${lines}`, { as: member });
  await page.getByText("请选择日期和时间").waitFor();
  const place = page.getByRole("button", { name: "确认兑换" });
  expect(await place.isDisabled()).toBe(true);
  await page
    .getByRole("button", { name: /^\d\d:00 / })
    .first()
    .click();
  await place.click();
  await page.waitForURL(/order\/detail/);
  await page.getByText(counter.title).waitFor();
});

claim("the counter finds a voucher by its code and uses it once", async ({ world, open }) => {
  const counter = await Counter.of(world);
  const product = await world.product({ kind: "service" });
  const member = await world.member({ points: 5000 });
  await world.local.drain();
  const order = await counter.book(member, product, await counter.slot(product, DAY_H));
  const code = await counter.code(member, order);
  const window = await open("/console/counter", { as: await world.staff("ops") });
  const { page } = window;
  await page.getByLabel("本店").selectOption(counter.store);
  await page.getByLabel("核销码").fill(code.replace(/(.{4})(?=.)/g, "$1 "));
  await page.getByRole("button", { name: "查询" }).click();
  await page.getByText("待使用").waitFor();
  await window.axe();
  // It is booked for another day: the staff is asked first.
  await page.getByRole("button", { name: "核销", exact: true }).click();
  await page.getByRole("dialog").getByText("不是今天").waitFor();
  await page.getByRole("button", { name: "仍要核销" }).click();
  await page.getByText("已核销").first().waitFor();
  expect(await page.getByLabel("核销码").inputValue()).toBe("");
});

claim("ops make a store and slots of a service", async ({ world, open }) => {
  const product = await world.product({ kind: "service" });
  const as = await world.staff("ops");
  const stores = await open("/console/stores", { as });
  const { page } = stores;
  const title = `静安店 ${world.key().slice(0, 4)}`;
  await page.getByRole("button", { name: "新建门店" }).click();
  for (const [field, text] of [
    ["名称（中文）", title],
    ["名称（英文）", title],
    ["城市（中文）", "上海"],
    ["城市（英文）", "Shanghai"],
    ["地址（中文）", "静安区南京西路 1 号"],
    ["地址（英文）", "1 Nanjing Road West"],
  ] as const)
    await page.getByLabel(field).fill(text);
  await page.getByRole("button", { name: "保存" }).click();
  await page.getByText("门店已保存").waitFor();
  await page.getByText(title).first().waitFor();
  await page.goto(new URL("/console/slots", page.url()).href);
  await page.getByLabel("服务").selectOption(product.id);
  await page.getByRole("button", { name: "新建时段" }).click();
  await page.getByRole("button", { name: "生成" }).click();
  await page.getByText("时段已保存").waitFor();
  await stores.axe();
});
