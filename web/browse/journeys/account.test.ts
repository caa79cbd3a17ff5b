/** What a member keeps: a name, addresses, ways to sign in, devices, and an account for rebates. */
import { answer } from "@jifen/shared/client";
import type { Language } from "@jifen/shared/schema";
import type { Page } from "playwright-core";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import { drawn, LIE } from "../harness/drawing";
import { BANK, Money } from "../harness/money";
import { WORDS } from "../harness/shopping";
import { Staff } from "../harness/staff";
import type { Person } from "../harness/world";

const button = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

claim("a member gives a name, and is called by it", async ({ world, open }) => {
  const window = await open("/pages/me/profile", { as: await world.member() });
  const { page } = window;
  await page.getByLabel("昵称", { exact: true }).fill("小李");
  await button(page, "保存").click();
  await page.waitForURL(/\/pages\/me\/index/);
  await page.getByText("小李").first().waitFor();
});

claim(
  "a member sends a picture of theirs, the staff sees it, and it is removed again",
  async (stage) => {
    const { world, open } = stage;
    const member = await world.member();
    const window = await open("/pages/me/profile", { as: member });
    const { page } = window;
    const send = async (mimeType: string, buffer: Buffer) => {
      const chosen = page.waitForEvent("filechooser");
      await button(page, "更换头像").click();
      await (await chosen).setFiles([{ name: "me", mimeType, buffer }]);
    };
    await send("image/png", LIE);
    await page.getByRole("alert").waitFor();
    await send("image/png", await drawn(window, 200));
    await button(page, "移除头像").waitFor();
    await window.axe();
    await button(page, "保存").click();
    await page.waitForURL(/\/pages\/me\/index/);
    const { avatar } = await answer(member.api.GET("/v1/me"));
    expect(avatar).toMatch(/^\/pictures\/upl_/);
    const console = await open(`/console/members/${member.id}`, {
      ...{ as: await world.staff("ops"), size: "desktop" },
    });
    await console.page.getByRole("img", { name: "会员头像" }).waitFor();
    await console.axe();
    await page.goto("/pages/me/profile");
    await button(page, "移除头像").click();
    await button(page, "保存").click();
    await page.waitForURL(/\/pages\/me\/index/);
    expect((await answer(member.api.GET("/v1/me"))).avatar).toBeNull();
  },
);

claim("a member changes an address, prefers another, and removes one", async (stage) => {
  const { world, open } = stage;
  const member = await world.member();
  const [first, second] = [await world.address(member), await world.address(member)];
  const { page } = await open(`/pages/me/address?id=${second}`, { as: member });
  await page.getByLabel("收货人").fill("韩梅梅");
  await button(page, "保存").click();
  await page.getByText("韩梅梅").first().waitFor();
  await page.goto("/pages/me/addresses");
  await button(page, "将韩梅梅的地址设为默认").click();
  await button(page, "将李雷的地址设为默认").waitFor();
  await button(page, "删除李雷的地址").click();
  await page.getByRole("dialog").getByRole("button", { name: "删除", exact: true }).click();
  await button(page, "删除李雷的地址").waitFor({ state: "detached" });
  const kept = (await answer(member.api.GET("/v1/me/addresses"))).data;
  expect(kept.map(({ id, is_default }) => [id, is_default])).toEqual([[second, true]]);
  expect(kept.map(({ id }) => id)).not.toContain(first);
});

const PASTED = "张三，13800138000，浙江省杭州市西湖区文三路 100 号";

matrix("an address is pasted whole, its place chosen step by step, and saved", async (stage) => {
  const { world, open, say } = stage;
  const member = await world.member();
  const window = await open("/pages/me/address", { as: member });
  const { page } = window;
  const press = (words: Record<Language, string>) => button(page, say(words)).click();
  await press({ "zh-CN": "粘贴整段地址，自动识别", en: "Paste a whole address" });
  await page.getByLabel(say({ "zh-CN": "收货信息", en: "Name, phone and address" })).fill("你好");
  await press({ "zh-CN": "识别并填入", en: "Fill in the fields" });
  await page.getByText(say({ "zh-CN": "没有识别到地址", en: "No address was found" })).waitFor();
  await page.getByLabel(say({ "zh-CN": "收货信息", en: "Name, phone and address" })).fill(PASTED);
  await press({ "zh-CN": "识别并填入", en: "Fill in the fields" });
  await page.getByText(say({ "zh-CN": "请核对后保存", en: "Check it, then save" })).waitFor();
  await window.axe();
  await press({ "zh-CN": "选择省、市、区", en: "Choose province, city, district" });
  await page.getByRole("dialog").getByRole("button", { name: "江苏省" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "苏州市" }).click();
  await window.axe();
  await page.getByRole("dialog").getByRole("button", { name: "姑苏区" }).click();
  await press({ "zh-CN": "保存", en: "Save" });
  await page.getByText("张三").first().waitFor();
  const [kept] = (await answer(member.api.GET("/v1/me/addresses"))).data;
  const { recipient, phone, province, city, district, division_code, street } = kept ?? {};
  expect([recipient, phone, street]).toEqual(["张三", "+8613800138000", "文三路100号"]);
  expect([province, city, district, division_code]).toEqual([
    ...["江苏省", "苏州市", "姑苏区", "320508"],
  ]);
});

claim("a member links an e-mail, and then signs in without the phone", async (stage) => {
  const { world, open } = stage;
  const member = await world.member();
  const email = `${world.key()}@example.com`;
  const { page } = await open("/pages/me/identities", { as: member });
  await page.getByText("唯一的登录方式不能解绑，请先绑定另一个").waitFor();
  await button(page, "绑定手机号或邮箱").click();
  await button(page, "邮箱").click();
  await page.getByLabel("邮箱", { exact: true }).fill(email);
  await button(page, WORDS.sendCode["zh-CN"]).click();
  const code = page.getByLabel(WORDS.code["zh-CN"], { exact: true });
  await code.waitFor();
  await code.fill(await world.local.code(email));
  await button(page, "绑定").click();
  await page.getByRole("button", { name: /^解绑 \+86/ }).click();
  await page.getByRole("dialog").getByRole("button", { name: "解绑", exact: true }).click();
  await page.getByText("唯一的登录方式不能解绑，请先绑定另一个").waitFor();
  const [left, ...others] = (await answer(member.api.GET("/v1/me/identities"))).data;
  expect([left?.kind, others]).toEqual(["email", []]);
});

claim("a member ends another device's session, and then those of all devices", async (stage) => {
  const { world, open } = stage;
  const member = await world.member();
  const other = await open("/pages/points/index", { as: member });
  const window = await open("/pages/me/sessions", { as: member });
  const { page } = window;
  const another = button(page, "退出 Chrome · Linux");
  await another.click();
  await page.getByRole("dialog").getByRole("button", { name: "退出", exact: true }).click();
  await another.waitFor({ state: "detached" });
  other.allow(/^answer: 401 /);
  await other.page.goto("/pages/order/list");
  await other.page.waitForURL(/\/pages\/sign-in\/index/);
  await page.goto("/pages/me/index");
  await button(page, "退出登录").click();
  await page.getByRole("dialog").getByRole("button", { name: "退出所有设备" }).click();
  await page.getByText("登录后查看我的积分与订单").waitFor();
});

async function accountOf(member: Person): Promise<string | null> {
  const { response, data } = await member.api.GET("/v1/me/payout-account");
  return response.ok ? (data?.bank ?? null) : null;
}

claim("a member names a bank account, asks for a rebate once, and removes it", async (stage) => {
  const { world, open } = stage;
  const member = await world.member();
  await new Money(world, await Staff.of(world)).rebate(member, 10_000);
  const window = await open("/pages/me/payout", { as: member });
  const { page } = window;
  await page.getByLabel("户名").fill(BANK.holder);
  await page.getByLabel("开户行").fill(BANK.bank);
  await page.getByLabel("银行账号").fill(BANK.account_number);
  await window.axe();
  await button(page, "保存").click();
  await button(page, "更换账户").waitFor();
  await page.goto("/pages/me/withdrawals");
  await page.getByLabel("提现金额（元）").fill("45.60");
  await button(page, "申请提现").dblclick();
  await page.getByText("¥45.60").first().waitFor();
  const asked = (await answer(member.api.GET("/v1/me/withdrawals"))).data;
  expect(asked.map((each) => each.amount.amount)).toEqual([4_560]);
  await page.goto(`/pages/me/withdrawal?id=${asked[0]?.id}`);
  await page.getByText("款项已预留，等待审核").waitFor();
  await window.axe();
  await page.goto("/pages/me/payout");
  await button(page, "移除").click();
  await page.getByRole("dialog").getByRole("button", { name: "移除", exact: true }).click();
  await page.getByText("设置收款账户").first().waitFor();
  expect(await accountOf(member)).toBeNull();
});
