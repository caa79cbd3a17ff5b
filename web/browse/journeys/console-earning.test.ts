/** Earning rules: ops write one, try it out, publish it, and retire it; members read its words. */
import { answer } from "@jifen/shared/client";
import type { Locator } from "playwright-core";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import type { Window } from "../harness/pages";
import { sendEvent } from "../harness/partner";
import type { Person, World } from "../harness/world";

/** A process uses the rules that it read for half a minute. */
const KEPT_MS = 31_000;

const button = ({ page }: Window, name: string) => page.getByRole("button", { name, exact: true });
const group = (within: Locator, name: string) =>
  within.getByRole("group", { name, exact: true }).first();

/** The console's form of a new rule: 5 points for each order of a member of a tier. */
async function write(window: Window, name: string): Promise<Locator> {
  const { page } = window;
  await page.getByRole("link", { name: "新建规则" }).click();
  await page.getByLabel("中文名称").fill(name);
  await page.getByLabel("英文名称").fill("Five points for gold");
  await page.getByLabel("发放方式").selectOption("fixed");
  await page.getByLabel("数量", { exact: true }).fill("5");
  const when = page.getByRole("region", { name: "适用条件" });
  await when.getByRole("button", { name: "添加条件" }).click();
  return when;
}

async function pays(world: World, member: Person, category: string): Promise<void> {
  const order = world.key();
  await sendEvent(world.client(null), await world.local.partner(), {
    id: `${order}:paid`,
    type: "order.paid",
    occurred_at: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
    member: { member_id: member.id },
    data: {
      ...{ order_id: order, currency: "CNY", amount: 5_000 },
      items: [{ sku: "TEA", amount: 5_000, quantity: 1, category }],
    },
  });
}

async function availableOf(member: Person): Promise<number> {
  return (await answer(member.api.GET("/v1/me/points"))).available;
}

claim(
  "ops write a rule, are told where it is wrong, try it, publish and retire it",
  async ({ world, open }) => {
    const name = `茶饮加赠 ${world.key().slice(0, 6)}`;
    const tea = `茶饮 ${world.key().slice(0, 6)}`;
    const category = await world.category(tea);
    const member = await world.member();
    const window = await open("/console/earning-rules", { as: await world.staff("ops") });
    window.allow(/^answer: 400 POST .*earning-rules/);
    const { page } = window;
    const when = await write(window, name);
    await window.axe();

    // A list of two, and a test in it that names no number.
    await when.getByLabel("类型").selectOption("all");
    await when.getByRole("button", { name: "添加一项" }).click();
    const first = group(when, "适用条件 · 第 1 项");
    const second = group(when, "适用条件 · 第 2 项");
    await first.getByLabel("字段").selectOption("event.categories");
    await first.getByLabel("取值").selectOption({ label: tea });
    await second.getByLabel("字段").selectOption("event.amount");
    await second.getByLabel("关系").selectOption(">=");
    await second.getByLabel("取值").fill("三十");
    await button(window, "保存").click();
    await second.getByText("须为数字").waitFor();
    await page.getByText("适用条件 · 第 2 项: 须为数字").waitFor();
    expect(await first.locator("[aria-invalid]").count()).toBe(0);
    await window.axe();
    await second.getByLabel("取值").fill("30");
    await page.getByLabel("每人每天上限（选填）").fill("5");
    await button(window, "保存").click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await page.getByText(`条件：订单品类含${tea}，且订单金额至少 ¥30.00。`).waitFor();
    await page.getByText("草稿", { exact: true }).waitFor();
    await window.axe();

    // The dry run explains: an order of other goods meets no condition, one of tea earns.
    await page.getByLabel("会员手机号").fill(member.phone);
    await page.getByLabel("实付金额").fill("50");
    await button(window, "试算").click();
    const row = page.getByRole("row").filter({ hasText: "此规则" });
    await row.getByText("条件不满足").waitFor();
    await row.getByText("适用条件 · 第 1 项").waitFor();
    await page.getByLabel("品类").last().selectOption({ label: tea });
    await button(window, "试算").click();
    await row.getByRole("cell", { name: "5", exact: true }).waitFor();
    await window.axe();
    await window.walk();
    expect(await availableOf(member)).toBe(0);

    await button(window, "发布").click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(`条件：订单品类含${tea}`).waitFor();
    await window.axe();
    await dialog.getByRole("button", { name: "发布" }).dblclick();
    await page.getByText("生效中", { exact: true }).waitFor();

    // By then each process has read what is published.
    await new Promise((over) => setTimeout(over, KEPT_MS));
    const mall = await open("/pages/points/earn", { as: member });
    await mall.page.getByRole("heading", { name }).waitFor();
    await mall.page.getByText(`条件：订单品类含${tea}，且订单金额至少 ¥30.00。`).waitFor();
    await mall.axe();
    await pays(world, member, category);
    await world.local.drain();
    expect(await availableOf(member)).toBe(55);

    await button(window, "停用").click();
    await page.getByRole("dialog").getByRole("button", { name: "停用" }).click();
    await page.getByText("已停用", { exact: true }).waitFor();
    expect(await button(window, "修改").count()).toBe(0);
    await window.axe();
  },
  "desktop",
);

claim(
  "ops find a SKU of the mall by words, and a condition takes it",
  async ({ world, open }) => {
    const name = `白茶 ${world.key().slice(0, 6)}`;
    const { sku } = await world.product({ title: { "zh-CN": name, en: name } });
    const window = await open("/console/earning-rules", { as: await world.staff("ops") });
    const { page } = window;
    const when = await write(window, `按商品 ${world.key().slice(0, 6)}`);
    await when.getByLabel("字段").selectOption("event.skus");
    const search = when.getByRole("search");
    await search.getByRole("searchbox").fill("没有这样的商品");
    await page.keyboard.press("Enter");
    await search.getByText("没有符合的商品").waitFor();
    await search.getByRole("searchbox").fill(sku);
    await search.getByRole("button", { name: "搜索" }).click();
    await search.getByText(name).waitFor();
    await search.getByRole("button", { name: sku }).click();
    expect(await when.getByLabel("取值").inputValue()).toBe(sku);
    await window.axe();
    await button(window, "保存").click();
    await page.getByText(sku).first().waitFor();
  },
  "desktop",
);

claim(
  "a change of a draft that a colleague overtook is told, and what is there now is shown",
  async ({ world, open }) => {
    const ops = await world.staff("ops");
    const title = `双倍 ${world.key().slice(0, 6)}`;
    const { id, version } = await answer(
      ops.api.POST("/v1/admin/earning-rules", {
        params: { header: { "Idempotency-Key": world.key() } },
        body: {
          title: { "zh-CN": title, en: title },
          event: "order.paid",
          effect: { multiply: { percent: 200 } },
          valid: { from: "2099-12-01T00:00:00+08:00", weekdays: [2] },
        },
      }),
    );
    const window = await open(`/console/earning-rules/${id}`, { as: ops });
    window.allow(/^answer: 412 PATCH .*earning-rules/);
    const { page } = window;
    await button(window, "修改").click();
    expect(await page.getByLabel("开始时间（选填）").inputValue()).toBe("2099-12-01T00:00");
    await window.axe();
    const header = { "If-Match": String(version) };
    await answer(
      ops.api.PATCH("/v1/admin/earning-rules/{id}", {
        params: { path: { id }, header },
        body: { priority: 7 },
      }),
    );
    await page.getByLabel("优先级").fill("3");
    await button(window, "保存").click();
    await page.getByText("规则已被他人修改，请核对后重做。").waitFor();
    await button(window, "修改").click();
    await expect.poll(() => page.getByLabel("优先级").inputValue()).toBe("7");
    await page.getByLabel("优先级").fill("3");
    await button(window, "保存").click();
    await page.getByText("规则已保存").waitFor();
    const params = { path: { id } };
    const now = await answer(ops.api.GET("/v1/admin/earning-rules/{id}", { params }));
    expect([now.terms.priority, now.terms.valid?.from]).toEqual([3, "2099-11-30T16:00:00Z"]);
  },
  "desktop",
);

matrix("a list of rules without any says what to do", async ({ world, open, say }) => {
  const window = await open("/console/earning-rules?status=draft", {
    as: await world.staff("agent"),
  });
  const { page } = window;
  await page
    .getByRole("heading", { level: 1, name: say({ "zh-CN": "积分规则", en: "Earning rules" }) })
    .waitFor();
  expect(
    await page.getByRole("link", { name: say({ "zh-CN": "新建规则", en: "New rule" }) }).count(),
  ).toBe(0);
  await window.axe();
});
