/** Cash that goes back or never came, invoices, and what the provider told. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, type Stage } from "../harness/claims";
import { Money } from "../harness/money";
import type { Window } from "../harness/pages";
import { Staff } from "../harness/staff";
import type { Person, World } from "../harness/world";

const REASON = "原因（必填，记入操作日志）";
const TO_BANK = "银行流水号";
/** A card whose refunds wait for the bank, so that a claim lets them fail. */
const SLOW_REFUNDS = "pm_card_pendingRefund";
const SHIPPED = { points: 5_000, address: true };

async function businessOf(world: World) {
  const staff = await Staff.of(world);
  return { staff, money: new Money(world, staff) };
}

/** An order over ¥50.00 whose refund the bank has sent back. */
async function failedRefund(world: World) {
  const { staff, money } = await businessOf(world);
  const member = await world.member(SHIPPED);
  const order = await money.order(await money.goods(5_000), member);
  await money.start(order, member);
  await world.local.pay(order, "pay", SLOW_REFUNDS);
  await world.local.drain();
  await staff.approve(order);
  await staff.refund(order, "缺货");
  await world.local.drain();
  await world.local.refund(order, "fail");
  await world.local.drain();
  return { member, order };
}

/** Finance on the list of failed refunds, and the buttons of an order's line. */
async function atRefunds({ world, open }: Stage, order: string) {
  const window = await open("/console/refunds?state=failed", { as: await world.staff("finance") });
  const row = window.page.getByRole("row").filter({ hasText: order.slice(0, 10) });
  const press = (name: string) => row.getByRole("button", { name, exact: true }).click();
  const { page } = window;
  return { window, page, row, press, dialog: page.getByRole("dialog") };
}

async function refundsOf(member: Person, id: string) {
  const params = { path: { id } };
  const { refunds } = await answer(member.api.GET("/v1/orders/{id}", { params }));
  return refunds.map((refund) => refund.status);
}

claim(
  "a refund that the bank sent back is sent again, and reaches the member",
  async (stage) => {
    const { world } = stage;
    const { member, order } = await failedRefund(world);
    const { window, page, row, press, dialog } = await atRefunds(stage, order);
    await window.axe();
    await press("重新退款");
    await dialog.getByText("¥50.00").first().waitFor();
    await dialog.getByRole("button", { name: "重新退款" }).dblclick();
    await page.getByText("已重新发起退款 ¥50.00").waitFor();
    await row.waitFor({ state: "detached" });
    await world.local.drain();
    await world.local.refund(order, "succeed");
    await world.local.drain();
    expect(await refundsOf(member, order)).toEqual(["succeeded"]);
  },
  "desktop",
);

claim(
  "a refund that finance paid by the bank is recorded under the bank's number",
  async (stage) => {
    const { member, order } = await failedRefund(stage.world);
    const { window, page, press, dialog } = await atRefunds(stage, order);
    await press("线下已退");
    await dialog.getByLabel(TO_BANK).fill(`BOC-${stage.world.key()}`);
    await window.axe();
    await dialog.getByRole("button", { name: "线下已退" }).dblclick();
    await page.getByText("已登记线下退款 ¥50.00").waitFor();
    expect(await refundsOf(member, order)).toEqual(["succeeded"]);
  },
  "desktop",
);

claim(
  "a refund that the payer got in another way is waived with a reason",
  async (stage) => {
    const { order } = await failedRefund(stage.world);
    const { page, row, press, dialog } = await atRefunds(stage, order);
    await press("无需再退");
    await dialog.getByLabel(REASON).fill("付款人已由银行拒付取回");
    await dialog.getByRole("button", { name: "无需再退" }).dblclick();
    await page.getByText("已关闭，¥50.00 无需再退").waitFor();
    await row.waitFor({ state: "detached" });
  },
  "desktop",
);

claim(
  "a parcel that comes back unpaid gives the goods back, and the carrier owes nothing for it",
  async ({ world, open }) => {
    const { money } = await businessOf(world);
    const member = await world.member(SHIPPED);
    const order = await money.delivered(await money.goods(6_000), member);
    const window = await open(`/console/orders/${order}`, { as: await world.staff("ops") });
    const { page } = window;
    await page.getByText("已代收", { exact: true }).first().waitFor();
    await page.getByRole("button", { name: "拒收退回" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText(/¥60\.00/).waitFor();
    await dialog.getByLabel(REASON).fill("收件人拒收");
    await window.axe();
    await dialog.getByRole("button", { name: "拒收退回" }).dblclick();
    await page.getByText("已登记退回").waitFor();
    const params = { path: { id: order } };
    const now = await answer(member.api.GET("/v1/orders/{id}", { params }));
    expect(now.payment?.status).toBe("cancelled");
  },
  "desktop",
);

claim(
  "what a carrier paid is recorded for the orders of its list, and for none twice",
  async ({ world, open }) => {
    const { money } = await businessOf(world);
    const [goods, member] = [await money.goods(6_000), await world.member(SHIPPED)];
    const orders = [await money.delivered(goods, member), await money.delivered(goods, member)];
    const window = await open("/console/cod-remittances", { as: await world.staff("admin") });
    const { page } = window;
    const list = orders.map((id, at) => `${at + 1}, ${id}, 已签收`).join("\n");
    await page.getByLabel("粘贴快递公司的清单，系统自动识别其中的订单号").fill(list);
    await page.getByRole("button", { name: "添加 2 个订单" }).click();
    await page.getByText("已选 2 个订单，合计 ¥120.00").waitFor();
    await page.getByLabel(TO_BANK).fill(`SF-${world.key()}`);
    await window.axe();
    await page.getByRole("button", { name: "登记回款" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "登记回款" }).dblclick();
    await page.getByText("已登记回款 ¥120.00").waitFor();
    await page.getByLabel("粘贴快递公司的清单，系统自动识别其中的订单号").fill(orders[0] ?? "");
    await page.getByRole("button", { name: "添加 1 个订单" }).click();
    await page.getByText("没有代收，或已登记回款").waitFor();
  },
  "desktop",
);

/** Type the number of an invoice that was issued, and record it. */
async function issue({ page }: Window, name: string, number: string): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/^发票号码（必填）/).fill(number);
  await dialog.getByRole("button", { name, exact: true }).dblclick();
  await dialog.waitFor({ state: "hidden" });
}

claim(
  "an invoice is issued by its number, and a refund after it wants a red one",
  async ({ world, open }) => {
    const { staff, money } = await businessOf(world);
    const member = await world.member(SHIPPED);
    const code = await money.goods(4_000, { kind: "virtual" });
    const order = await money.paid(code, member);
    const number = String(Date.now()).padStart(20, "2");
    const theirs = await open(`/pages/order/invoice?id=${order}`, { as: member });
    theirs.allow(/^answer: 404 GET .*\/invoice$/);
    await theirs.page.getByLabel("姓名").fill("李雷");
    await theirs.page.getByLabel("接收邮箱").fill("lilei@example.com");
    await theirs.page.getByRole("button", { name: "提交申请" }).click();
    await theirs.page.getByText("¥40.00").first().waitFor();
    const window = await open("/console/invoices", { as: await world.staff("finance") });
    const { page } = window;
    await page
      .getByRole("row")
      .filter({ hasText: order.slice(0, 10) })
      .getByText("李雷")
      .click();
    await page.waitForURL(/\/invoices\/./);
    await issue(window, "登记开票", number);
    await page.getByText(number).waitFor();
    await staff.refund(order, "券码无法使用");
    await world.local.drain();
    await page.reload();
    await page.getByText("已开 ¥40.00，实付现为 ¥0.00，尚须红冲 ¥40.00。").waitFor();
    await window.axe();
    await issue(window, "登记红字发票", number.replace(/^2/, "3"));
    await page.getByText("已红冲", { exact: true }).first().waitFor();
    await window.axe();
    await theirs.page.reload();
    await theirs.page.getByText(number).waitFor();
  },
  "desktop",
);

claim(
  "a notification of the provider is found by its object, and handled once more",
  async ({ world, open }) => {
    const { money } = await businessOf(world);
    const member = await world.member(SHIPPED);
    const order = await money.paid(await money.goods(3_000), member);
    const [paid] = await world.local.paymentsOf(order);
    const window = await open("/console/webhooks", { as: await world.staff("ops") });
    const { page } = window;
    await page.getByLabel("支付平台的编号").fill(paid?.payment.id ?? "");
    await page.keyboard.press("Enter");
    const row = page.getByRole("row").filter({ hasText: "payment_intent.succeeded" });
    await row.getByText("会处理").waitFor();
    await window.axe();
    await row.getByRole("button", { name: "重新处理" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "重新处理" }).dblclick();
    await page.getByText(/累计重新处理 1 次/).waitFor();
    await world.local.drain();
    const params = { path: { id: order } };
    expect((await answer(member.api.GET("/v1/orders/{id}", { params }))).payment?.status).toBe(
      "succeeded",
    );
  },
  "desktop",
);

claim(
  "an order whose payment nobody told of is checked at the provider",
  async ({ world, open }) => {
    const { money } = await businessOf(world);
    const member = await world.member(SHIPPED);
    const order = await money.paid(await money.goods(3_000), member);
    const { page } = await open(`/console/orders/${order}`, { as: await world.staff("ops") });
    await page.getByRole("button", { name: "与支付平台核实" }).click();
    await page.getByText(/^已核实，订单为最新状态：/).waitFor();
    await page.getByRole("button", { name: "查看编号" }).click();
    await page.getByText(/^pi_/).first().waitFor();
  },
  "desktop",
);
