/** Risk: many accounts on one device are reviewed by published rules, told so, and given back. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim } from "../harness/claims";
import { assessed, onOneDevice } from "../harness/suspects";

const MEMBERS = 9;

claim("ops publish rules, read why members are suspected, and decide on them", async (tools) => {
  const { world, open } = tools;
  const ops = await world.staff("ops");
  const rules = () => answer(ops.api.GET("/v1/admin/risk/rules"));
  const before = await rules();
  const window = await open("/console/risk-rules", { as: ops });
  const { page } = window;
  const button = (name: string) => page.getByRole("button", { name, exact: true });
  const dialog = page.getByRole("dialog");
  await button("填入建议分数").click();
  await window.axe();
  await button("发布").click();
  await dialog.getByRole("button", { name: "发布", exact: true }).click();
  await page.getByText("已发布，一分钟内生效").waitFor();
  expect((await rules()).levels).toEqual(before.suggested);

  const [family, farm] = [await onOneDevice(world, MEMBERS), await onOneDevice(world, MEMBERS)];
  await assessed(world);
  const [member] = family;
  const [other] = farm;
  if (!member || !other) throw new Error("nobody signed in");
  await world.give(member, 50);

  const mall = await open("/pages/points/index", { as: member });
  await mall.page.getByText("账户正在审核，暂时不能使用积分").waitFor();
  await mall.axe();

  await page.goto(new URL(`/console/risk/${member.id}`, page.url()).href);
  await page.getByText(`${MEMBERS - 1} 个其他会员在 30 天内使用过同一设备`).waitFor();
  await window.axe();
  await button("解除误判").click();
  await dialog.getByRole("textbox").fill("一家人共用一台平板");
  await dialog.getByRole("button", { name: "解除误判", exact: true }).click();
  await page.getByText("已解除，等待中的积分已可用").waitFor();
  const { available, pending, status } = await answer(member.api.GET("/v1/me/points"));
  expect({ available, pending, status }).toEqual({ available: 50, pending: 0, status: "active" });

  await page.goto(new URL("/console/risk", page.url()).href);
  await page.getByText("新积分待确认").or(page.getByText("审核中")).first().waitFor();
  await window.axe();
  await page.goto(new URL(`/console/risk/${other.id}`, page.url()).href);
  await button("确认违规").click();
  await dialog.getByRole("textbox").fill("同一人注册多个账号");
  await dialog.getByRole("button", { name: "确认违规", exact: true }).click();
  await page.getByText("已确认，账户已冻结").waitFor();

  const header = { "If-Match": String((await rules()).version) };
  const body = { rules: before.rules, levels: before.levels };
  await answer(ops.api.PUT("/v1/admin/risk/rules", { params: { header }, body }));
});
