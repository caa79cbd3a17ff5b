/** Tiers: a member sees what is missing, ops write the ladder and give a tier by hand. */
import { randomInt } from "node:crypto";

import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";

matrix("a member sees their tier, what is missing and what each level gives", async (stage) => {
  const { world, open, say } = stage;
  const member = await world.member();
  const window = await open("/pages/me/index", { as: member });
  const { page } = window;
  await page.getByRole("link", { name: say({ "zh-CN": "会员等级", en: "Member tier" }) }).click();
  await page.getByRole("progressbar").first().waitFor();
  await page.getByText(say({ "zh-CN": "升级为银卡会员", en: "more to spend to Silver" })).waitFor();
  const mine = page.getByText(say({ "zh-CN": "当前等级", en: "Your tier" }), { exact: true });
  expect(await mine.count()).toBe(1);
  await window.axe();
  await window.walk();
});

claim(
  "ops give a member a tier until a day, and the member finds it on their page",
  async ({ world, open }) => {
    const member = await world.member();
    const window = await open(`/console/members/${member.id}`, { as: await world.staff("ops") });
    const { page } = window;
    await page.getByRole("button", { name: "授予等级" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox").selectOption("gold");
    const day = new Date(Date.now() + 40 * 86_400_000).toISOString().slice(0, 10);
    await dialog.getByLabel("最后一天").fill(day);
    await dialog.getByLabel("最后一天").blur();
    await dialog.getByLabel("原因").fill("老客户关怀");
    await window.axe();
    await dialog.getByRole("button", { name: "授予等级" }).click();
    await page.getByText("人工授予").waitFor();
    const standing = await answer(member.api.GET("/v1/me/tier"));
    expect(standing.tier).toBe("gold");
    const own = await open("/pages/me/index", { as: member });
    await own.page.getByText("金卡会员").waitFor();
    await own.axe();
  },
  "desktop",
);

claim(
  "ops change what a level gives, members read it, and who comes too late is told",
  async ({ world, open }) => {
    const ops = await world.staff("ops");
    const given = String(randomInt(1_000, 1_000_000));
    const words = `生日赠 ${given} 积分`;
    const window = await open("/console/tiers", { as: ops });
    const late = await open("/console/tiers", { as: await world.staff("ops") });
    late.allow(/^answer: 412 PUT .*tiers$/);
    const give = async ({ page }: typeof window, points: string) => {
      await page.getByRole("button", { name: "修改等级体系" }).click();
      const dialog = page.getByRole("dialog");
      const level = dialog.getByRole("group", { name: "钻石会员" });
      await level.getByLabel("生日赠积分").fill(points);
      return dialog.getByRole("button", { name: "保存并生效" });
    };
    const [save, tooLate] = [await give(window, given), await give(late, "99")];
    await window.axe();
    await save.dblclick();
    await window.page.getByText(words).waitFor();
    await tooLate.click();
    await late.page.getByText("有同事刚修改过，已为您刷新").waitFor();
    await late.page.getByText(words).waitFor();
    const { data } = await answer(ops.api.GET("/v1/tiers"));
    expect(data.at(-1)?.key).toBe("diamond");
    await (await give(window, "0")).click();
    await window.page.getByText(words).waitFor({ state: "detached" });
    await window.axe();
  },
  "desktop",
);

claim(
  "ops open the ladder, and a change that is no ladder is refused in words",
  async ({ world, open }) => {
    const window = await open("/console/tiers", { as: await world.staff("ops") });
    window.allow(/^answer: 400 PUT .*\/v1\/admin\/tiers$/);
    const { page } = window;
    await page.getByRole("heading", { name: /钻石会员/ }).waitFor();
    await window.axe();
    await page.getByRole("button", { name: "修改等级体系" }).click();
    const dialog = page.getByRole("dialog");
    await dialog
      .getByRole("group", { name: "金卡会员" })
      .getByLabel(/消费金额/)
      .fill("1");
    await window.axe();
    await dialog.getByRole("button", { name: "保存并生效" }).click();
    await dialog.getByText("须高于下一级的门槛").waitFor();
    await page.keyboard.press("Escape");
  },
  "desktop",
);

claim(
  "ops see how many members a ladder would lift before they save it",
  async ({ world, open }) => {
    const window = await open("/console/tiers", { as: await world.staff("ops") });
    const { page } = window;
    await page.getByRole("button", { name: "修改等级体系" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "开始预估" }).click();
    const told = dialog.getByText(/立即升级 \d+ 人|还没有会员有等级累计/);
    await told.waitFor();
    await window.axe();
    await dialog.getByRole("group", { name: "钻石会员" }).getByLabel("生日赠积分").fill("77");
    await told.waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await page.getByText("生日赠 77 积分").waitFor({ state: "detached" });
  },
  "desktop",
);

const EARLY = {
  opens: { "zh-CN": /开售/, en: /On sale from/ },
  now: { "zh-CN": "钻石会员现可抢先兑换", en: "now for Diamond" },
  redeem: { "zh-CN": "立即兑换", en: "Redeem" },
  place: { "zh-CN": "确认兑换", en: "Redeem" },
};

matrix(
  "goods that a tier has first are shown to all, and redeemed by the tier alone",
  async (stage) => {
    const { world, open, say, language } = stage;
    const category = await world.category();
    const soon = new Date(Date.now() + 20 * 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");
    const product = await world.product({ category, on_sale_from: soon, kind: "virtual" });
    const [other, diamond] = [
      await world.member({ points: 500 }),
      await world.member({ points: 500 }),
    ];
    const { api } = await world.staff("ops");
    const params = { path: { id: diamond.id }, header: { "Idempotency-Key": world.key() } };
    const until = new Date(Date.now() + 40 * 86_400_000).toISOString().replace(/\.\d+Z$/, "Z");
    const body = { tier: "diamond", until, reason: "试" };
    await answer(api.POST("/v1/admin/members/{id}/tier", { params, body }));
    const list = await open(`/pages/goods/index?category=${category}`, { as: other });
    await list.page.getByText(EARLY.opens[language]).first().waitFor();
    await list.page.getByText(say(EARLY.now)).first().waitFor();
    await list.axe();
    await list.page.goto(`/pages/goods/product?id=${product.id}`);
    const waits = list.page.getByRole("button", { name: EARLY.opens[language] });
    await waits.waitFor();
    expect(await waits.isDisabled()).toBe(true);
    await list.axe();
    const first = await open(`/pages/goods/product?id=${product.id}`, { as: diamond });
    await first.page.getByText(say(EARLY.now)).waitFor();
    await first.page.getByRole("button", { name: say(EARLY.redeem), exact: true }).click();
    await first.page.getByRole("button", { name: say(EARLY.place), exact: true }).click();
    await first.page.waitForURL(/\/pages\/order\/(pay|detail)\?/);
  },
);
