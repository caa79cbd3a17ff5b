/** Check-ins, tasks and invitations: done by members, defined by ops. */
import { answer } from "@jifen/shared/client";
import type { Schema } from "@jifen/shared/schema";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";

const WORDS = {
  checkIn: { "zh-CN": /^签到 \+/, en: /^Check in for/ },
  done: { "zh-CN": "今日已签到", en: "Checked in today" },
  streak: { "zh-CN": "已连续签到 1 天", en: "Days in a row: 1" },
  entry: { "zh-CN": "签到", en: "Check in" },
  showQr: { "zh-CN": "显示二维码", en: "Show the QR code" },
  qr: { "zh-CN": "邀请链接二维码", en: "Your link as a QR code" },
  invited: { "zh-CN": "邀请码（选填）", en: "Invitation code (optional)" },
  nobody: { "zh-CN": "还没有邀请好友", en: "You have not invited anybody yet" },
};

/** A process uses the tasks that it read for fifteen seconds. */
const KEPT_MS = 16_000;

matrix("a member checks in from the first page, once a day", async (stage) => {
  const { world, open, say } = stage;
  const member = await world.member({ points: 100 });
  const window = await open("/", { as: member });
  const { page } = window;
  await page.getByRole("link", { name: say(WORDS.entry), exact: true }).click();
  await page.getByRole("button", { name: WORDS.checkIn[stage.language] }).click();
  await page.getByRole("button", { name: say(WORDS.done) }).waitFor();
  await page.getByText(say(WORDS.streak)).waitFor();
  await window.axe();
  await window.walk();
  await page.reload();
  expect(await page.getByRole("button", { name: say(WORDS.done) }).isDisabled()).toBe(true);
});

matrix(
  "a member invites by code, link and QR code, and the link brings the code",
  async (stage) => {
    const { world, open, say } = stage;
    const member = await world.member();
    const window = await open("/pages/tasks/invite", { as: member });
    const { page } = window;
    const me = await answer(member.api.GET("/v1/me"));
    await page.getByText(me.referral_code ?? "none", { exact: true }).waitFor();
    await page.getByText(say(WORDS.nobody)).waitFor();
    await page.getByRole("button", { name: say(WORDS.showQr) }).click();
    await page.getByRole("img", { name: say(WORDS.qr) }).waitFor();
    await window.axe();
    const friend = await open(`/?ref=${me.referral_code}`);
    await friend.page.getByRole("link").first().waitFor();
    await friend.page.goto("/pages/sign-in/index");
    const code = friend.page.getByLabel(say(WORDS.invited));
    await code.waitFor();
    expect(await code.inputValue()).toBe(me.referral_code);
    await friend.axe();
  },
);

claim("both sides of a referral read in plain words what they got", async ({ world, open }) => {
  const { api } = await world.staff("ops");
  const params = { header: { "Idempotency-Key": world.key() } };
  const body: Schema<"TaskDraft"> = {
    ...{ kind: "referral", points: 120, title: { "zh-CN": "邀请", en: "Invite" } },
    referral: { friend_points: 60, order_at_least: 1000, wait_days: 0 },
  };
  const task = await answer(api.POST("/v1/admin/tasks", { params, body }));
  const version = { "If-Match": String(task.version) };
  const path = { id: task.id };
  const live = await answer(
    api.POST("/v1/admin/tasks/{id}/publish", { params: { path, header: version } }),
  );
  await new Promise((over) => setTimeout(over, KEPT_MS));
  const [inviter, phone] = [await world.member(), world.phone()];
  const invitation = await open("/pages/tasks/invite", { as: inviter });
  await invitation.page.getByText("您得 120 积分，好友得 60 积分").waitFor();
  await invitation.axe();
  const { referral_code } = await answer(inviter.api.GET("/v1/me"));
  const friend = await world.registered(phone, referral_code);
  await world.local.drain();
  await world.give(friend, 20);
  await world.local.drain();
  await world.local.run("sweep_referrals");
  await world.local.drain();
  const told = [
    [inviter, "您邀请的好友已完成首单，您获得邀请奖励 120 积分"],
    [friend, "您受邀加入并已完成首单，获得新人奖励 60 积分"],
  ] as const;
  for (const [person, words] of told) {
    const { page } = await open("/pages/inbox/index", { as: person });
    await page.getByText(words).waitFor();
  }
  const header = { "If-Match": String(live.version) };
  await answer(api.POST("/v1/admin/tasks/{id}/retire", { params: { path, header } }));
});

claim("ops publish a task, and a member claims its points once", async ({ world, open }) => {
  const name = `完善资料 ${world.key().slice(0, 6)}`;
  const console = await open("/console/tasks", { as: await world.staff("ops") });
  const { page } = console;
  await page.getByRole("button", { name: "新建任务" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("中文名称").fill(name);
  await dialog.getByLabel("英文名称").fill("Profile");
  await console.axe();
  await dialog.getByRole("button", { name: "保存" }).click();
  await page.getByRole("button", { name: `发布 ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "发布" }).click();
  await page.getByRole("button", { name: `下线 ${name}` }).waitFor();
  await console.axe();
  const member = await world.member();
  await answer(member.api.PATCH("/v1/me", { body: { nickname: "小满" } }));
  const mall = await open("/pages/tasks/index", { as: member });
  await mall.page.getByRole("button", { name: new RegExp(name) }).click();
  await mall.page.getByText("已领取").first().waitFor();
  await mall.axe();
  await page.getByRole("button", { name: `下线 ${name}` }).click();
  await page.getByRole("dialog").getByRole("button", { name: "下线" }).click();
  await page.getByRole("button", { name: `发布 ${name}` }).waitFor();
});
