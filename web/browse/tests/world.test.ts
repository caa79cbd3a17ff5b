/** What a claim prepares is there, through the API alone. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim } from "../harness/claims";

claim("a member has the points and the address that the claim gives", async ({ world }) => {
  const member = await world.member({ points: 500, address: true });
  await world.local.drain();
  expect((await answer(member.api.GET("/v1/me/points"))).available).toBe(500);
  expect((await answer(member.api.GET("/v1/me/addresses"))).data).toHaveLength(1);
});

claim("a member pays for a product with points and cash, and gets a code", async ({ world }) => {
  const member = await world.member({ points: 500 });
  const cash = { amount: 1000, currency: "CNY" };
  const { sku } = await world.product({ kind: "virtual", price: { points: 200, cash } }, 3);
  await world.local.drain();
  const params = { header: { "Idempotency-Key": world.key() } };
  const body = { items: [{ sku, quantity: 1 }] };
  const order = await answer(member.api.POST("/v1/orders", { params, body }));
  const path = { id: order.id };
  const again = { path, header: { "Idempotency-Key": world.key() } };
  await answer(member.api.POST("/v1/orders/{id}/payment", { params: again, body: {} }));
  await world.local.pay(order.id);
  await world.local.drain();
  const paid = await answer(member.api.GET("/v1/orders/{id}", { params: { path } }));
  expect(paid.lines.flatMap((line) => line.codes)).toHaveLength(1);
});

claim("the API's own page has no fault", async ({ open }) => {
  const window = await open(null);
  // The viewer asks whether it may eval, and does without.
  window.allow(/^csp: script-src refuses kEvalViolation/);
  await window.page.goto("/docs");
  await window.page.getByRole("heading", { name: "Jifen" }).first().waitFor();
});

claim(
  "somebody signs in on a device, and its windows share the session",
  async ({ world, open, beside }) => {
    const member = await world.member();
    const window = await open("/v1/health", { as: member });
    const second = await beside(window, "/v1/health");
    expect(second.page.context()).toBe(window.page.context());
  },
);
