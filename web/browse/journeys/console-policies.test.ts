/** Terms and privacy in the console: drafted, changed, published for a later day, and read. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim } from "../harness/claims";

claim(
  "ops draft a policy in both languages, change it, publish it once, and read what is published",
  async ({ world, open }) => {
    const version = `p-${world.key().slice(0, 8)}`;
    const ops = await world.staff("ops");
    const window = await open("/console/policies", { as: ops });
    const { page } = window;
    const dialog = page.getByRole("dialog");
    const save = dialog.getByRole("button", { name: "保存草稿" });
    await page.getByRole("button", { name: "新建版本" }).click();
    await dialog.getByText("隐私政策").click();
    await dialog.getByLabel("版本号").fill(version);
    await dialog.getByLabel("标题（中文）").fill("隐私政策");
    await dialog.getByLabel("标题（英文）").fill("Privacy policy");
    expect(await save.isDisabled()).toBe(true);
    await dialog.getByLabel("正文（中文）").fill("我们只收集必要的信息。");
    await dialog.getByLabel("正文（英文）").fill("We collect what is needed.");
    await window.axe();
    await save.dblclick();
    await dialog.waitFor({ state: "detached" });

    await page.getByRole("button", { name: `修改 ${version}` }).click();
    await dialog.getByLabel("正文（中文）").fill("我们只收集必要的信息，并加密保存。");
    await save.click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: `发布 ${version}` }).click();
    await dialog.getByLabel("生效时间（选填）").fill("2099-12-01T00:00");
    await window.axe();
    await dialog.getByRole("button", { name: "发布", exact: true }).dblclick();
    await dialog.waitFor({ state: "detached" });

    const row = page.getByRole("row").filter({ hasText: version });
    await row.getByText("2099/12/01 00:00").waitFor();
    expect(await page.getByRole("button", { name: `修改 ${version}` }).count()).toBe(0);
    await page.getByRole("button", { name: `查看 ${version}` }).click();
    await dialog.getByText("我们只收集必要的信息，并加密保存。").waitFor();
    await dialog.getByText("We collect what is needed.").waitFor();
    await window.axe();
    const { data } = await answer(ops.api.GET("/v1/admin/policies"));
    const made = data.filter(({ name }) => name === version);
    expect(made.map(({ status, effective_at }) => [status, effective_at])).toEqual([
      ["published", "2099-11-30T16:00:00Z"],
    ]);
  },
  "desktop",
);
