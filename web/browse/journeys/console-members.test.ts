import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import type { Window } from "../harness/pages";
import type { Person, World } from "../harness/world";

const NEVER_SIGNED_IN = /^answer: 401 POST .*\/v1\/auth\/sessions\/refresh$/;
const LAST_INPUT = "console:last-input";
const MINUTE_MS = 60_000;

const WORDS = {
  adjust: { "zh-CN": "调整余额", en: "Adjust" },
  adjustments: { "zh-CN": "待审批调整", en: "Adjustments to approve" },
  amount: { "zh-CN": "数量", en: "Amount" },
  approve: { "zh-CN": "批准", en: "Approve" },
  code: { "zh-CN": "验证码", en: "Code" },
  find: {
    "zh-CN": "手机号、邮箱、会员号或外部编号",
    en: "Phone, e-mail, member id or external id",
  },
  go: { "zh-CN": "提交调整", en: "Adjust" },
  reason: { "zh-CN": "原因", en: "Reason" },
  send: { "zh-CN": "获取验证码", en: "Send code" },
  signIn: { "zh-CN": "登录", en: "Sign in" },
  phone: { "zh-CN": "手机号或邮箱", en: "Phone or e-mail" },
  waits: { "zh-CN": "待办事项", en: "What waits" },
};

async function asked(world: World, member: Person, points: number): Promise<void> {
  const { api } = await world.staff("ops");
  const params = { path: { id: member.id }, header: { "Idempotency-Key": world.key() } };
  const body = { points, reason: "补发活动积分" };
  await answer(api.POST("/v1/admin/members/{id}/points/adjustments", { params, body }));
}

async function availableOf(member: Person): Promise<number> {
  return (await answer(member.api.GET("/v1/me/points"))).available;
}

const button = ({ page }: Window, name: string) => page.getByRole("button", { name, exact: true });

matrix("staff sign in by a code, and come to the page that they asked for", async (stage) => {
  const { world, open, say } = stage;
  const ops = await world.staff("ops");
  const window = await open(null);
  window.allow(NEVER_SIGNED_IN);
  const { page } = window;
  await page.goto("/console/adjustments");
  await page.getByLabel(say(WORDS.phone)).fill(ops.phone);
  await window.axe();
  await button(window, say(WORDS.send)).click();
  const code = page.getByLabel(say(WORDS.code), { exact: true });
  await code.waitFor();
  await code.fill(await world.local.code(ops.phone));
  await button(window, say(WORDS.signIn)).click();
  await page.getByRole("heading", { level: 1, name: say(WORDS.adjustments) }).waitFor();
  await window.axe();
  await page.reload();
  await page.getByRole("heading", { level: 1, name: say(WORDS.adjustments) }).waitFor();
});

matrix("each role sees what waits for it", async ({ world, open, say }) => {
  for (const role of ["agent", "finance"] as const) {
    const window = await open("/console/", { as: await world.staff(role) });
    await window.page.getByRole("heading", { name: say(WORDS.waits) }).waitFor();
    const withdrawals = say({ "zh-CN": "待审核提现", en: "Withdrawals to review" });
    // The menu says it too, before the cards are read.
    await window.page.getByRole("main").getByText(say(WORDS.adjustments)).first().waitFor();
    expect(await window.page.getByText(withdrawals).count()).toBe(role === "finance" ? 1 : 0);
    await window.axe();
    await window.walk();
  }
});

matrix("ops find a member, give points, and see why", async ({ world, open, say }) => {
  const member = await world.member({ points: 500 });
  const window = await open("/console/members", { as: await world.staff("ops") });
  const { page } = window;
  await page.getByLabel(say(WORDS.find)).fill(member.phone);
  await page.keyboard.press("Enter");
  await button(window, say(WORDS.adjust)).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(say(WORDS.amount), { exact: true }).fill("300");
  await dialog.getByLabel(say(WORDS.reason)).fill("补发");
  await dialog.getByText("800").waitFor();
  await window.axe();
  await dialog.getByRole("button", { name: say(WORDS.go), exact: true }).dblclick();
  await dialog.waitFor({ state: "hidden" });
  await page.getByRole("cell", { name: "+300" }).waitFor();
  expect(await availableOf(member)).toBe(800);
  await button(window, say({ "zh-CN": "详情", en: "Details" }))
    .first()
    .click();
  await page.getByRole("dialog").waitFor();
  await window.axe();
});

claim(
  "a large adjustment waits for somebody else, who approves it once",
  async ({ world, open, say }) => {
    const member = await world.member();
    await asked(world, member, 20_000);
    const window = await open("/console/adjustments", { as: await world.staff("ops") });
    const row = window.page.getByRole("row").filter({ has: window.page.getByTitle(member.id) });
    await row.getByRole("button", { name: say(WORDS.approve) }).click();
    const dialog = window.page.getByRole("dialog");
    await dialog.getByText("+20,000").first().waitFor();
    // The balance that it makes, and whose.
    await dialog.getByText(/\b20,000[。.]$/).waitFor();
    await dialog.getByRole("button", { name: say(WORDS.approve) }).dblclick();
    await row.waitFor({ state: "detached" });
    expect(await availableOf(member)).toBe(20_000);
  },
  "desktop",
);

claim(
  "an adjustment that somebody else rejects changes nothing, and leaves the list",
  async ({ world, open }) => {
    const member = await world.member();
    await asked(world, member, 20_000);
    const { page } = await open("/console/adjustments", { as: await world.staff("finance") });
    const row = page.getByRole("row").filter({ has: page.getByTitle(member.id) });
    await row.getByRole("button", { name: "驳回" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(/^原因/).fill("没有活动依据");
    await dialog.getByRole("button", { name: "驳回" }).dblclick();
    await row.waitFor({ state: "detached" });
    expect(await availableOf(member)).toBe(0);
  },
  "desktop",
);

claim(
  "a frozen member redeems nothing, and does again once it is lifted",
  async ({ world, open }) => {
    const { sku } = await world.product();
    const member = await world.member({ points: 500, address: true });
    const redeem = () => {
      const params = { header: { "Idempotency-Key": world.key() } };
      return member.api.POST("/v1/orders", { params, body: { items: [{ sku, quantity: 1 }] } });
    };
    const window = await open(`/console/members/${member.id}`, { as: await world.staff("ops") });
    const { page } = window;
    const turn = async (name: string, done: string) => {
      await button(window, name).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByLabel(/^原因/).fill("疑似盗号，客服工单 1024");
      await window.axe();
      await dialog.getByRole("button", { name, exact: true }).dblclick();
      await page.getByText(done).waitFor();
    };
    await turn("冻结账户", "账户已冻结");
    expect((await redeem()).error?.code).toBe("account_frozen");
    await turn("解除冻结", "已解除冻结");
    expect((await redeem()).response.status).toBe(201);
  },
  "desktop",
);

claim("a member without a role sees nothing of the staff's", async ({ world, open, say }) => {
  const window = await open("/console/adjustments", { as: await world.member() });
  const words = { "zh-CN": "此账号没有后台权限", en: "This account has no access to the console" };
  await window.page.getByRole("heading", { level: 1, name: say(words) }).waitFor();
  expect(await window.page.getByRole("navigation").count()).toBe(0);
});

claim("30 minutes of rest end the session in all windows", async ({ world, open, beside, say }) => {
  const one = await open("/console/", { as: await world.staff("ops") });
  await one.page.getByRole("heading", { name: say(WORDS.waits) }).waitFor();
  const other = await beside(one, "/console/members");
  await other.page.getByLabel(say(WORDS.find)).waitFor();
  const rested = (minutes: number) =>
    one.page.evaluate(([name, at]) => localStorage.setItem(name, at), [
      LAST_INPUT,
      String(Date.now() - minutes * MINUTE_MS),
    ] as const);
  await rested(29.5);
  await one.page.getByRole("dialog").waitFor();
  await rested(30);
  for (const window of [one, other]) await window.page.getByLabel(say(WORDS.phone)).waitFor();
  await other.page.reload();
  await other.page.getByLabel(say(WORDS.phone)).waitFor();
});

matrix("ops merge two accounts of one person, and the old id leads on", async (stage) => {
  const { world, open, say } = stage;
  const [kept, gone] = [await world.member({ points: 100 }), await world.member({ points: 70 })];
  const window = await open(`/console/members/${gone.id}`, { as: await world.staff("ops") });
  const { page } = window;
  const merge = say({ "zh-CN": "合并到其他会员", en: "Merge into another" });
  await button(window, merge).click();
  const dialog = page.getByRole("dialog");
  const find = dialog.getByLabel(
    say({ "zh-CN": "保留哪位会员", en: "Who stays: phone, e-mail or member id" }),
  );
  // One's own id is no other member.
  await find.fill(gone.id);
  await page.keyboard.press("Enter");
  await dialog
    .getByText(say({ "zh-CN": "这就是当前会员", en: "That is this member" }), { exact: false })
    .waitFor();
  await find.fill(kept.phone);
  await page.keyboard.press("Enter");
  await dialog.getByText(kept.id).waitFor();
  await dialog.getByText(gone.id).waitFor();
  await dialog.getByLabel(say(WORDS.reason)).fill("同一人，已核实");
  await window.axe();
  const confirm = say({ "zh-CN": "确认合并", en: "Merge" });
  await dialog.getByRole("button", { name: confirm, exact: true }).dblclick();
  await dialog.waitFor({ state: "hidden" });
  await page.waitForURL(`**/members/${kept.id}`);
  await page.getByRole("cell", { name: "+70" }).waitFor();
  await page.getByText(gone.id).first().waitFor();
  await window.axe();
  expect(await availableOf(kept)).toBe(170);
  await page.goto(`/console/members/${gone.id}`);
  const into = say({ "zh-CN": "此会员已并入", en: "This member was merged into" });
  await page.getByRole("status").getByText(into, { exact: false }).waitFor();
  expect(await button(window, merge).count()).toBe(0);
  await page.getByRole("cell", { name: /^[-−]70$/ }).waitFor();
  await window.axe();
});
