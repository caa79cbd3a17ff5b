/** Lotteries: drawn on a wheel and a card, run by ops, and checked by who drew. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import { FIFTY, lotteryOf, orNothing } from "../harness/lotteries";

const WORDS = {
  draw: { "zh-CN": /^抽一次/, en: /^Draw once/ },
  free: { "zh-CN": "抽一次 · 免费", en: "Draw once · free" },
  paid: { "zh-CN": "抽一次 · 100 积分", en: "Draw once · 100 points" },
  won: { "zh-CN": "恭喜，抽中 50 积分", en: "You have won: 50 points" },
  scratch: { "zh-CN": "刮开", en: "Scratch it open" },
  noneLeft: { "zh-CN": "抽奖次数已用完", en: "You have no draws left" },
  start: { "zh-CN": "开始查验", en: "Check it" },
  good: { "zh-CN": "每一次抽奖都正确", en: "Every draw is as it must be" },
  mine: {
    "zh-CN": "您的 2 次抽奖都在其中，结果一致",
    en: "Your own draws are among them, with their results: 2",
  },
  check: { "zh-CN": "自己查验", en: "Check it yourself" },
  oneLeft: { "zh-CN": "还可抽 1 次", en: "draws left: 1" },
};
const SURE = orNothing({ ...FIFTY, odds: 1_000_000 });

matrix("a member draws on the wheel, and checks every draw once it is over", async (stage) => {
  const { world, open, say } = stage;
  const lottery = await lotteryOf(world, { prizes: SURE, limits: { total: 2, day: null } });
  const member = await world.member({ points: 500 });
  const window = await open(`/pages/lottery/draw?id=${lottery.id}`, { as: member });
  const { page } = window;
  await page.getByRole("button", { name: say(WORDS.free) }).waitFor();
  await window.axe();
  await window.walk();
  await page.getByRole("button", { name: say(WORDS.free) }).press("Enter");
  await page.getByText(say(WORDS.won)).waitFor();
  await page.getByText(say(WORDS.oneLeft)).waitFor();
  await page.getByRole("button", { name: say(WORDS.paid) }).click();
  await page.getByText(say(WORDS.noneLeft)).waitFor();
  await window.axe();
  const points = await answer(member.api.GET("/v1/me/points"));
  expect(points.available).toBe(500 + 50 - 100 + 50);
  const ops = await world.staff("ops");
  const header = { "If-Match": String(lottery.version) };
  const params = { path: { id: lottery.id }, header };
  await answer(ops.api.POST("/v1/admin/lotteries/{id}/end", { params }));
  await page.reload();
  await page.getByRole("link", { name: say(WORDS.check) }).click();
  await page.getByRole("button", { name: say(WORDS.start) }).click();
  await page.getByText(say(WORDS.good)).waitFor();
  await page.getByText(say(WORDS.mine)).waitFor();
  await window.axe();
});

matrix("a scratch card is opened by a key, and tells what was won only then", async (stage) => {
  const { world, open, say } = stage;
  const lottery = await lotteryOf(world, { prizes: SURE, look: "scratch" });
  const member = await world.member({ points: 500 });
  const window = await open(`/pages/lottery/draw?id=${lottery.id}`, { as: member });
  const { page } = window;
  await page.getByRole("button", { name: WORDS.draw[stage.language] }).click();
  const cover = page.getByRole("button", { name: say(WORDS.scratch) });
  await cover.waitFor();
  expect(await page.getByText(say(WORDS.won)).count()).toBe(0);
  await window.axe();
  await cover.press("Enter");
  await page.getByText(say(WORDS.won)).waitFor();
  await window.axe();
});

claim("who lacks points is told so in words, and nothing is drawn", async ({ world, open }) => {
  const lottery = await lotteryOf(world, { free_per_day: 0 });
  const member = await world.member();
  const window = await open(`/pages/lottery/draw?id=${lottery.id}`, { as: member });
  window.allow(/^answer: 409 POST .*draws/);
  const { page } = window;
  await page.getByRole("button", { name: "抽一次 · 100 积分" }).click();
  await page.getByRole("alert").getByText("还差 100 积分").waitFor();
  await window.axe();
  const params = { path: { id: lottery.id } };
  expect((await answer(member.api.GET("/v1/lotteries/{id}", { params }))).drawn).toBe(0);
});

claim("ops draft a lottery whose odds must sum, publish it and see what came", async (stage) => {
  const { world, open } = stage;
  const name = `会员日 ${world.key().slice(0, 6)}`;
  const window = await open("/console/lotteries", { as: await world.staff("ops") });
  const { page } = window;
  await page.getByRole("button", { name: "新建抽奖" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("中文名称").first().fill(name);
  await dialog.getByLabel("英文名称").first().fill("Members' day");
  await dialog.getByLabel("开始时间").fill("2026-01-01T00:00");
  await dialog.getByLabel("结束时间").fill("2099-01-01T00:00");
  const prize = dialog.getByRole("group", { name: "奖品 p1" });
  await prize.getByLabel("中文名称").fill("50 积分");
  await prize.getByLabel("英文名称").fill("50 points");
  await prize.getByLabel("概率（百万分之）").fill("200000");
  await dialog.getByText("概率合计 1,100,000，须为 1,000,000").waitFor();
  expect(await dialog.getByRole("button", { name: "保存" }).isDisabled()).toBe(true);
  await prize.getByLabel("概率（百万分之）").fill("100000");
  await dialog.getByText("概率合计 1,000,000，正好").waitFor();
  await window.axe();
  await dialog.getByRole("button", { name: "保存" }).click();
  await page.getByRole("button", { name: `修改 ${name}` }).click();
  await dialog.getByLabel("英文名称").first().fill("The members' day");
  await dialog.getByRole("button", { name: "保存" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: `发布 ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "发布" }).click();
  await page.getByRole("button", { name: `结果 ${name}` }).click();
  await page.getByRole("dialog").getByText("共抽 0 次").waitFor();
  await window.axe();
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("button", { name: `结束 ${name}` }).click();
  await dialog.getByRole("button", { name: "结束", exact: true }).click();
  await page.getByRole("button", { name: `结束 ${name}` }).waitFor({ state: "detached" });
});
