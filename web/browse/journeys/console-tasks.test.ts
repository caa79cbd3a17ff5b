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
