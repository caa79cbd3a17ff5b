/** Places: ops put a banner and a notice on the home page, members see them, and both are counted. */
import { randomUUID } from "node:crypto";

import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim } from "../harness/claims";
import { drawn } from "../harness/drawing";

/** Processes remember places for a minute. */
const KEPT_MS = 61_000;

claim(
  "ops publish a banner and a notice for members, who see them and follow one",
  async (tools) => {
    const { world, open } = tools;
    const stamp = randomUUID().slice(0, 6);
    const ops = await world.staff("ops");
    const window = await open("/console/places", { as: ops });
    const { page } = window;
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    const dialog = page.getByRole("dialog");
    const name = `会员日 ${stamp}`;

    await button("新建展位").click();
    await dialog.getByLabel("标题（中文）").fill(name);
    await dialog.getByLabel("标题（英文）").fill(`Member day ${stamp}`);
    await dialog.getByLabel("链接").fill("/pages/points/earn");
    await dialog.getByLabel("状态").selectOption("published");
    await dialog.getByLabel("展示给").selectOption("members");
    const save = dialog.getByRole("button", { name: "保存", exact: true });
    expect(await save.isDisabled()).toBe(true);
    const picture = { name: "day.png", mimeType: "image/png", buffer: await drawn(window, 900) };
    await dialog.locator("input[type=file]").first().setInputFiles(picture);
    await dialog.locator("img").first().waitFor();
    await window.axe();
    await save.click();
    await page.getByText("展位已保存").waitFor();
    await page.getByRole("cell", { name, exact: true }).waitFor();

    await button("新建展位").click();
    await dialog.getByLabel("类型").selectOption("announcement");
    await dialog.getByLabel("标题（中文）").fill(`发货安排 ${stamp}`);
    await dialog.getByLabel("标题（英文）").fill(`Shipping ${stamp}`);
    await dialog.getByLabel("正文（中文）").fill("春节期间停发");
    await dialog.getByLabel("状态").selectOption("published");
    await save.click();
    await page.getByText(`发货安排 ${stamp}`).waitFor();

    await button(`修改 发货安排 ${stamp}`).click();
    await dialog.getByLabel("正文（中文）").fill("春节期间停发，初七恢复");
    await save.click();
    await dialog.waitFor({ state: "detached" });

    const mall = await open("/pages/home/index", { as: await world.member() });
    const notice = mall.page.getByText(`发货安排 ${stamp}`);
    const seen = async () => {
      await mall.page.reload({ waitUntil: "networkidle" });
      return notice.count();
    };
    await expect.poll(seen, { timeout: KEPT_MS, interval: 2_000 }).toBe(1);
    const banner = mall.page.getByRole("img", { name });
    await banner.waitFor();
    await notice.click();
    await mall.page.getByText("春节期间停发，初七恢复").first().waitFor();
    await mall.axe();
    await banner.click();
    await mall.page.waitForURL("**/pages/points/earn");

    const { data } = await answer(ops.api.GET("/v1/admin/places", { params: { query: {} } }));
    const made = data.find((each) => each.title["zh-CN"] === name);
    expect(made?.readers.to).toBe("members");
    await page.reload();
    await button(`展示数据 ${name}`).click();
    await page.getByText(/^近 30 天展示 [1-9]\d* 次，点击 1 次/).waitFor();
    await window.axe();
  },
);
