import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import type { Window } from "../harness/pages";

const WORDS = {
  again: { "zh-CN": "重试", en: "Try again" },
  add: { "zh-CN": "创建商品", en: "Add product" },
  addPicture: { "zh-CN": "填写图片地址", en: "Give an address" },
  back: { "zh-CN": "返回商品", en: "Back to Products" },
  codes: { "zh-CN": "粘贴券码，每行一个", en: "Paste codes, one per line" },
  conflict: { "zh-CN": "内容已被他人修改", en: "Somebody else changed this" },
  data: { "zh-CN": "请填写图片的网址", en: "Give the picture's web address" },
  en: { "zh-CN": "英文名称", en: "Name in English" },
  export: { "zh-CN": "导出本页", en: "Export page" },
  go: { "zh-CN": "按所选继续", en: "Go on with this" },
  left: { "zh-CN": "减少件数", en: "Units that leave" },
  mine: { "zh-CN": "保留我的", en: "Keep mine" },
  new: { "zh-CN": "新建商品", en: "Add a product" },
  picture: { "zh-CN": "图片 1 的地址", en: "Address of picture 1" },
  points: { "zh-CN": "积分价", en: "Points" },
  preview: { "zh-CN": "会员所见", en: "What members see" },
  putOn: { "zh-CN": "上架", en: "Put on sale" },
  reason: { "zh-CN": "原因", en: "Reason" },
  restored: { "zh-CN": "已恢复上次未保存的修改", en: "Your unsaved changes are back" },
  save: { "zh-CN": "保存", en: "Save" },
  saved: { "zh-CN": "已保存", en: "Saved" },
  sku: { "zh-CN": "SKU 编码", en: "SKU code" },
  stay: { "zh-CN": "留在此页", en: "Stay here" },
  stock: { "zh-CN": "初始库存", en: "First stock" },
  take: { "zh-CN": "扣减", en: "Take away" },
  category: { "zh-CN": "分类", en: "Category" },
  two: { "zh-CN": "导入 2 个券码", en: "Import 2 codes" },
  zh: { "zh-CN": "中文名称", en: "Name in Chinese" },
};

const SCRIPT = "<script>alert(1)</script>";
const button = ({ page }: Window, name: string) => page.getByRole("button", { name, exact: true });

matrix("ops add a product, see it as members will, and put it on sale", async (stage) => {
  const { world, open, say } = stage;
  const sku = `S-${world.key()}`;
  const window = await open("/console/products", { as: await world.staff("ops") });
  const { page } = window;
  const field = (name: keyof typeof WORDS) => page.getByLabel(say(WORDS[name]), { exact: true });
  await button(window, say(WORDS.new)).click();
  await button(window, say(WORDS.add)).click();
  await expect.poll(() => page.locator("[aria-invalid=true]").count()).toBe(5);
  await window.axe();
  await field("zh").fill("保温杯");
  await field("en").fill(`Cup ${SCRIPT}`);
  await field("points").fill("800");
  await field("category").selectOption({ index: 1 });
  await button(window, say(WORDS.addPicture)).click();
  await field("picture").fill("data:image/png;base64,AAAA");
  await page.getByText(say(WORDS.data)).first().waitFor();
  await field("picture").fill("");
  await field("sku").fill(sku);
  await field("stock").fill("5");
  const preview = page.getByRole("region", { name: say(WORDS.preview) });
  await preview.getByRole("button", { name: "English" }).click();
  await preview.getByText(SCRIPT).waitFor();
  await preview.getByText("Only 5 left").waitFor();
  await button(window, say(WORDS.add)).click();
  await page.waitForURL(/products\/prd_/);
  await page
    .getByRole("button", { name: say(WORDS.putOn) })
    .first()
    .click();
  const dialog = page.getByRole("dialog");
  await window.axe();
  await dialog.getByRole("button", { name: say(WORDS.putOn), exact: true }).click();
  await dialog.waitFor({ state: "hidden" });
  const params = { path: { id: page.url().split("/").at(-1) ?? "" } };
  const shown = await answer(world.client(null).GET("/v1/products/{id}", { params }));
  expect([shown.price.points, shown.stock.available]).toEqual([800, 5]);
  await window.axe();
});

claim("two people change a product, and the second chooses field by field", async (stage) => {
  const { world, open, say } = stage;
  const { id } = await world.product({ price: { points: 300 } });
  const window = await open(`/console/products/${id}`, { as: await world.staff("ops") });
  window.allow(/^answer: 412 PATCH .*products/);
  const { page } = window;
  await page.getByLabel(say(WORDS.en), { exact: true }).fill("Mine");
  const { api } = await world.staff("ops");
  const params = { path: { id }, header: { "If-Match": "1" } };
  const body = { title: { en: "Theirs" }, price: { points: 200 } };
  await answer(api.PATCH("/v1/admin/products/{id}", { params, body }));
  await button(window, say(WORDS.save)).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(say(WORDS.conflict)).waitFor();
  await dialog.getByText("200").waitFor();
  await window.axe();
  await dialog.getByLabel(new RegExp(say(WORDS.mine))).check();
  await dialog.getByRole("button", { name: say(WORDS.go) }).click();
  await page.getByText(say(WORDS.saved), { exact: true }).waitFor();
  const now = await answer(api.GET("/v1/admin/products/{id}", { params: { path: { id } } }));
  expect([now.title.en, now.price.points, now.version]).toEqual(["Mine", 200, 3]);
});

claim("what was typed outlives a reload, and is asked about before it is left", async (stage) => {
  const { world, open, say } = stage;
  const { id } = await world.product();
  const window = await open(`/console/products/${id}`, { as: await world.staff("ops") });
  const { page } = window;
  const title = page.getByLabel(say(WORDS.en), { exact: true });
  await title.fill("Half a title");
  await page.reload();
  await page.getByText(say(WORDS.restored)).waitFor();
  await window.walk();
  await expect.poll(() => title.inputValue()).toBe("Half a title");
  await page.getByRole("link", { name: say(WORDS.back) }).click();
  await page.getByRole("button", { name: say(WORDS.stay) }).click();
  expect(await title.inputValue()).toBe("Half a title");
});

claim(
  "an import of codes goes on where the network broke, and imports none twice",
  async (stage) => {
    const { world, open, say } = stage;
    const { sku } = await world.product({ kind: "virtual" }, 3);
    const ops = await world.staff("ops");
    const window = await open(`/console/code-pools/${sku}`, { as: ops });
    const { page } = window;
    window.allow(/codes/, /ERR_FAILED/);
    await page.getByLabel(say(WORDS.codes)).fill("A\n券码\nB");
    expect(await page.getByRole("button", { name: say(WORDS.two), exact: true }).isDisabled()).toBe(
      true,
    );
    const codes = Array.from({ length: 1200 }, (_, at) => `${sku}-new-${at}`);
    await page.getByLabel(say(WORDS.codes)).fill([`${sku}-1`, ...codes, codes[0]].join("\n"));
    let sent = 0;
    await page.route("**/codes", async (route) => {
      sent += 1;
      if (sent !== 2) return route.continue();
      await route.fetch();
      return route.abort();
    });
    await page.getByRole("button", { name: /1,201/ }).click();
    await button(window, say(WORDS.again)).click();
    await page.getByText("100%").waitFor();
    await window.axe();
    const params = { path: { sku } };
    const pool = await answer(ops.api.GET("/v1/admin/code-pools/{sku}", { params }));
    expect(pool).toEqual({ sku, free: 1203, issued: 0 });
  },
);

claim(
  "a category is made, and what two people change at once is chosen field by field",
  async ({ world, open, say }) => {
    const window = await open("/console/categories", { as: await world.staff("ops") });
    window.allow(/^answer: 412 PATCH .*categories/);
    const { page } = window;
    const id = world.key();
    const dialog = page.getByRole("dialog");
    const field = (name: string) => dialog.getByLabel(name, { exact: true });
    await button(window, "新建分类").click();
    await field("标识").fill(id);
    await field("中文名称").fill(`茶具 ${id}`);
    await field("英文名称").fill("Tea");
    await window.axe();
    await dialog.getByRole("button", { name: "创建分类" }).dblclick();
    await page.getByText("分类已保存").waitFor();
    await button(window, `修改 茶具 ${id}`).click();
    await field("英文名称").fill("Teaware");
    const { api } = await world.staff("ops");
    const params = { path: { id }, header: { "If-Match": "1" } };
    const body = { title: { "zh-CN": `茶器 ${id}`, en: "Tea sets" } };
    await answer(api.PATCH("/v1/admin/categories/{id}", { params, body }));
    await dialog.getByRole("button", { name: "保存", exact: true }).click();
    await page.getByText(say(WORDS.conflict)).waitFor();
    await page.getByText(`茶器 ${id}`).waitFor();
    await window.axe();
    await page.getByLabel(new RegExp(say(WORDS.mine))).check();
    await button(window, say(WORDS.go)).click();
    await dialog.getByRole("button", { name: "保存", exact: true }).click();
    await page
      .getByRole("row")
      .filter({ hasText: `茶器 ${id}` })
      .getByText("Teaware")
      .waitFor();
  },
  "desktop",
);

claim("units are taken away by a reason, and never more than are there", async (stage) => {
  const { world, open, say } = stage;
  const { sku } = await world.product({}, 7);
  const window = await open(`/console/skus/${sku}`, { as: await world.staff("ops") });
  const { page } = window;
  await button(window, say(WORDS.take)).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(say(WORDS.reason)).fill("破损");
  await dialog.getByLabel(say(WORDS.left)).fill("8");
  await dialog.locator("[aria-invalid=true]").waitFor();
  await dialog.getByLabel(say(WORDS.left)).fill("2");
  await dialog.getByRole("button", { name: say(WORDS.take), exact: true }).dblclick();
  await dialog.waitFor({ state: "hidden" });
  await page.getByText("5", { exact: true }).waitFor();
});

matrix("an agent reads goods, and is offered no change", async ({ world, open, say }) => {
  const { id, sku } = await world.product({ kind: "virtual" }, 3);
  const agent = await world.staff("agent");
  const window = await open("/console/products", { as: agent });
  const { page } = window;
  await button(window, say(WORDS.export)).waitFor();
  await window.axe();
  await window.walk();
  expect(await button(window, say(WORDS.new)).count()).toBe(0);
  for (const path of [`products/${id}`, `skus/${sku}`, `code-pools/${sku}`]) {
    await page.goto(`/console/${path}`);
    await page.getByText(sku).first().waitFor();
    await window.axe();
    await window.walk();
    expect(await page.locator("main").getByRole("textbox").count()).toBe(0);
  }
});
