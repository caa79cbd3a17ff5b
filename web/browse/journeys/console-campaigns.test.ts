/** Campaigns: ops draft one, are told where it is wrong, try it, publish and end it; members see it. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { Campaigns } from "../harness/campaigns";
import { claim } from "../harness/claims";
import type { Window } from "../harness/pages";

/** A process uses the campaigns that it read for half a minute. */
const KEPT_MS = 31_000;

const button = ({ page }: Window, name: string) => page.getByRole("button", { name, exact: true });

claim(
  "ops draft a reduction, are told where it is wrong, try it on a cart, publish and end it",
  async ({ world, open }) => {
    const name = `周末满减 ${world.key().slice(0, 6)}`;
    const member = await world.member({ points: 5_000 });
    const product = await world.product({ price: { points: 1_200 } });
    const window = await open("/console/campaigns", { as: await world.staff("ops") });
    window.allow(/^answer: 400 POST .*campaigns/);
    const { page } = window;
    await page.getByRole("link", { name: "新建活动" }).click();
    await page.getByLabel("中文名称").fill(name);
    await page.getByLabel("英文名称").fill("Weekend reduction");
    await button(window, "添加一行").click();
    await page.getByLabel("满", { exact: true }).fill("1000");
    await page.getByLabel("减", { exact: true }).fill("100");
    // Others' carts keep their prices.
    await page.getByLabel(/^SKU/).first().fill(product.sku);
    await page.getByLabel("积分总额").fill("0");
    await window.axe();
    await button(window, "保存").click();
    await page.getByText("不得为 0").first().waitFor();
    await page.getByLabel("积分总额").fill("50000");
    await button(window, "保存").click();
    await page.getByRole("heading", { level: 1, name }).waitFor();

    await page.getByLabel("会员编号").fill(member.id);
    await page.getByLabel("SKU", { exact: true }).fill(product.sku);
    await button(window, "试算").click();
    await page.getByRole("row").filter({ hasText: name }).getByText("已享受").waitFor();
    await window.axe();

    await button(window, "发布").click();
    await page.getByRole("dialog").getByRole("button", { name: "发布", exact: true }).click();
    await page.getByText("进行中", { exact: true }).waitFor();
    const listed = async () =>
      (await answer(member.api.GET("/v1/campaigns"))).data.map((each) => each.title);
    await expect.poll(listed, { timeout: KEPT_MS, interval: 1_000 }).toContain(name);

    const mall = await open("/pages/campaigns/index", { as: member });
    const seen = async () => {
      await mall.page.reload({ waitUntil: "networkidle" });
      return mall.page.getByText(name).count();
    };
    await expect.poll(seen, { timeout: KEPT_MS, interval: 1_000 }).toBe(1);
    await mall.axe();
    await button(window, "结束").click();
    await page.getByRole("dialog").getByRole("button", { name: "结束", exact: true }).click();
    await page.getByText("已结束", { exact: true }).waitFor();
  },
  "desktop",
);

claim(
  "a campaign without a limit waits for a second person, is changed, and its results are a file",
  async ({ world, open }) => {
    const name = `全场满减 ${world.key().slice(0, 6)}`;
    const product = await world.product({ price: { points: 1_200 } });
    const draft = await (await Campaigns.of(world)).unlimited(product, name);
    const path = `/console/campaigns/${draft.id}`;
    const first = await open(path, { as: await world.staff("ops") });
    const second = await open(path, { as: await world.staff("ops") });
    const act = async (window: Window, words: string) => {
      await window.page.reload();
      await button(window, words).click();
      const dialog = window.page.getByRole("dialog");
      await dialog.getByRole("button", { name: words, exact: true }).click();
      await dialog.waitFor({ state: "detached" });
    };
    await act(first, "发布");
    await first.page.getByText("待审批", { exact: true }).waitFor();
    await first.axe();
    await act(second, "驳回");
    await second.page.getByText("草稿", { exact: true }).waitFor();
    await act(first, "发布");
    await act(second, "审批通过");
    await second.page.getByText("进行中", { exact: true }).waitFor();
    await second.axe();

    const member = await world.member({ points: 9_000, address: true });
    const body = { items: [{ sku: product.sku, quantity: 1 }] };
    const reduced = async () => {
      const params = { header: { "Idempotency-Key": world.key() } };
      const order = await answer(member.api.POST("/v1/orders", { params, body }));
      return order.discounts.length;
    };
    await expect.poll(reduced, { timeout: KEPT_MS, interval: 5_000 }).toBe(1);
    await world.local.drain();
    const { page } = first;
    await page.reload();
    const download = page.waitForEvent("download");
    await button(first, "下载 CSV").click();
    expect((await download).suggestedFilename()).toBe(`${draft.id}.csv`);

    await button(first, "修改").click();
    await page.getByLabel("英文名称").fill("Everything reduced");
    await button(first, "保存").click();
    await page.getByText("有修改尚未发布").waitFor();
    await first.axe();
    await act(first, "结束");
  },
  "desktop",
);

claim(
  "ops give a member tags, which name audiences",
  async ({ world, open }) => {
    const member = await world.member();
    const window = await open(`/console/members/${member.id}`, { as: await world.staff("ops") });
    const { page } = window;
    const tags = page.getByRole("textbox", { name: "标签" });
    await tags.fill("老客, 新品");
    const form = page.locator("form").filter({ has: tags });
    await form.getByRole("button", { name: "保存" }).click();
    await page.getByText("标签已保存").waitFor();
    await page.reload();
    await expect.poll(() => tags.inputValue()).toMatch(/新品/);
    await window.axe();
  },
  "desktop",
);
