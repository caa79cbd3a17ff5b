/** Ops look after stock, brands, freight, stores and slots, and ship orders from a file. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim } from "../harness/claims";
import { Counter } from "../harness/counter";
import type { Window } from "../harness/pages";
import { Staff } from "../harness/staff";

const DAY_H = 24;
const button = ({ page }: Window, name: string) => page.getByRole("button", { name, exact: true });
const dialogOf = ({ page }: Window) => page.getByRole("dialog");

claim(
  "ops set the marks and shards of a SKU, and correct its count",
  async ({ world, open }) => {
    const { sku } = await world.product();
    const window = await open(`/console/skus/${sku}`, { as: await world.staff("ops") });
    const dialog = dialogOf(window);
    await button(window, "调整").click();
    await dialog.getByLabel("低库存线", { exact: true }).fill("3");
    await dialog.getByLabel("库存分片", { exact: true }).fill("4");
    await window.axe();
    await dialog.getByRole("button", { name: "保存", exact: true }).click();
    await dialog.waitFor({ state: "hidden" });
    await button(window, "盘点").click();
    await dialog.getByLabel("实际可售件数").fill("8");
    await dialog.getByLabel(/^原因/).fill("11 月盘点");
    await dialog.getByText("现有 10 件，盘亏 2 件：将记录 −2，更正后为 8 件。").waitFor();
    await dialog.getByRole("button", { name: "盘点", exact: true }).dblclick();
    await window.page.getByText("已更新，现有库存 8 件").waitFor();
    const { api } = await world.staff("ops");
    const now = await answer(api.GET("/v1/admin/skus/{sku}", { params: { path: { sku } } }));
    expect([now.shards, now.low_mark, now.stock.available]).toEqual([4, 3, 8]);
  },
  "desktop",
);

claim(
  "ops see each movement of a SKU and who made it, keep them as a file, and are told of a low mark",
  async ({ world, open }) => {
    const { sku } = await world.product();
    const { api } = await world.staff("ops");
    const path = { sku };
    const body = { low_mark: 20 };
    const header = { "If-Match": "1" };
    await answer(api.PATCH("/v1/admin/skus/{sku}", { params: { path, header }, body }));
    const params = { path, header: { "Idempotency-Key": world.key() } };
    const restock = { quantity: 5, reason: "到货单 118" };
    await answer(api.POST("/v1/admin/skus/{sku}/restock", { params, body: restock }));
    await world.local.drain();
    const window = await open("/console/", { as: await world.staff("ops") });
    const { page } = window;
    // The menu leads there, too.
    await page.locator("#main").getByRole("link", { name: "库存提醒" }).click();
    await page.getByRole("link", { name: sku }).waitFor();
    await window.axe();
    await page.getByRole("link", { name: sku }).click();
    await page.getByRole("link", { name: "查看库存流水" }).click();
    await page.getByText("10 → 15").waitFor();
    await page.getByText("到货单 118").waitFor();
    await page.getByText("0 → 10").waitFor();
    await window.axe();
    const save = page.getByRole("button", { name: /^导出/ }).first();
    await Promise.all([page.waitForEvent("download"), save.click()]);
  },
  "desktop",
);

claim(
  "a brand gets another name",
  async ({ world, open }) => {
    const id = world.key();
    const { api } = await world.staff("ops");
    const params = { header: { "Idempotency-Key": id } };
    const body = { id, title: { "zh-CN": `旧名 ${id}`, en: "Old" } };
    await answer(api.POST("/v1/admin/brands", { params, body }));
    const window = await open("/console/brands", { as: await world.staff("ops") });
    await button(window, `修改 旧名 ${id}`).click();
    const dialog = dialogOf(window);
    await dialog.getByLabel("中文名称", { exact: true }).fill(`新名 ${id}`);
    await dialog.getByRole("button", { name: "保存", exact: true }).click();
    await window.page.getByText(`新名 ${id}`).waitFor();
  },
  "desktop",
);

claim(
  "a freight template is made and changed",
  async ({ world, open }) => {
    const name = `快递 ${world.key()}`;
    const window = await open("/console/freight", { as: await world.staff("ops") });
    const dialog = dialogOf(window);
    const field = (label: string | RegExp) => dialog.getByLabel(label).first();
    await button(window, "新建运费模板").click();
    await field("中文名称").fill(name);
    await field("英文名称").fill("Parcel");
    await field(/^首费范围/).fill("1000");
    await field(/^首费(?!范围)/).fill("12");
    await window.axe();
    await dialog.getByRole("button", { name: "创建模板" }).click();
    const row = window.page.getByRole("row").filter({ hasText: name });
    await row.getByText("¥12.00").waitFor();
    await button(window, `修改 ${name}`).click();
    await field(/^首费(?!范围)/).fill("15");
    await dialog.getByRole("button", { name: "保存", exact: true }).click();
    await row.getByText("¥15.00").waitFor();
  },
  "desktop",
);

claim(
  "the staff notes something about an order",
  async ({ world, open }) => {
    const { order } = await approved(world);
    const window = await open(`/console/orders/${order}`, { as: await world.staff("ops") });
    const { page } = window;
    await page.getByLabel("备注内容").fill("会员来电，改约周末送货");
    await button(window, "添加备注").dblclick();
    await page.getByText("会员来电，改约周末送货").waitFor();
    expect(await page.getByText("会员来电，改约周末送货").count()).toBe(1);
    await window.axe();
  },
  "desktop",
);

claim(
  "orders are exported, shipped from a file, and not shipped twice",
  async ({ world, open }) => {
    const { order } = await approved(world);
    const window = await open("/console/orders/shipping", { as: await world.staff("ops") });
    const { page } = window;
    const [kept] = await Promise.all([
      page.waitForEvent("download"),
      button(window, "导出待发货订单").click(),
    ]);
    expect(kept.suggestedFilename()).toMatch(/\.csv$/);
    const number = `SF${world.key().slice(0, 12)}`;
    const text = `订单号,快递公司,运单号\n${order},顺丰,${number}\nord_nothing,顺丰,${number}\n`;
    const file = { name: "parcels.csv", mimeType: "text/csv", buffer: Buffer.from(text) };
    for (const sums of ["已发货 1 行，此前已发 0 行", "已发货 0 行，此前已发 1 行"]) {
      await page.locator("input[type=file]").setInputFiles(file);
      await button(window, "开始发货（2 行）").click();
      await page.getByText(sums).waitFor();
    }
    await page.getByText("ord_nothing").first().waitFor();
    await window.axe();
    await page.goto(new URL("/console/skus", page.url()).href);
    await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: /^导出/ }).first().click(),
    ]);
    await page.goto(new URL("/console/orders", page.url()).href);
    await Promise.all([
      page.waitForEvent("download"),
      page.locator(".lists").getByRole("button", { name: /^导出/ }).click(),
    ]);
  },
  "desktop",
);

claim(
  "ops close a slot, move who is booked for it, and change the store",
  async ({ world, open }) => {
    const counter = await Counter.of(world);
    const product = await world.product({ kind: "service" });
    const first = await counter.slot(product, DAY_H);
    await counter.slot(product, 2 * DAY_H);
    const member = await world.member({ points: 5000 });
    await world.local.drain();
    await counter.book(member, product, first);
    const as = await world.staff("ops");
    const window = await open(`/console/slots/${first}`, { as });
    const { page } = window;
    const dialog = dialogOf(window);
    await button(window, "改约").click();
    await dialog.getByLabel("改至").selectOption({ index: 0 });
    await window.axe();
    await dialog.getByRole("button", { name: "改约", exact: true }).click();
    await page.getByText("还没有预约").waitFor();
    await page.goto(new URL("/console/slots", page.url()).href);
    await page.getByLabel("服务").selectOption(product.id);
    await page.locator("article").first().or(button(window, "下一周")).first().waitFor();
    if ((await page.locator("article").count()) === 0) await button(window, "下一周").click();
    await page
      .getByRole("button", { name: /^修改 / })
      .first()
      .click();
    await dialog.getByLabel("停止预约").check();
    await dialog.getByRole("button", { name: "保存", exact: true }).click();
    await page.getByText("时段已保存").waitFor();
    await page.goto(new URL("/console/stores", page.url()).href);
    await button(window, `修改 ${counter.title}`).click();
    await dialog.getByLabel("地址（中文）").fill("静安区南京西路 2 号");
    await dialog.getByRole("button", { name: "保存", exact: true }).click();
    await page.getByText("门店已保存").waitFor();
    await window.axe();
  },
  "desktop",
);

/** An order that waits for its parcel. */
async function approved(world: Parameters<typeof Staff.of>[0]) {
  const product = await world.product();
  const member = await world.member({ points: 500, address: true });
  await world.local.drain();
  const params = { header: { "Idempotency-Key": world.key() } };
  const body = { items: [{ sku: product.sku, quantity: 1 }] };
  const order = (await answer(member.api.POST("/v1/orders", { params, body }))).id;
  await (await Staff.of(world)).approve(order);
  return { member, order };
}
