/** Goods of several specs, their rich description, brands and the tree of categories. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim } from "../harness/claims";
import type { Window } from "../harness/pages";

const button = ({ page }: Window, name: string) => page.getByRole("button", { name, exact: true });

claim(
  "ops make a matrix of colours and sizes, with a description that shows and never runs",
  async ({ world, open }) => {
    const window = await open("/console/products/new", { as: await world.staff("ops") });
    const { page } = window;
    const field = (name: string) => page.getByLabel(name, { exact: true });
    const code = `T-${world.key()}`;
    await field("中文名称").fill("T 恤");
    await field("英文名称").fill("T-shirt");
    await field("积分价").fill("900");
    await button(window, "添加规格").click();
    await field("规格名").fill("颜色");
    await page.getByPlaceholder("如：红色").first().fill("红");
    await page.getByPlaceholder("如：红色").first().press("Tab");
    await field("为 颜色 添加规格值").fill("蓝");
    await field("为 颜色 添加规格值").press("Enter");
    await field("颜色 的英文").fill("Colour");
    await field("红 的英文").fill("Red");
    await field("蓝 的英文").fill("Red");
    await button(window, "添加规格").click();
    await field("规格名").nth(1).fill("尺码");
    await page.getByPlaceholder("如：红色").nth(3).fill("S");
    await page.getByPlaceholder("如：红色").nth(3).press("Tab");
    await field("为 尺码 添加规格值").fill("M");
    await field("为 尺码 添加规格值").press("Enter");
    await field("编码前缀").fill(code);
    await button(window, "填充空编码").click();
    await field("初始库存").fill("4");
    await button(window, "全部填入").click();
    await field("蓝 · M 的初始库存").fill("0");
    await page.getByRole("textbox", { name: "中文详情" }).fill("冷水手洗");
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/html", "<p style='color:red' class='MsoNormal'>阴凉晾干</p>");
      const paste = new ClipboardEvent("paste", { clipboardData, cancelable: true });
      document.querySelector("[contenteditable]")?.dispatchEvent(paste);
    });
    await field("分类").selectOption({ index: 1 });
    await field("状态").selectOption("on_sale");
    await window.axe();
    const preview = page.getByRole("region", { name: "会员所见" });
    await preview.getByText("阴凉晾干").waitFor();
    expect(await preview.locator("[style*=color], .MsoNormal").count()).toBe(0);
    window.allow(/^answer: 400 POST .*products$/);
    await button(window, "创建商品").click();
    await page.getByText("与「红」的译名相同：Red").waitFor();
    await field("蓝 的英文").fill("Blue");
    await preview.getByRole("button", { name: "English" }).click();
    await preview.getByText("Blue", { exact: true }).waitFor();
    await button(window, "创建商品").click();
    await page.waitForURL(/products\/prd_/);
    const params = { path: { id: page.url().split("/").at(-1) ?? "" } };
    const made = await answer(world.client(null).GET("/v1/products/{id}", { params }));
    expect(made.specs).toEqual([
      { name: "颜色", values: ["红", "蓝"] },
      { name: "尺码", values: ["S", "M"] },
    ]);
    const { api } = await world.staff("ops");
    const kept = await answer(api.GET("/v1/admin/products/{id}", { params }));
    expect(Object.entries(kept.spec_words).map(([raw, { en }]) => [raw, en])).toEqual([
      ["颜色", "Colour"],
      ["红", "Red"],
      ["蓝", "Blue"],
    ]);
    const left = made.skus.map(({ sku, stock }) => [sku, stock.available]);
    expect(left).toEqual([1, 2, 3, 4].map((at) => [`${code}-${at}`, at === 4 ? 0 : 4]));
    expect(made.details).toMatch(/冷水手洗.*阴凉晾干/);
    expect(made.details).not.toMatch(/style|class/);
  },
  "desktop",
);

claim(
  "a brand is made, shown by its name on a product, and deleted",
  async ({ world, open }) => {
    const id = world.key();
    const product = await world.product({ brand: id });
    const window = await open("/console/brands", { as: await world.staff("ops") });
    const { page } = window;
    const dialog = page.getByRole("dialog");
    const field = (name: string) => dialog.getByLabel(name, { exact: true });
    await button(window, "新建品牌").click();
    await field("标识").fill(id);
    await field("中文名称").fill(`极致 ${id}`);
    await field("英文名称").fill("Acme");
    await window.axe();
    await dialog.getByRole("button", { name: "创建品牌" }).dblclick();
    await page.getByText("品牌已保存").waitFor();
    const mall = await open(`/pages/goods/product?id=${product.id}`);
    await mall.page.getByText(`极致 ${id}`).waitFor();
    await button(window, `删除 极致 ${id}`).click();
    await window.axe();
    await dialog.getByRole("button", { name: "删除", exact: true }).click();
    await page.getByText("品牌已删除").waitFor();
    await expect.poll(() => page.getByText(`极致 ${id}`).count()).toBe(0);
  },
  "desktop",
);

claim(
  "a category is made below another, and moved to the top",
  async ({ world, open }) => {
    const parent = await world.category();
    const id = world.key();
    const window = await open("/console/categories", { as: await world.staff("ops") });
    const { page } = window;
    const dialog = page.getByRole("dialog");
    const row = page.getByRole("row").filter({ hasText: id });
    await page
      .getByRole("row")
      .filter({ hasText: parent })
      .getByRole("button", { name: /新建分类$/ })
      .click();
    await dialog.getByLabel("标识", { exact: true }).fill(id);
    await dialog.getByLabel("中文名称", { exact: true }).fill(`茶杯 ${id}`);
    await dialog.getByLabel("英文名称", { exact: true }).fill("Teacups");
    expect(await dialog.getByLabel("上级分类").inputValue()).toBe(parent);
    await window.axe();
    await dialog.getByRole("button", { name: "创建分类" }).click();
    await row.waitFor();
    await button(window, `修改 茶杯 ${id}`).click();
    await dialog.getByLabel("上级分类").selectOption("");
    await dialog.getByRole("button", { name: "保存", exact: true }).click();
    await dialog.waitFor({ state: "hidden" });
    const { api } = await world.staff("ops");
    const query = { limit: 100 };
    const all = await answer(api.GET("/v1/admin/categories", { params: { query } }));
    expect(all.data.find((each) => each.id === id)?.parent ?? null).toBeNull();
  },
  "desktop",
);
