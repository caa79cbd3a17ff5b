/** The cart: filled by a visitor, kept after the sign-in, explained, ordered in parts. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import { signIn } from "../harness/shopping";

const WORDS = {
  add: { "zh-CN": "加入购物车", en: "Add to cart" },
  see: { "zh-CN": "去购物车", en: "See cart" },
  signIn: { "zh-CN": "登录后结算", en: "Sign in to order" },
  left: { "zh-CN": "仅剩 1 件", en: "Only 1 left" },
  take: { "zh-CN": "改为 1 件", en: "Take 1" },
};

matrix("a member orders one kind of a cart, and the other stays", async ({ world, open, say }) => {
  const [cup, code] = [
    await world.product({ price: { points: 100 } }, 9),
    await world.product({ kind: "virtual", price: { points: 50 } }, 3),
  ];
  const member = await world.member({ points: 1000, address: true });
  const items = [
    { sku: cup.sku, quantity: 2 },
    { sku: code.sku, quantity: 1 },
  ];
  await answer(member.api.PUT("/v1/me/cart", { body: { items } }));
  const window = await open("/pages/cart/index", { as: member });
  const order = window.page.getByRole("button", {
    name: say({ "zh-CN": "结算（1）", en: "Order (1)" }),
  });
  await expect.poll(() => order.count()).toBe(2);
  await window.axe();
  await window.walk();
  await order.first().click();
  const note = window.page.getByLabel(say({ "zh-CN": "订单留言", en: "Note" }));
  await note.fill("请放门卫");
  const place = window.page.getByRole("button", {
    name: say({ "zh-CN": "确认兑换", en: "Redeem" }),
  });
  await place.click();
  await window.page.getByText("请放门卫").waitFor();
  const left = await answer(member.api.GET("/v1/me/cart"));
  expect(left.lines.map((line) => line.sku)).toEqual([code.sku]);
});

claim("a visitor's lines join the cart of whoever signs in", async ({ world, open, say }) => {
  const product = await world.product({ price: { points: 100 } }, 9);
  const member = await world.member({ points: 500 });
  const window = await open(`/pages/goods/product?id=${product.id}`);
  await window.page.getByRole("button", { name: say(WORDS.add) }).click();
  await window.page.getByRole("button", { name: say(WORDS.see) }).click();
  await window.page.getByRole("button", { name: say(WORDS.signIn) }).click();
  await signIn(window.page, say, member.phone, () => world.local.code(member.phone));
  await window.page.getByRole("button", { name: /结算（1）|Order \(1\)/ }).waitFor();
  const cart = await answer(member.api.GET("/v1/me/cart"));
  expect(cart.lines.map((line) => [line.sku, line.quantity])).toEqual([[product.sku, 1]]);
});

claim("a line with too few units left says so, and one tap takes them", async (made) => {
  const { world, open, say } = made;
  const product = await world.product({ price: { points: 10 } }, 3);
  const [member, other] = [
    await world.member({ points: 500 }),
    await world.member({ points: 500, address: true }),
  ];
  const items = [{ sku: product.sku, quantity: 3 }];
  await answer(member.api.PUT("/v1/me/cart", { body: { items } }));
  const params = { header: { "Idempotency-Key": world.key() } };
  const two = { items: [{ sku: product.sku, quantity: 2 }] };
  await answer(other.api.POST("/v1/orders", { params, body: two }));
  const window = await open("/pages/cart/index", { as: member });
  await window.page.getByText(say(WORDS.left)).waitFor();
  await window.page.getByRole("button", { name: say(WORDS.take) }).click();
  await window.page.getByRole("button", { name: /结算（1）|Order \(1\)/ }).waitFor();
});

claim(
  "an address out of reach is told before the order, with the places in reach",
  async (made) => {
    const { world, open } = made;
    const { api } = await world.staff("ops", "buyer");
    const body = {
      title: { "zh-CN": "同城", en: "Local" },
      charged_by: "weight" as const,
      regions: [{ provinces: ["江苏省" as const], fee: 600, first: 1000 }],
    };
    const params = { header: { "Idempotency-Key": world.key() } };
    const template = await answer(api.POST("/v1/admin/freight-templates", { params, body }));
    const product = await world.product(
      { price: { points: 10 }, freight_template: template.id },
      3,
    );
    const member = await world.member({ points: 500, address: true });
    const items = [{ sku: product.sku, quantity: 1 }];
    await answer(member.api.PUT("/v1/me/cart", { body: { items } }));
    const window = await open(`/pages/cart/checkout?lines=${product.sku}:1`, { as: member });
    await window.page.getByText(/江苏省/).waitFor();
  },
);

claim("a member takes a line out of the cart, and empties it", async ({ world, open }) => {
  const goods = [await world.product(), await world.product()];
  const member = await world.member({ points: 500 });
  const items = goods.map(({ sku }) => ({ sku, quantity: 1 }));
  await answer(member.api.PUT("/v1/me/cart", { body: { items } }));
  const window = await open("/pages/cart/index", { as: member });
  const { page } = window;
  const remove = page.getByRole("button", { name: "移除保温杯" });
  await remove.first().click();
  await expect.poll(() => remove.count()).toBe(1);
  await page.getByRole("button", { name: "清空购物车" }).click();
  await window.axe();
  await page.getByRole("dialog").getByRole("button", { name: "清空购物车" }).click();
  await page.getByText("购物车还是空的").waitFor();
  expect((await answer(member.api.GET("/v1/me/cart"))).count).toBe(0);
});
