/** Finance pays members' rebates out, by the bank. */
import { text } from "node:stream/consumers";

import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import { Money } from "../harness/money";
import type { Window } from "../harness/pages";
import { Staff } from "../harness/staff";
import type { Person, World } from "../harness/world";

const WORDS = {
  approve: { "zh-CN": "批准", en: "Approve" },
  approved: { "zh-CN": "待打款", en: "Approved" },
};
const REASON = "原因（必填，会员会看到）";
const PAID_UNDER = "银行付款流水号（必填）";
const RETURNED_UNDER = "银行退回流水号（必填）";

async function requested(world: World, cents: number) {
  const money = new Money(world, await Staff.of(world));
  const member = await money.saver(10_000);
  return { member, id: await money.withdrawal(member, cents) };
}

/** Approved by somebody of finance, as the next bank file wants it. */
async function approved(world: World, cents: number) {
  const made = await requested(world, cents);
  const { api } = await world.staff("finance");
  const params = { path: { id: made.id }, header: { "Idempotency-Key": world.key() } };
  await answer(api.POST("/v1/admin/withdrawals/{id}/approve", { params }));
  return made;
}

async function rebateOf(member: Person): Promise<number> {
  const query = { unit: "rebate_cash" as const };
  return (await answer(member.api.GET("/v1/me/points", { params: { query } }))).available;
}

async function statusOf(member: Person, id: string): Promise<string> {
  const params = { path: { id } };
  return (await answer(member.api.GET("/v1/me/withdrawals/{id}", { params }))).status;
}

/** Press an act's button, fill its dialog, and confirm with a double tap. */
async function act({ page }: Window, name: string, fields: Record<string, string> = {}) {
  await page.getByRole("button", { name, exact: true }).click();
  const dialog = page.getByRole("dialog");
  for (const [label, value] of Object.entries(fields)) {
    await dialog.getByLabel(label).fill(value);
  }
  await dialog.getByRole("button", { name, exact: true }).dblclick();
  await dialog.waitFor({ state: "hidden" });
}

matrix("finance reads where a withdrawal goes, and approves it once", async (stage) => {
  const { world, open, say } = stage;
  const { member, id } = await requested(world, 3_000);
  const window = await open(`/console/withdrawals/${id}`, { as: await world.staff("finance") });
  const { page } = window;
  await page.getByText("中国银行上海分行").waitFor();
  await window.axe();
  await page.getByRole("button", { name: say(WORDS.approve), exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(/¥30\.00/).waitFor();
  await window.axe();
  await dialog.getByRole("button", { name: say(WORDS.approve), exact: true }).dblclick();
  await dialog.waitFor({ state: "hidden" });
  await page.getByText(say(WORDS.approved), { exact: true }).first().waitFor();
  await window.walk();
  expect([await statusOf(member, id), await rebateOf(member)]).toEqual(["approved", 7_000]);
});

claim(
  "a rejected withdrawal gives the rebate back, and its member reads why",
  async ({ world, open }) => {
    const { member, id } = await requested(world, 3_000);
    const window = await open(`/console/withdrawals/${id}`, { as: await world.staff("finance") });
    await act(window, "驳回", { [REASON]: "户名与证件不符" });
    await window.page.getByText("已驳回", { exact: true }).first().waitFor();
    expect(await rebateOf(member)).toBe(10_000);
    const theirs = await open(`/pages/me/withdrawal?id=${id}`, { as: member });
    await theirs.page.getByText("户名与证件不符").waitFor();
  },
  "desktop",
);

claim("nobody of finance approves a withdrawal of their own", async ({ world, open }) => {
  const staff = await Staff.of(world);
  const finance = await world.staff("finance");
  const money = new Money(world, staff);
  await money.saves(finance, 10_000);
  const id = await money.withdrawal(finance, 3_000);
  const { page } = await open(`/console/withdrawals/${id}`, { as: finance });
  await page.getByText("本人的提现须由他人审批").waitFor();
  expect(await page.getByRole("button", { name: "批准", exact: true }).count()).toBe(0);
});

claim(
  "a bank file holds what was approved; what the bank did is recorded, also what comes back",
  async ({ world, open }) => {
    const [paid, failed] = [await approved(world, 2_345), await approved(world, 3_456)];
    const window = await open("/console/bank-files", { as: await world.staff("finance") });
    const { page } = window;
    await act(window, "导出银行文件");
    await page.getByText(/^已导出 \d+ 笔/).waitFor();
    const save = page.getByRole("button", { name: "下载 CSV" }).first();
    const [file] = await Promise.all([page.waitForEvent("download"), save.click()]);
    const lines = (await text(await file.createReadStream())).split("\r\n");
    const lineOf = (id: string) => lines.filter((line) => line.includes(id));
    expect(lineOf(paid.id)).toEqual([expect.stringContaining("23.45,2345,CNY")]);
    expect(lineOf(failed.id)).toEqual([expect.stringContaining("34.56,3456,CNY")]);
    await window.axe();

    await page.goto(`/console/withdrawals/${paid.id}`);
    await act(window, "登记已付", { [PAID_UNDER]: `BOC-${world.key()}` });
    await page.getByText("已到账", { exact: true }).first().waitFor();
    expect(await statusOf(paid.member, paid.id)).toBe("paid");
    await act(window, "登记退回", {
      [RETURNED_UNDER]: `BOC-${world.key()}`,
      [REASON]: "收款账户已销户",
    });
    await page.getByText("打款失败", { exact: true }).first().waitFor();
    expect(await rebateOf(paid.member)).toBe(10_000);

    await page.goto(`/console/withdrawals/${failed.id}`);
    await act(window, "登记未付成", { [REASON]: "户名不符" });
    await page.getByText("打款失败", { exact: true }).first().waitFor();
    expect(await rebateOf(failed.member)).toBe(10_000);
  },
  "desktop",
);
