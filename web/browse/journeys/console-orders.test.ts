import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import { Staff } from "../harness/staff";
import type { Person, World } from "../harness/world";

const WORDS = {
  approved: { "zh-CN": "已通过，待发货", en: "Approved: To be shipped" },
  inReview: { "zh-CN": "审核中", en: "In review" },
  meanwhile: { "zh-CN": "订单刚被他人处理", en: "somebody else was faster" },
  reason: { "zh-CN": "原因", en: "Reason" },
  refund: { "zh-CN": "退款", en: "Refund" },
  refunded: { "zh-CN": "已退 1 件", en: "1 refunded" },
  ship: { "zh-CN": "运单号", en: "Tracking number" },
  shipped: { "zh-CN": "已登记包裹，已发货", en: "Parcel recorded: Shipped" },
  taken: { "zh-CN": "已领取，可通过或驳回", en: "Taken: approve or reject it" },
};

/** A member with an address, and orders of one product, each of so many units. */
async function ordersOf(world: World, ...quantities: number[]) {
  const { sku } = await world.product();
  const member = await world.member({ points: 1_000 });
  const address_id = await world.address(member);
  const ids: string[] = [];
  for (const quantity of quantities) {
    const params = { header: { "Idempotency-Key": world.key() } };
    const body = { items: [{ sku, quantity }], address_id };
    ids.push((await answer(member.api.POST("/v1/orders", { params, body }))).id);
  }
  return { member, ids };
}

async function act(staff: Person, id: string, name: "approve" | "take"): Promise<void> {
  const params = { path: { id } };
  await answer(
    name === "take"
      ? staff.api.POST("/v1/admin/orders/{id}/take", { params })
      : staff.api.POST("/v1/admin/orders/{id}/approve", { params }),
  );
}

function inDays(days: number): string {
  return new Date(Date.now() + days * 24 * 3_600_000).toISOString();
}

async function statusOf(staff: Person, id: string): Promise<string> {
  return (await answer(staff.api.GET("/v1/admin/orders/{id}", { params: { path: { id } } })))
    .status;
}

matrix("ops review orders by keys alone, and the next one comes", async (stage) => {
  const { world, open, say } = stage;
  const ops = await world.staff("ops");
  const { member, ids } = await ordersOf(world, 1, 2);
  const [older, newer] = ids;
  const window = await open(`/console/orders?member_id=${member.id}`, { as: ops });
  const { page } = window;
  const isOpen = (id: string) => page.waitForURL((url) => url.searchParams.get("open") === id);
  await page.getByRole("button", { name: /×2/ }).waitFor();
  await window.axe();
  await page.keyboard.press("Enter");
  await isOpen(newer);
  await page.keyboard.press("t");
  await page.getByText(say(WORDS.taken)).waitFor();
  await window.axe();
  await page.keyboard.press("a");
  await page.getByText(say(WORDS.approved)).waitFor();
  await isOpen(older);
  expect(await statusOf(ops, newer)).toBe("approved");
  await page.keyboard.press("k");
  await isOpen(newer);
  await page.keyboard.press("s");
  await page.getByRole("dialog").getByLabel(say(WORDS.ship)).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("INPUT");
  await window.axe();
  await page.keyboard.type(`SF${world.key().slice(1, 11)}`);
  await page.keyboard.press("Enter");
  await page.getByText(say(WORDS.shipped)).waitFor();
  expect(await statusOf(ops, newer)).toBe("shipped");
});

claim(
  "a queue is worked without a mouse: one order rejected with a reason, one delivered",
  async ({ world, open }) => {
    const ops = await world.staff("ops");
    const { member, ids } = await ordersOf(world, 1, 2);
    const [sent, refused] = ids as [string, string];
    await act(ops, sent, "take");
    await act(ops, sent, "approve");
    await (await Staff.of(world)).send(sent, { carrier: "顺丰", tracking_number: "SF10020030" });
    const { page } = await open(`/console/orders?member_id=${member.id}`, { as: ops });
    const isOpen = (id: string) => page.waitForURL((url) => url.searchParams.get("open") === id);
    await page.getByRole("button", { name: /×2/ }).waitFor();
    await page.keyboard.press("Enter");
    await isOpen(refused);
    await page.keyboard.press("t");
    await page.getByText(WORDS.taken["zh-CN"]).waitFor();
    await page.keyboard.press("r");
    await page.getByRole("dialog").getByLabel(/^原因/).waitFor();
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA");
    await page.keyboard.type("地址不详");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.getByText("已驳回，积分与现金退回会员").waitFor();
    await isOpen(sent);
    await page.keyboard.press("d");
    await page
      .getByRole("dialog")
      .getByText(/确认快递已送到会员手中/)
      .waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("已确认送达").waitFor();
    expect([await statusOf(ops, refused), await statusOf(ops, sent)]).toEqual([
      "rejected",
      "delivered",
    ]);
  },
  "desktop",
);

claim(
  "a service that a member came for is used up once",
  async ({ world, open }) => {
    const { sku } = await world.product({ kind: "service" });
    const member = await world.member({ points: 1_000 });
    const params = { header: { "Idempotency-Key": world.key() } };
    const body = { items: [{ sku, quantity: 1 }], booking: { at: inDays(60) } };
    const { id } = await answer(member.api.POST("/v1/orders", { params, body }));
    const ops = await world.staff("ops");
    const { page } = await open(`/console/orders/${id}`, { as: ops });
    await page.getByRole("button", { name: "核销", exact: true }).click();
    await page.getByRole("dialog").getByRole("button", { name: "核销", exact: true }).dblclick();
    await page.getByText("已核销").waitFor();
    expect(await statusOf(ops, id)).toBe("completed");
  },
  "desktop",
);

claim(
  "an act that somebody else was faster with says what happened, and shows the order as it is",
  async ({ world, open, say }) => {
    const [one, other] = [await world.staff("ops"), await world.staff("ops")];
    const [id] = (await ordersOf(world, 1)).ids;
    const window = await open(`/console/orders?id=${id}&open=${id}`, { as: one });
    window.allow(/^answer: 409 POST .*\/take$/, /^console: .*409/);
    const { page } = window;
    const take = page.getByRole("button", { name: "领取审核" });
    await take.waitFor();
    await act(other, id, "take");
    await take.click();
    await page.getByRole("alert").getByText(say(WORDS.meanwhile)).waitFor();
    await page.getByRole("alert").getByTitle(other.id).waitFor();
    await page.getByRole("button", { name: "通过", exact: true }).waitFor();
    await window.axe();
  },
  "desktop",
);

matrix("a refund says beforehand what goes back, and gives it once", async (stage) => {
  const { world, open, say } = stage;
  const ops = await world.staff("ops");
  const { member, ids } = await ordersOf(world, 3);
  await act(ops, ids[0], "take");
  await act(ops, ids[0], "approve");
  const window = await open(`/console/orders/${ids[0]}`, { as: ops });
  const { page } = window;
  await page.getByRole("button", { name: say(WORDS.refund), exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("spinbutton").fill("1");
  await dialog.getByLabel(say(WORDS.reason)).fill("破损");
  await dialog.getByText(say({ "zh-CN": "100 积分", en: "100 points" }), { exact: true }).waitFor();
  await window.axe();
  await dialog.getByRole("button", { name: say(WORDS.refund), exact: true }).dblclick();
  await dialog.waitFor({ state: "hidden" });
  await page.getByText(say(WORDS.refunded)).waitFor();
  expect((await answer(member.api.GET("/v1/me/points"))).available).toBe(800);
  await window.axe();
});

claim("an agent reads an order and its money, and may change neither", async ({ world, open }) => {
  const [id] = (await ordersOf(world, 1)).ids;
  const window = await open(`/console/orders/${id}`, { as: await world.staff("agent") });
  const { page } = window;
  await page.getByRole("heading", { name: "订单动态" }).waitFor();
  expect(await page.getByRole("button", { name: "领取审核" }).count()).toBe(0);
  await window.axe();
  await window.walk();
});
