/** Finance closes a day: its totals tie, its files are the published ones, its findings have a reason. */
import { createHash } from "node:crypto";
import { buffer, text } from "node:stream/consumers";

import { answer } from "@jifen/shared/client";
import type { Download, Page } from "playwright-core";
import { beforeAll, expect, inject } from "vitest";

import { claim, matrix } from "../harness/claims";
import { World } from "../harness/world";
import { settledDay, type SettledDay } from "./settledDay";

const MINUTES_5 = 300_000;
/** A page of the first settled day looks for the day before. */
const FIRST_DAY = /^answer: 404 GET .*\/settlements\/[\d-]+-CNY$/;
const YUAN = new Intl.NumberFormat("zh-CN", { style: "currency", currency: "CNY" });
const WORDS = {
  allTie: { "zh-CN": /^\d+ 项合计均与明细相符。$/, en: /^All \d+ totals tie with their lines\.$/ },
  compare: { "zh-CN": "查看", en: "Compare" },
  explain: { "zh-CN": "说明并关闭", en: "Explain and close" },
  note: { "zh-CN": /^说明（必填/, en: /^Note \(required/ },
  paid: { "zh-CN": /^订单收款 /, en: /^Cash paid for orders / },
  tie: { "zh-CN": /与账上未使用数相符/, en: /this ties with the ledger/ },
};

let day: SettledDay;
beforeAll(async () => {
  day = await settledDay(new World(inject("mall"), "zh-CN"));
}, MINUTES_5);

const finance = (world: World) => world.staff("finance", "books");

async function downloaded(page: Page, press: () => Promise<void>): Promise<Download> {
  const [file] = await Promise.all([page.waitForEvent("download"), press()]);
  return file;
}

async function figureOf(world: World, section: string, name: string) {
  const { api } = await finance(world);
  const params = { path: { id: day.settlement } };
  const { figures } = await answer(api.GET("/v1/admin/settlements/{id}", { params }));
  const found = figures.find((each) => each.section === section && each.name === name);
  if (found === undefined) throw new Error(`no ${section} ${name} in ${day.settlement}`);
  return found;
}

matrix("finance opens the settlement of a day, and a total ties to its lines", async (stage) => {
  const { world, open, language } = stage;
  const window = await open("/console/settlements", { as: await finance(world) });
  const { page } = window;
  window.allow(FIRST_DAY);
  await page.getByRole("link", { name: day.day }).click();
  await page.getByText(WORDS.allTie[language]).waitFor();
  await window.axe();
  const paid = await figureOf(world, "orders", "cash_paid");
  await page.getByRole("button", { name: WORDS.paid[language] }).click();
  const lines = page.getByRole("dialog").getByRole("row");
  await lines.last().waitFor();
  await window.axe();
  // Its head and its sum stand beside the lines.
  expect(await lines.count()).toBe(paid.lines + 2);
  await lines
    .last()
    .getByText(YUAN.format(paid.value / 100))
    .waitFor();
});

claim(
  "a file of the day is downloaded, byte for byte the published one",
  async ({ world, open }) => {
    const window = await open(`/console/settlements/${day.settlement}`, {
      as: await finance(world),
    });
    const { page } = window;
    window.allow(FIRST_DAY);
    const link = page.getByRole("link", { name: "orders.csv" });
    const file = await downloaded(page, () => link.click());
    const bytes = await buffer(await file.createReadStream());
    const row = page.getByRole("row").filter({ has: link });
    await row.getByText(createHash("sha256").update(bytes).digest("hex")).waitFor();
    await row.getByText("与发布时一致").waitFor();
  },
  "desktop",
);

claim(
  "the files of a day are built again, and the job tells that they are the same",
  async ({ world, open }) => {
    const window = await open(`/console/settlements/${day.settlement}`, {
      as: await finance(world),
    });
    const { page } = window;
    window.allow(FIRST_DAY);
    await page.getByRole("button", { name: "重建文件" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "重建文件" }).dblclick();
    await page.getByText("重建的文件与已发布的逐字节一致。").waitFor();
    await window.axe();
    const job = new URL(page.url()).searchParams.get("job") ?? "";
    await page.goto("/console/jobs");
    await page.getByLabel("任务编号").fill(job);
    await page.keyboard.press("Enter");
    await page.getByText("重建的文件与已发布的逐字节一致。").waitFor();
  },
  "desktop",
);

claim(
  "a list is exported as it is shown",
  async ({ world, open }) => {
    const { page } = await open("/console/settlements", { as: await finance(world) });
    const save = page.getByRole("button", { name: "导出本页" });
    const file = await downloaded(page, () => save.click());
    const shown = await text(await file.createReadStream());
    expect(shown.split("\r\n")[0]).toContain("日期,收款,退款,使用积分,退回积分,结算时间,未清项");
    expect(shown).toContain(`${day.day} CNY,`);
  },
  "desktop",
);

matrix("finance explains a finding, and it leaves the list", async (stage) => {
  const { world, open, say, language } = stage;
  const person = await finance(world);
  const window = await open("/console/findings", { as: person });
  const { page } = window;
  const rows = page.getByRole("button", { name: say(WORDS.compare), exact: true });
  await rows.first().waitFor();
  const before = await rows.count();
  await window.axe();
  await rows.first().click();
  await page.getByRole("button", { name: say(WORDS.explain), exact: true }).click();
  const dialog = page.getByRole("dialog").last();
  await dialog.getByLabel(WORDS.note[language]).fill("支付平台测试扣款，已核实");
  await window.axe();
  await dialog.getByRole("button", { name: say(WORDS.explain), exact: true }).dblclick();
  await expect.poll(() => rows.count()).toBe(before - 1);
  const query = { status: "explained" as const };
  const kept = await answer(
    person.api.GET("/v1/admin/reconciliation-findings", { params: { query } }),
  );
  expect(kept.data.map((each) => each.explained_by)).toContain(person.id);
});

matrix("the liability is a chart, and a table that ties to the books", async (stage) => {
  const { world, open, language } = stage;
  const window = await open("/console/liability", { as: await finance(world) });
  const { page } = window;
  await page.locator("canvas, svg[role=img], [role=img]").first().waitFor();
  await page.getByText(WORDS.tie[language]).waitFor();
  await window.axe();
  await window.walk();
  const csv = await downloaded(page, () => page.getByRole("button", { name: /CSV/ }).click());
  const lines = (await text(await csv.createReadStream())).trim().split("\r\n");
  expect(lines.some((line) => line.includes(",total,"))).toBe(true);
  const svg = await downloaded(page, () => page.getByRole("button", { name: /SVG/ }).click());
  expect(await text(await svg.createReadStream())).toContain("<svg");
});

claim(
  "the month's accounts balance, and what is open has its age",
  async ({ world, open }) => {
    const month = day.day.slice(0, 7);
    const window = await open(`/console/trial-balances?month=${month}`, {
      as: await finance(world),
    });
    const { page } = window;
    await page.getByText(/^借贷平衡：借方合计/).waitFor();
    await page.getByText(`cod:${day.owed}`).waitFor();
    await window.axe();
  },
  "desktop",
);

claim(
  "what a carrier owes by the books is chosen, and recorded as paid",
  async ({ world, open }) => {
    const window = await open("/console/cod-remittances", { as: await finance(world) });
    const { page } = window;
    const debt = page.getByRole("checkbox", { name: `选择订单 ${day.owed}` });
    await debt.check();
    await page.getByText("已选 1 个订单，合计 ¥50.00").waitFor();
    await window.axe();
    await page.getByLabel("银行流水号").fill(`SF-${world.key()}`);
    await page.getByRole("button", { name: "登记回款" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "登记回款" }).dblclick();
    await page.getByText("已登记回款 ¥50.00").waitFor();
    await debt.waitFor({ state: "detached" });
  },
  "desktop",
);

claim(
  "a day held against the provider's books says what differs, in one sum",
  async ({ world, open }) => {
    const window = await open("/console/reconciliations", { as: await finance(world) });
    const { page } = window;
    await page.getByRole("link", { name: day.day }).click();
    await page.getByText("双方相差的金额都有对应的差异记录，没有无法解释的金额。").waitFor();
    await window.axe();
    await page.goto("/console/totals");
    await page.getByText("每天的收支都与日终总数相符，并与前一天衔接。").waitFor();
    await page.goto("/console/verification");
    await page.getByLabel("会员号").fill(day.member.id);
    await page.keyboard.press("Enter");
    await page.getByText(/^核对通过：/).waitFor();
    await page.goto("/console/audit");
    await page.getByText("说明对账差异").first().waitFor();
    await window.axe();
  },
  "desktop",
);
