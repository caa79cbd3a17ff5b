/** Goods go back: a member asks, sends and follows; the staff decides, receives and replaces. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import type { Window } from "../harness/pages";
import { Staff } from "../harness/staff";
import type { World } from "../harness/world";

const SAY = {
  ask: { "zh-CN": "申请售后", en: "Return or refund" },
  more: { "zh-CN": "补充说明（选填）", en: "More about it (optional)" },
  one: { "zh-CN": "加一", en: "One more" },
  send: { "zh-CN": "提交申请", en: "Send the request" },
  waiting: { "zh-CN": "待审核", en: "Waiting for a decision" },
};

async function delivered(world: World) {
  const member = await world.member({ points: 1_000, address: true });
  const staff = await Staff.of(world);
  return { member, staff, order: await staff.delivered(member, await world.product()) };
}

matrix("a member asks for a return once, and finds it in the order", async (stage) => {
  const { world, open, say } = stage;
  const { member, order } = await delivered(world);
  const window = await open(`/pages/order/detail?id=${order}`, { as: member });
  const { page } = window;
  await page.getByRole("link", { name: say(SAY.ask), exact: true }).click();
  await page.getByLabel(say(SAY.more)).fill("杯盖漏水");
  await window.axe();
  await page.getByRole("button", { name: say(SAY.send), exact: true }).dblclick();
  await page.waitForURL(/\/pages\/returns\/detail\?/);
  await page.getByText(say(SAY.waiting), { exact: true }).first().waitFor();
  await window.axe();
  await window.walk();
  const made = (await answer(member.api.GET("/v1/me/returns"))).data;
  expect(made.map(({ order_id, lines }) => [order_id, lines[0]?.quantity])).toEqual([[order, 2]]);
  await page.goto(`/pages/order/detail?id=${order}`);
  await page.getByText(say(SAY.waiting), { exact: true }).first().waitFor();
});

claim("a member sends goods back and sees points return once they came", async (stage) => {
  const { world, open } = stage;
  const { member, staff, order } = await delivered(world);
  const id = await staff.approveReturn(await world.askForReturn(member, order));
  const { page } = await open(`/pages/returns/detail?id=${id}`, { as: member });
  await page.getByText("售后部收").first().waitFor();
  await page.getByLabel("快递公司").fill("顺丰速运");
  await page.getByLabel("运单号").fill("sf 777 888");
  await page.getByRole("button", { name: "提交运单号", exact: true }).dblclick();
  await page.getByText("SF777888").waitFor();
  await staff.receive(id);
  await page.reload();
  await page.getByText("积分已退回账户").waitFor();
  await page.goto("/pages/returns/list");
  await page.getByText("已完成", { exact: true }).waitFor();
});

claim("a member withdraws a return", async ({ world, open }) => {
  const { member, order } = await delivered(world);
  const id = await world.askForReturn(member, order, "exchange");
  const { page } = await open(`/pages/returns/detail?id=${id}`, { as: member });
  await page.getByRole("button", { name: "撤销申请", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "撤销申请", exact: true }).click();
  await page.getByText("申请已撤销，在退换期限内可以重新申请").waitFor();
});

/** Press an act's button, fill its dialog, and confirm with a double tap. */
async function act({ page }: Window, name: string, fields: Record<string, string> = {}) {
  await page.getByRole("button", { name, exact: true }).click();
  const dialog = page.getByRole("dialog");
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label).fill(value);
  await dialog.getByRole("button", { name, exact: true }).dblclick();
  await dialog.waitFor({ state: "hidden" });
}

claim("the staff approves an exchange, receives the goods and ships new ones", async (stage) => {
  const { world, open } = stage;
  const { member, order } = await delivered(world);
  const id = await world.askForReturn(member, order, "exchange");
  const window = await open(`/console/returns/${id}`, { as: await world.staff("ops", "buyer") });
  await act(window, "通过", { 寄回地址和要求: "南京东路 1 号" });
  await act(window, "登记收货");
  await act(window, "寄出新品", { 运单号: "SF99887766" });
  await window.page.getByText("SF99887766").waitFor();
  await window.axe();
  const made = (await answer(member.api.GET("/v1/me/returns"))).data[0];
  expect([made?.status, made?.replacement?.tracking_number]).toEqual(["closed", "SF99887766"]);
});

claim("the staff declines a return from its queue", async ({ world, open }) => {
  const { member, order } = await delivered(world);
  const id = await world.askForReturn(member, order);
  const window = await open("/console/returns", { as: await world.staff("ops", "buyer") });
  // An id stands shortened in a table.
  await window.page.getByText(id.slice(0, 10)).first().waitFor();
  await window.page.goto(`/console/returns/${id}`);
  await act(window, "拒绝", { "原因（必填，会员会看到）": "商品已使用" });
  await window.page.getByText("商品已使用").waitFor();
  expect((await answer(member.api.GET("/v1/me/returns"))).data[0]?.status).toBe("rejected");
});
