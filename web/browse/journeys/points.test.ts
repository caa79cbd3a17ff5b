import { json } from "node:stream/consumers";

import { answer } from "@jifen/shared/client";
import { verify } from "@jifen/shared/chain";
import type { Schema } from "@jifen/shared/schema";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import { signIn } from "../harness/shopping";

matrix("a visitor reads ways to earn, and is asked to sign in for points", async (stage) => {
  const window = await stage.open("/pages/points/index");
  const invite = stage.say({ "zh-CN": "登录 / 注册", en: "Sign in or register" });
  await window.page.getByRole("link", { name: invite }).waitFor();
  await window.axe();
  await window.page.getByRole("link", { name: /赚积分|Earn points/ }).click();
  await window.page.getByRole("heading", { name: /购物得积分|Points for purchases/ }).waitFor();
  await window.axe();
});

matrix("a member reads what each point is, where it came from, and each month", async (stage) => {
  const { world, open, say } = stage;
  const member = await world.member({ points: 1200 });
  const window = await open("/pages/points/index", { as: member });
  const { page } = window;
  await page.getByText("1,200").first().waitFor();
  await window.axe();
  await window.walk();
  await page.getByRole("link", { name: /^(积分明细|History)/ }).click();
  await page.getByRole("button", { name: /\+1,200/ }).click();
  const details = page.getByRole("dialog");
  await details.getByRole("button", { name: say({ "zh-CN": "更多", en: "More" }) }).click();
  await details.getByText(say({ "zh-CN": "商城发放", en: "Given by the mall" })).waitFor();
  await window.axe();
  await page.keyboard.press("Escape");
  await page.goto("/pages/points/statement");
  await page.getByRole("cell", { name: "+1,200" }).waitFor();
  await window.axe();
  await window.walk();
});

matrix("a member proves their history, keeps its seal and takes it home", async (stage) => {
  const { world, open, say } = stage;
  const member = await world.member({ points: 300 });
  const window = await open("/pages/points/proof", { as: member });
  const { page } = window;
  await page
    .getByRole("button", { name: say({ "zh-CN": "开始核验", en: "Check my history" }) })
    .click();
  await page.getByText(say({ "zh-CN": "核验通过", en: "Everything holds" })).waitFor();
  await window.axe();
  const head = (await page.getByText(/^[0-9a-f]{64}$/).innerText()).trim();
  await page
    .getByLabel(say({ "zh-CN": "以前保存的校验码", en: "The seal that you kept" }))
    .fill(head);
  await page.getByText(say({ "zh-CN": "与第 1 笔", en: "the seal of entry 1" })).waitFor();
  const button = page.getByRole("button", { name: say({ "zh-CN": "下载", en: "Download" }) });
  const [file] = await Promise.all([page.waitForEvent("download"), button.click()]);
  const kept = (await json(await file.createReadStream())) as Schema<"EntryViewPage">;
  expect(verify(kept.data)).toEqual({ entries: 1, head, flaws: [] });
});

claim("a history that was changed on its way is told", async ({ world, open }) => {
  const member = await world.member({ points: 300 });
  const { page } = await open("/pages/points/proof", { as: member });
  await page.route("**/v1/me/points/entries*", async (route) => {
    const real = await route.fetch();
    const changed = (await real.json()) as Schema<"EntryViewPage">;
    for (const each of changed.data) each.points += 1;
    await route.fulfill({ response: real, json: changed });
  });
  await page.getByRole("button", { name: "开始核验" }).click();
  await page.getByText("有 1 笔记录对不上").waitFor();
});

matrix(
  "a member gives points once, though the answer was lost and the page reloaded",
  async (stage) => {
    const { world, open, say } = stage;
    const [member, friend] = [await world.member({ points: 500 }), await world.member()];
    const window = await open("/pages/points/gift", { as: member });
    const { page } = window;
    window.allow(/transfers/);
    const next = page.getByRole("button", { name: say({ "zh-CN": "下一步", en: "Next" }) });
    const send = page.getByRole("button", {
      name: say({ "zh-CN": "送出 120 积分", en: "Give 120 points" }),
    });
    await page.getByLabel(/对方手机号|Their phone number/).fill(friend.phone);
    await page.getByLabel(/转赠积分数|Points to give/).fill("120");
    await next.click();
    await page.getByText(say({ "zh-CN": "380 积分", en: "380 points" })).waitFor();
    await window.axe();
    await page.route(
      "**/v1/me/points/transfers",
      async (route) => {
        await route.fetch();
        await route.abort();
      },
      { times: 1 },
    );
    await send.click();
    await page.getByRole("alert").waitFor();
    await page.reload();
    await next.click();
    await send.dblclick();
    await page.getByRole("heading", { name: say({ "zh-CN": "已送出", en: "Sent" }) }).waitFor();
    await window.axe();
    expect((await answer(member.api.GET("/v1/me/points"))).available).toBe(380);
    expect((await answer(friend.api.GET("/v1/me/points"))).available).toBe(120);
  },
);

claim(
  "a gift to a phone that nobody has is there once the friend registers",
  async ({ world, open, say }) => {
    const [member, phone] = [await world.member({ points: 500 }), world.phone()];
    const { page } = await open("/pages/points/gift", { as: member });
    await page.getByLabel(/对方手机号/).fill(phone);
    await page.getByLabel(/转赠积分数/).fill("60");
    await page.getByRole("button", { name: "下一步" }).click();
    await page.getByRole("button", { name: "送出 60 积分" }).click();
    await page.getByRole("heading", { name: "已送出" }).waitFor();
    const friend = await open("/pages/sign-in/index?next=%2Fpages%2Fpoints%2Findex");
    await signIn(friend.page, say, phone, () => world.local.code(phone));
    await friend.page.waitForURL(/\/pages\/points\/index/);
    await world.local.drain();
    await friend.page.reload();
    await friend.page.getByText("60", { exact: true }).first().waitFor();
  },
);

claim(
  "a gift to oneself and one of too many points are refused in words",
  async ({ world, open }) => {
    const member = await world.member({ points: 50 });
    const window = await open("/pages/points/gift", { as: member });
    const { page } = window;
    window.allow(/409/);
    await page.getByLabel(/对方手机号/).fill(member.phone);
    await page.getByLabel(/转赠积分数/).fill("80");
    await page.getByRole("button", { name: "下一步" }).click();
    await page.getByText("还差 30 积分").waitFor();
    await page.getByLabel(/转赠积分数/).fill("20");
    await page.getByRole("button", { name: "下一步" }).click();
    await page.getByRole("button", { name: "送出 20 积分" }).click();
    await page.getByText("不能转赠给自己").waitFor();
    expect((await answer(member.api.GET("/v1/me/points"))).available).toBe(50);
  },
);
