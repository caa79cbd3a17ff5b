/** What the staff keeps about a member: ids in other systems, notes, and the codes that go out. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";

claim(
  "ops link an id of the CRM, find the member by it, and unlink it; a taken one is refused",
  async ({ world, open }) => {
    const ops = await world.staff("ops");
    const [member, other] = [await world.member(), await world.member()];
    const id = `C-${world.key()}`;
    const window = await open(`/console/members/${member.id}`, { as: ops });
    const { page } = window;
    const ids = page.locator("section").filter({
      has: page.getByRole("heading", { name: "外部编号" }),
    });
    await ids.getByText("没有关联的编号").waitFor();
    await ids.getByLabel("系统（商家编号或 crm）").fill("crm");
    await ids.getByLabel("该系统中的会员编号").fill(id);
    await ids.getByRole("button", { name: "关联", exact: true }).click();
    await ids.getByText(id).waitFor();
    await window.axe();

    const second = await open(`/console/members/${other.id}`, { as: ops });
    second.allow(/^answer: 409 PUT .*external-ids$/);
    await second.page.getByLabel("系统（商家编号或 crm）").fill("crm");
    await second.page.getByLabel("该系统中的会员编号").fill(id);
    await second.page.getByRole("button", { name: "关联", exact: true }).click();
    await second.page.getByRole("alert").waitFor();
    await second.axe();
    await second.page.goto("/console/members");
    await second.page.getByLabel("手机号、邮箱、会员号或外部编号").fill(`crm:${id}`);
    await second.page.keyboard.press("Enter");
    await second.page.waitForURL(new RegExp(member.id));

    await ids.getByRole("button", { name: `解除 ${id}` }).click();
    await page.getByRole("button", { name: "解除", exact: true }).last().click();
    await ids.getByText("没有关联的编号").waitFor();
    const params = { path: { id: member.id } };
    const left = await answer(ops.api.GET("/v1/admin/members/{id}/external-ids", { params }));
    expect(left.data).toEqual([]);
  },
  "desktop",
);

claim(
  "a note about a member is kept once, with who wrote it, and only the staff sees it",
  async ({ world, open }) => {
    const member = await world.member();
    const window = await open(`/console/members/${member.id}`, { as: await world.staff("agent") });
    const { page } = window;
    await page.getByText("还没有备注").waitFor();
    const add = page.getByRole("button", { name: "添加备注" });
    expect(await add.isDisabled()).toBe(true);
    await page.getByPlaceholder("仅工作人员可见").fill("来电核实过收货地址");
    await add.dblclick();
    const note = page.getByRole("listitem").filter({ hasText: "来电核实过收货地址" });
    await note.waitFor();
    expect(await note.count()).toBe(1);
    await window.axe();
    await page.reload();
    await note.waitFor();
  },
  "desktop",
);

matrix("ops see how many codes went out, by hour, and nobody's number", async (stage) => {
  const { world, open, say } = stage;
  const member = await world.member();
  const ops = await world.staff("ops");
  const window = await open("/console/login-codes", { as: ops });
  const { page } = window;
  await page
    .getByRole("heading", { level: 1, name: say({ "zh-CN": "登录验证码", en: "Login codes" }) })
    .waitFor();
  await page.getByRole("rowheader").first().waitFor();
  expect(Number(await page.getByRole("cell").first().innerText())).toBeGreaterThan(0);
  expect(await page.getByText(member.phone).count()).toBe(0);
  await window.axe();
  await window.walk();
});
