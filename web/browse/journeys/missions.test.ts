/** Missions, leaderboards and triggers: made by ops, and followed by members. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { Campaigns } from "../harness/campaigns";
import { claim, matrix } from "../harness/claims";
import { Coupons } from "../harness/coupons";
import type { Window } from "../harness/pages";

const WORDS = {
  claim: { "zh-CN": "领取「", en: "Claim the reward of “" },
  done: { "zh-CN": "已完成", en: "Completed" },
  agree: { "zh-CN": /^参与排行榜展示/, en: /^Show me on leaderboards/ },
};
/** A mission counts what happens ten seconds after it was published, and later. */
const SETTLES_MS = 12_000;

const button = ({ page }: Window, name: string) => page.getByRole("button", { name, exact: true });

matrix("a member reaches a mission and claims its reward once", async (stage) => {
  const { world, open, say, language } = stage;
  const { title } = await (await Campaigns.of(world)).mission();
  const member = await world.member();
  await new Promise((done) => setTimeout(done, SETTLES_MS));
  const params = { header: { "Idempotency-Key": world.key() } };
  await answer(member.api.POST("/v1/me/check-ins", { params }));
  await world.local.drain();
  const before = (await answer(member.api.GET("/v1/me/points"))).available;
  const window = await open("/pages/missions/index", { as: member });
  const { page } = window;
  const act = page.getByRole("button", { name: `${say(WORDS.claim)}${title[language]}` });
  await act.waitFor();
  await window.axe();
  await window.walk();
  await act.click();
  await page.getByText(say(WORDS.done), { exact: true }).waitFor();
  await window.axe();
  const points = async () => (await answer(member.api.GET("/v1/me/points"))).available;
  await expect.poll(points).toBe(before + 50);
});

matrix("a member chooses to be shown on a leaderboard, and not to be", async (stage) => {
  const { world, open, language } = stage;
  await (await Campaigns.of(world)).board();
  const window = await open("/pages/missions/boards", { as: await world.member({ points: 100 }) });
  const { page } = window;
  const agreed = page.getByRole("checkbox", { name: WORDS.agree[language] });
  await agreed.waitFor();
  expect(await agreed.isChecked()).toBe(false);
  await window.axe();
  await agreed.press("Space");
  await expect.poll(() => agreed.isChecked()).toBe(true);
  await page.reload();
  await expect.poll(() => agreed.isChecked()).toBe(true);
  await window.axe();
});

claim(
  "ops draft a mission, publish it, and end it; members see it meanwhile",
  async ({ world, open }) => {
    const name = `每月一签 ${world.key().slice(0, 6)}`;
    const window = await open("/console/missions", { as: await world.staff("ops") });
    const { page } = window;
    const dialog = page.getByRole("dialog");
    await button(window, "新建挑战").click();
    await dialog.getByLabel("中文名称").fill(name);
    await dialog.getByLabel("英文名称").fill("A check-in a month");
    await dialog.getByLabel("指标").selectOption("check_ins");
    await dialog.getByLabel("数量").fill("1");
    await window.axe();
    await dialog.getByRole("button", { name: "保存", exact: true }).click();
    await button(window, `修改 ${name}`).click();
    await dialog.getByLabel("英文名称").fill("One check-in a month");
    await dialog.getByRole("button", { name: "保存", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await button(window, `发布 ${name}`).click();
    await dialog.getByRole("button", { name: "发布", exact: true }).click();
    await button(window, `结束 ${name}`).waitFor();
    const mall = await open("/pages/missions/index", { as: await world.member() });
    await mall.page.getByText(name).waitFor();
    await button(window, `结束 ${name}`).click();
    await dialog.getByRole("button", { name: "结束", exact: true }).click();
    await button(window, `结束 ${name}`).waitFor({ state: "detached" });
    await window.axe();
  },
  "desktop",
);

claim(
  "ops publish a leaderboard and a trigger, and end them; rewards that wait have a page",
  async ({ world, open }) => {
    const mark = world.key().slice(0, 6);
    const window = await open("/console/leaderboards", { as: await world.staff("ops") });
    const { page } = window;
    const dialog = page.getByRole("dialog");
    const rounds = [
      { path: "leaderboards", make: "新建排行榜", name: `每周榜 ${mark}` },
      { path: "triggers", make: "新建触发", name: `好久不见 ${mark}` },
    ];
    for (const { path, make, name } of rounds) {
      await page.goto(`/console/${path}`);
      await button(window, make).click();
      await dialog.getByLabel("中文名称").fill(name);
      await dialog.getByLabel("英文名称").fill(`Of the browser ${mark}`);
      await window.axe();
      await dialog.getByRole("button", { name: "保存", exact: true }).click();
      await button(window, `修改 ${name}`).click();
      await dialog.getByLabel("英文名称").fill(`Of a browser ${mark}`);
      await dialog.getByRole("button", { name: "保存", exact: true }).click();
      await dialog.waitFor({ state: "detached" });
      for (const step of ["发布", "结束"]) {
        await button(window, `${step} ${name}`).click();
        await dialog.getByRole("button", { name: step, exact: true }).click();
        await dialog.waitFor({ state: "detached" });
      }
      await button(window, `结束 ${name}`).waitFor({ state: "detached" });
      await window.axe();
    }
    await page.goto("/console/rewards");
    await page.getByText("没有未能发放的奖励").waitFor();
    await window.axe();
  },
  "desktop",
);

claim(
  "a reward that could not be given is told to ops, who give it once there is one",
  async ({ world, open }) => {
    const coupons = new Coupons(world);
    const template = await coupons.published({ total: 1 });
    const reward = { kind: "coupon", template_id: template.id } as const;
    const campaigns = await Campaigns.of(world);
    const { id } = await campaigns.mission(1, reward);
    const [early, unlucky] = [await world.member(), await world.member()];
    await new Promise((done) => setTimeout(done, SETTLES_MS));
    for (const { api } of [early, unlucky]) {
      const header = { "Idempotency-Key": world.key() };
      await answer(api.POST("/v1/me/check-ins", { params: { header } }));
      await world.local.drain();
      const params = { path: { id }, header: { "Idempotency-Key": world.key() } };
      await answer(api.POST("/v1/me/missions/{id}/claims", { params, body: {} }));
    }
    const window = await open("/console/rewards", { as: await world.staff("ops") });
    const { page } = window;
    const late = page.getByRole("row").filter({ hasText: unlucky.id });
    await late.waitFor();
    await window.axe();
    await coupons.change(template, { total: 2 });
    await late.getByRole("button", { name: /^重新发放/ }).click();
    await page.getByRole("dialog").getByRole("button", { name: "重新发放", exact: true }).click();
    await late.waitFor({ state: "detached" });
    const theirs = await answer(unlucky.api.GET("/v1/me/coupons"));
    expect(theirs.data).toHaveLength(1);
  },
  "desktop",
);
