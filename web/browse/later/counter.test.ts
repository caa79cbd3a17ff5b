/** A booking whose time has come. */
import { expect } from "vitest";

import { claim } from "../harness/claims";
import { Counter } from "../harness/counter";

const HOUR_S = 3600;

claim(
  "the staff records that nobody came to a booking",
  async ({ world, open }) => {
    const counter = await Counter.of(world);
    const product = await world.product({ kind: "service" });
    const slot = await counter.slot(product, 2);
    const member = await world.member({ points: 500 });
    await world.local.drain();
    await counter.book(member, product, slot);
    await world.local.advance(4 * HOUR_S);
    const window = await open(`/console/slots/${slot}`, { as: await world.staff("ops") });
    const { page } = window;
    await page.getByRole("button", { name: "记为未到店", exact: true }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(/^原因/).fill("电话未接");
    await window.axe();
    await dialog.getByRole("button", { name: "记为未到店", exact: true }).click();
    await page.getByText("未到店").first().waitFor();
    const again = page.getByRole("button", { name: "记为未到店", exact: true });
    await expect.poll(() => again.count()).toBe(0);
  },
  "desktop",
);
