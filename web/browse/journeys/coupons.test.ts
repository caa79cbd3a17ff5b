/** Coupons: had free, for points and by a code, given to a friend; made and handed out by ops. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import { Coupons } from "../harness/coupons";

matrix("a member gets coupons free and for points, and sees them by state", async (stage) => {
  const { world, open, say } = stage;
  const member = await world.member({ points: 100 });
  const name = world.key().slice(0, 8);
  const title = { "zh-CN": `减十元 ${name}`, en: `Ten off ${name}` };
  const priced = { "zh-CN": `减五元 ${name}`, en: `Five off ${name}` };
  const coupons = new Coupons(world);
  await coupons.published({ title });
  await coupons.published({ title: priced, amount: 500, price_points: 60 });
  const window = await open("/pages/coupons/index", { as: member });
  const { page } = window;
  const get = (named: typeof title) =>
    page.getByRole("button", {
      name: say({ "zh-CN": `领取“${named["zh-CN"]}”`, en: `Get “${named.en}”` }),
    });
  // The list is remembered for some seconds.
  await expect
    .poll(
      async () => {
        await page.reload();
        await page.getByRole("heading", { level: 2 }).first().waitFor();
        return get(priced).count();
      },
      { timeout: 30_000 },
    )
    .toBe(1);
  await window.axe();
  await get(title).click();
  await page.getByRole("status").getByText(say(title)).waitFor();
  await get(priced).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: say({ "zh-CN": "用积分兑换", en: "Get it for points" }) })
    .click();
  await page.getByRole("status").getByText(say(priced)).waitFor();
  await page.goto("/pages/coupons/mine");
  await page.getByText(say(title)).waitFor();
  await page.getByText(say(priced)).waitFor();
  await window.axe();
  await window.walk();
  await page.getByRole("button", { name: say({ "zh-CN": "已使用", en: "Used" }) }).click();
  await page
    .getByText(say({ "zh-CN": "还没有用过优惠券", en: "You have used no coupon yet" }))
    .waitFor();
});

matrix("a code that is mistyped is told in words", async (stage) => {
  const { world, open, say } = stage;
  const window = await open("/pages/coupons/index", { as: await world.member() });
  window.allow(/^answer: 400 POST .*codes/);
  const { page } = window;
  const field = page.getByLabel(say({ "zh-CN": "输入优惠码", en: "Enter your code" }));
  const redeem = page.getByRole("button", {
    name: say({ "zh-CN": "兑换", en: "Redeem" }),
    exact: true,
  });
  await redeem.click();
  await page
    .getByText(say({ "zh-CN": "请输入优惠码", en: "Enter a code" }), { exact: true })
    .waitFor();
  await field.fill("AAAA-BBBB-CCCC-DDDD");
  await redeem.click();
  await page.getByText(say({ "zh-CN": "优惠码有误", en: "mistyped" })).waitFor();
  await window.axe();
});

matrix("a member gives a coupon to a friend, who has it then", async (stage) => {
  const { world, open, say } = stage;
  const [member, friend] = [await world.member(), await world.member()];
  const id = await new Coupons(world).claimed(member, { transferable: true });
  const window = await open("/pages/coupons/mine", { as: member });
  const { page } = window;
  await page
    .getByRole("link", { name: say({ "zh-CN": "送给好友", en: "Give it to a friend" }) })
    .click();
  await page.getByRole("button", { name: say({ "zh-CN": "会员号", en: "Member ID" }) }).click();
  await page.getByRole("textbox").first().fill(friend.id);
  await window.axe();
  await page.getByRole("button", { name: say({ "zh-CN": "下一步", en: "Next" }) }).click();
  await page
    .getByRole("dialog")
    .getByRole("button", { name: say({ "zh-CN": "确认送出", en: "Give it" }) })
    .click();
  await page.getByRole("status").waitFor();
  const theirs = await answer(friend.api.GET("/v1/me/coupons"));
  expect(theirs.data.map((each) => each.id)).toEqual([id]);
});

claim(
  "ops make a template, publish it, give coupons and make codes",
  async ({ world, open }) => {
    const ops = await world.staff("ops");
    const member = await world.member();
    const name = `满减 ${world.key().slice(0, 8)}`;
    const window = await open("/console/coupon-templates?status=draft", { as: ops });
    const { page } = window;
    const dialog = page.getByRole("dialog");
    await page.getByRole("button", { name: "新建模板" }).click();
    await dialog.getByLabel("中文名称").fill(name);
    await dialog.getByLabel("英文名称").fill(name);
    await window.axe();
    await dialog.getByRole("button", { name: "保存" }).dblclick();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("link", { name }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await page.getByRole("button", { name: "修改" }).click();
    await dialog.getByLabel("总数").fill("50");
    await dialog.getByRole("button", { name: "保存" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "发布" }).click();
    await dialog.getByRole("button", { name: "发布" }).click();
    await dialog.waitFor({ state: "detached" });
    await page.getByRole("button", { name: "发券" }).click();
    await dialog.getByLabel("会员编号").fill(`${member.id} mbr_nobodyatall`);
    await dialog.getByRole("button", { name: "发给 2 人" }).click();
    await page.getByText("已发 1 张，1 人未领到").waitFor();
    await window.axe();
    await page.getByRole("button", { name: "生成优惠码" }).click();
    await dialog.getByLabel("数量").fill("3");
    await dialog.getByRole("button", { name: "生成", exact: true }).click();
    await page.getByText("生成中").waitFor();
    // A job is due from the next whole second on.
    const ready = async () => {
      await world.local.run("sweep_coupons");
      await page.reload();
      await page.getByText(/^(生成中|可下载)$/).waitFor();
      return page.getByRole("link", { name: /^下载/ }).count();
    };
    await expect.poll(ready, { interval: 1_000 }).toBe(1);
    await window.axe();
    const file = await page.getByRole("link", { name: /^下载/ }).getAttribute("href");
    const [, code] = (await (await fetch(file ?? "")).text()).trim().split(/\r?\n/);
    const mall = await open("/pages/coupons/index", { as: await world.member() });
    await mall.page.getByLabel("输入优惠码").fill(code ?? "");
    await mall.page.getByRole("button", { name: "兑换", exact: true }).click();
    await mall.page.getByRole("status").getByText(name).waitFor();
    await page.getByRole("button", { name: "下线" }).click();
    await dialog.getByRole("button", { name: "下线" }).click();
    await page.getByText("已下线").first().waitFor();
    const mine = await answer(member.api.GET("/v1/me/coupons"));
    expect(mine.data).toHaveLength(1);
  },
  "desktop",
);
