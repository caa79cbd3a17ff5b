/** A product of several specs: what is not to be had together is marked, and cannot be redeemed. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import type { Stage } from "../harness/claims";
import type { Product } from "../harness/world";

async function tee({ world }: Stage): Promise<Product> {
  const code = world.key();
  const skus = [
    ["红", "S", 0],
    ["红", "M", 5],
    ["蓝", "S", 5],
    ["蓝", "M", 0],
  ].map(([colour, size, stock], at) => ({
    sku: `${code}-${at}`,
    specs: { 颜色: String(colour), 尺码: String(size) },
    stock: Number(stock),
  }));
  const details = {
    "zh-CN": "<h2>洗护</h2><p>冷水<strong>手洗</strong></p>",
    en: "<p>Wash cold</p>",
  };
  const words = { 颜色: "Colour", 尺码: "Size", 红: "Red", 蓝: "Blue" };
  const spec_words = Object.fromEntries(Object.entries(words).map(([raw, en]) => [raw, { en }]));
  const product = await world.product({ skus, details, spec_words });
  return { ...product, sku: skus[1].sku };
}

matrix("a member chooses a colour and a size of those that are to be had", async (stage) => {
  const product = await tee(stage);
  const as = await stage.world.member({ points: 500, address: true });
  const window = await stage.open(`/pages/goods/product?id=${product.id}`, { as });
  const { page } = window;
  const red = stage.say({ "zh-CN": "红", en: "Red" });
  const blue = stage.say({ "zh-CN": "蓝", en: "Blue" });
  const value = (name: string) => page.getByRole("button", { name, exact: true });
  const gone = (name: string) =>
    page.getByRole("button", {
      name: stage.say({ "zh-CN": `${name}（已兑完）`, en: `${name} (sold out)` }),
    });
  const redeem = stage.say({ "zh-CN": "立即兑换", en: "Redeem" });
  await value("M").waitFor();
  expect(await value("M").getAttribute("aria-pressed")).toBe("true");
  expect(await gone("S").getAttribute("aria-disabled")).toBe("true");
  await page.getByText(stage.say({ "zh-CN": "手洗", en: "Wash cold" })).waitFor();
  await window.axe();
  await window.walk();
  await gone(blue).click({ force: true });
  expect(await value(red).getAttribute("aria-pressed")).toBe("true");
  await value("M").click();
  const choose = stage.say({ "zh-CN": "请选择尺码", en: "Choose Size" });
  expect(await page.getByRole("button", { name: choose }).isDisabled()).toBe(true);
  await value(blue).click();
  await value("S").click();
  await page.getByRole("button", { name: redeem }).click();
  await page.waitForURL(/sku=[^&]*-2(&|$)/);
});

matrix("a page of orders tells the specs of its goods by one request", async (stage) => {
  const { world } = stage;
  const goods = [await tee(stage), await tee(stage)];
  const as = await world.member({ points: 500, address: true });
  const [address] = (await answer(as.api.GET("/v1/me/addresses"))).data;
  for (const { sku } of goods) {
    const params = { header: { "Idempotency-Key": world.key() } };
    const items = [{ sku, quantity: 1 }];
    await answer(as.api.POST("/v1/orders", { params, body: { items, address_id: address.id } }));
  }
  const { page } = await stage.open(null, { as });
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${world.mall}/pages/order/list`);
  const specs = page.getByText(stage.say({ "zh-CN": "红 · M", en: "Red · M" }), { exact: true });
  await expect.poll(() => specs.count()).toBe(2);
  const told = asked.filter((url) => url.includes("/v1/products/"));
  expect(told.map((url) => new URL(url).pathname)).toEqual(["/v1/products/looks"]);
});

claim("pictures are chosen by their thumbnails, and swiped", async (stage) => {
  const pictures = ["cup-red", "towel-3", "fryer-4"].map((name) => `/pictures/${name}.svg`);
  const product = await stage.world.product({ pictures });
  const window = await stage.open(`/pages/goods/product?id=${product.id}`);
  const { page } = window;
  await page.getByText("1 / 3").waitFor();
  await page.getByRole("button", { name: "第 2 张图片" }).click();
  await page.getByText("2 / 3").waitFor();
  await window.axe();
  const large = await page.locator("uni-swiper").boundingBox();
  if (large === null) throw new Error("there is no large picture");
  const touch = await page.context().newCDPSession(page);
  const [y, right] = [large.y + 80, large.x + large.width - 40];
  await touch.send("Input.dispatchTouchEvent", {
    type: "touchStart",
    touchPoints: [{ x: right, y }],
  });
  for (let step = 1; step <= 8; step += 1) {
    const touchPoints = [{ x: right - step * 25, y }];
    await touch.send("Input.dispatchTouchEvent", { type: "touchMove", touchPoints });
  }
  await touch.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await page.getByText("3 / 3").waitFor();
});

claim("a voucher tells how long and how it is used", async (stage) => {
  const use_rules = { "zh-CN": "到店出示券码", en: "Show the code" };
  const given = { kind: "virtual" as const, validity: { days: 30 }, use_rules };
  const product = await stage.world.product(given);
  const { page } = await stage.open(`/pages/goods/product?id=${product.id}`);
  await page.getByText("兑换后 30 天内有效（兑换当天不计）").waitFor();
  await page.getByText("到店出示券码").waitFor();
});
