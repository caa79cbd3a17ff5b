/** Searching goods, narrowing them down, keeping favourites, and what is like a product. */
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";

const GOODS = 'a[href*="/pages/goods/product"]';
const WORDS = {
  search: { "zh-CN": "搜索", en: "Search" },
  what: { "zh-CN": "想找什么？", en: "What are you looking for?" },
  filters: { "zh-CN": "筛选", en: "Filters" },
  showAll: { "zh-CN": "查看全部商品", en: "Show all goods" },
  like: { "zh-CN": "收藏", en: "Keep" },
  unlike: { "zh-CN": "取消收藏", en: "Remove" },
  similar: { "zh-CN": "看看相似商品", en: "Similar goods" },
};

matrix(
  "a visitor finds a product by its words, and is told when nothing matches",
  async (stage) => {
    const { world, open, say } = stage;
    const mark = `q${world.key()}`.replace(/[^a-z0-9]/gi, "").toLowerCase();
    const brand = `brand-${mark}`.slice(0, 30);
    const title = { "zh-CN": `保温杯 ${mark}`, en: `Cup ${mark}` };
    const product = await world.product({ title, brand });
    await world.local.drain();
    const window = await open("/pages/goods/search");
    const { page } = window;
    const search = page.getByRole("button", { name: say(WORDS.search), exact: true });
    await search.click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel(say(WORDS.what)).fill(mark);
    await search.click();
    await page.locator(`a[href*="${product.id}"]`).waitFor();
    expect(await page.locator(GOODS).count()).toBe(1);
    await window.axe();
    await page.getByRole("button", { name: new RegExp(`^${say(WORDS.filters)}`) }).click();
    const sheet = page.getByRole("dialog");
    await sheet.getByRole("button", { name: new RegExp(`${brand}.* 1$`) }).click();
    await window.axe();
    await page.keyboard.press("Escape");
    await page.goto(`/pages/goods/index?q=${mark}nothing`);
    await page.getByRole("button", { name: say(WORDS.showAll) }).waitFor();
    await window.axe();
  },
);

claim("a member keeps a product, finds it among the favourites, and lets it go", async (stage) => {
  const { world, open, say } = stage;
  const product = await world.product();
  const window = await open(`/pages/goods/product?id=${product.id}`, {
    as: await world.member(),
  });
  const { page } = window;
  await page.getByRole("button", { name: say(WORDS.like), exact: true }).click();
  await page.getByRole("button", { name: say(WORDS.unlike), exact: true }).waitFor();
  await page.goto("/pages/me/favourites");
  await page.locator(GOODS).waitFor();
  await window.axe();
  await page.getByRole("button", { name: new RegExp(say(WORDS.unlike)) }).click();
  await expect.poll(() => page.locator(GOODS).count()).toBe(0);
});

claim("a product that is sold out shows others like it", async (stage) => {
  const { world, open, say } = stage;
  const category = await world.category(`C ${world.key()}`);
  const gone = await world.product({ category }, 0);
  const other = await world.product({ category });
  await world.local.drain();
  const window = await open(`/pages/goods/product?id=${gone.id}`);
  await window.page.getByRole("heading", { name: say(WORDS.similar) }).waitFor();
  await window.page.locator(`.similar a[href*="${other.id}"]`).waitFor();
  await window.axe();
});
