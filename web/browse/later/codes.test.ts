/** The file of a batch of codes, a day later. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim } from "../harness/claims";
import { Coupons } from "../harness/coupons";

const DAY = 24 * 3_600;

claim("the file of a batch of codes is kept for a day, and written again", async (stage) => {
  const { world, open } = stage;
  const { id } = await new Coupons(world).published({ total: 10 });
  const { api } = await world.staff("ops");
  const params = { path: { id }, header: { "Idempotency-Key": world.key() } };
  const body = { count: 3 };
  await answer(api.POST("/v1/admin/coupon-templates/{id}/code-batches", { params, body }));
  await world.local.advance(1);
  await world.local.run("sweep_coupons");
  await world.local.advance(DAY);
  const window = await open(`/console/coupon-templates/${id}`, { as: await world.staff("ops") });
  const { page } = window;
  await page.getByRole("button", { name: /^重新导出/ }).click();
  await page.getByText("生成中").first().waitFor();
  await window.axe();
  const ready = async () => {
    await world.local.advance(1);
    await world.local.run("sweep_coupons");
    await page.reload();
    await page.getByText(/^(生成中|可下载)$/).waitFor();
    return page.getByRole("link", { name: /^下载/ }).count();
  };
  await expect.poll(ready, { interval: 1_000 }).toBe(1);
});
