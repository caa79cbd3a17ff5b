/** Script that members and the staff wrote, and roles that change, in the console. */
import { answer } from "@jifen/shared/client";
import type { Page } from "playwright-core";
import { expect } from "vitest";

import { claim } from "../harness/claims";
import { Staff } from "../harness/staff";
import type { Person, World } from "../harness/world";

const SCRIPT = "<img src=x onerror=alert(1)>";
const TAG = "\"><script>alert(2)</script>{{'x'.repeat(3)}}";

/** Fails the claim where a page opens a dialog, or makes an element of what somebody wrote. */
function watched(page: Page): () => Promise<void> {
  const opened: string[] = [];
  page.on("dialog", (each) => {
    opened.push(each.message());
    void each.dismiss();
  });
  return async () => {
    expect(opened).toEqual([]);
    expect(await page.locator("img[src=x], main script").count()).toBe(0);
  };
}

/** A rejected order of a member, a product and an adjustment, all with script for words. */
async function written(world: World, ops: Person) {
  const member = await world.member({ points: 500 });
  await answer(member.api.PATCH("/v1/me", { body: { nickname: SCRIPT } }));
  const title = { "zh-CN": SCRIPT, en: SCRIPT };
  const description = { "zh-CN": TAG, en: TAG };
  const product = await world.product({ title, description, brand: SCRIPT });
  const address_id = await world.address(member);
  await world.local.drain();
  const params = { header: { "Idempotency-Key": world.key() } };
  const body = { items: [{ sku: product.sku, quantity: 1 }], address_id };
  const order = await answer(member.api.POST("/v1/orders", { params, body }));
  await (await Staff.of(world)).reject(order.id, TAG);
  const adjust = { path: { id: member.id }, header: { "Idempotency-Key": world.key() } };
  const change = { points: 50_000, reason: SCRIPT };
  await answer(
    ops.api.POST("/v1/admin/members/{id}/points/adjustments", { params: adjust, body: change }),
  );
  await world.local.drain();
  return { member, product, order };
}

claim(
  "script that members and the staff wrote is shown as text in the console",
  async ({ world, open }) => {
    const ops = await world.staff("ops");
    const { member, product, order } = await written(world, ops);
    const { page } = await open(null, { as: ops });
    const check = watched(page);
    const shown: [string, string][] = [
      [`/console/members/${member.id}`, SCRIPT],
      ["/console/adjustments", SCRIPT],
      [`/console/orders/${order.id}`, "<script>alert(2)</script>"],
      [`/console/orders?member_id=${member.id}&status=rejected`, "×1"],
      [`/console/skus/${product.sku}`, ""],
      [`/console/search?q=${encodeURIComponent(SCRIPT)}`, ""],
    ];
    for (const [path, text] of shown) {
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      if (text !== "") await page.getByText(text).first().waitFor();
      await check();
    }
    // The editor's own preview, and what it keeps of a draft.
    await page.goto(`/console/products/${product.id}`);
    await page.getByText(SCRIPT).first().waitFor();
    await check();
  },
  "desktop",
);

claim(
  "a role that is taken away takes its menu and its pages with it",
  async ({ world, open }) => {
    const ops = await world.staff("ops");
    const window = await open("/console/orders", { as: ops });
    const { page } = window;
    await page.getByRole("link", { name: "分类" }).first().waitFor();
    await page.waitForLoadState("networkidle");
    const me = await answer(ops.api.GET("/v1/me"));
    await page.route(/\/v1\/me$/, (route) => route.fulfill({ json: { ...me, roles: ["member"] } }));
    await page.route(/\/v1\/admin\//, (route) => {
      const problem = { code: "forbidden", title: "没有权限", detail: "没有权限", errors: [] };
      return route.fulfill({ status: 403, json: problem });
    });
    window.allow(/^answer: 403 /);
    await page.getByRole("link", { name: "分类" }).first().click();
    await page.getByRole("heading", { name: "此账号没有后台权限" }).waitFor();
    expect(await page.locator("#menu").count()).toBe(0);
    await page.unrouteAll({ behavior: "ignoreErrors" });
  },
  "desktop",
);
