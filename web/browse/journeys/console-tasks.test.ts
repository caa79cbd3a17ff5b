/** Tasks in the console: a draft is changed, and a change that comes too late is told. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim } from "../harness/claims";

claim(
  "ops change a task as it is now, and nobody's change is lost",
  async ({ world, open }) => {
    const ops = await world.staff("ops");
    const title = `问卷 ${world.key().slice(0, 6)}`;
    const body = {
      kind: "survey" as const,
      title: { "zh-CN": title, en: title },
      points: 10,
      link: "https://example.com/survey",
    };
    const header = { "Idempotency-Key": world.key() };
    const { id } = await answer(ops.api.POST("/v1/admin/tasks", { params: { header }, body }));
    const now = () => answer(ops.api.GET("/v1/admin/tasks/{id}", { params: { path: { id } } }));
    const window = await open("/console/tasks?status=draft", { as: ops });
    window.allow(/^answer: 412 PATCH .*tasks/);
    const { page } = window;
    const edit = page.getByRole("button", { name: `修改 ${title}` });
    const dialog = page.getByRole("dialog");
    const save = dialog.getByRole("button", { name: "保存" });
    await edit.click();
    expect(await dialog.getByLabel("问卷链接").inputValue()).toBe("https://example.com/survey");
    await window.axe();
    await dialog.getByLabel("积分", { exact: true }).fill("12");
    await save.dblclick();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("row").filter({ hasText: title }).getByText("12").waitFor();
    expect((await now()).points).toBe(12);

    await edit.click();
    await dialog.getByLabel("积分", { exact: true }).fill("15");
    const changed = { params: { path: { id }, header: { "If-Match": "2" } }, body: { points: 20 } };
    await answer(ops.api.PATCH("/v1/admin/tasks/{id}", changed));
    await save.click();
    await page.getByText("任务已被他人修改，列表已刷新").waitFor();
    await page.getByRole("row").filter({ hasText: title }).getByText("20").waitFor();
    expect((await now()).points).toBe(20);
    await window.axe();
  },
  "desktop",
);

claim(
  "ops write the bonuses of a streak as rows",
  async ({ world, open }) => {
    const ops = await world.staff("ops");
    const title = `签到 ${world.key().slice(0, 6)}`;
    const window = await open("/console/tasks?status=draft", { as: ops });
    const { page } = window;
    await page.getByRole("button", { name: "新建任务" }).click();
    const dialog = page.getByRole("dialog");
    const save = dialog.getByRole("button", { name: "保存" });
    await dialog.getByRole("combobox").first().selectOption("check_in");
    await dialog.getByLabel("中文名称").fill(title);
    await dialog.getByLabel("英文名称").fill("Check-in");
    await dialog.getByRole("button", { name: "添加奖励" }).click();
    expect(await save.isDisabled()).toBe(true);
    await dialog.getByLabel("连续天数").last().fill("30");
    await dialog.getByLabel("额外积分").last().fill("50");
    await window.axe();
    await dialog.getByRole("button", { name: "移除连续 7 天的奖励" }).click();
    await save.click();
    await dialog.waitFor({ state: "detached" });
    const row = page.getByRole("button", { name: `修改 ${title}` });
    await row.click();
    expect(await dialog.getByLabel("连续天数").inputValue()).toBe("30");
    const { data } = await answer(ops.api.GET("/v1/admin/tasks"));
    const made = data.find((each) => each.title["zh-CN"] === title);
    expect(made?.check_in?.bonuses).toEqual([{ days: 30, points: 50 }]);
  },
  "desktop",
);
