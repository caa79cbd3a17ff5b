/** Points whose time runs out, and a gift that nobody came for. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim, matrix } from "../harness/claims";
import { Staff } from "../harness/staff";
import type { Person } from "../harness/world";

const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;

async function availableOf(member: Person): Promise<number> {
  return (await answer(member.api.GET("/v1/me/points"))).available;
}

claim(
  "points that expire soon are told, and once they lapse the history says so",
  async ({ world, open }) => {
    const member = await world.member({ points: 300 });
    const { now } = await world.local.info();
    const expires_at = new Date(Date.parse(now) + 2 * DAY_S * 1000).toISOString();
    const staff = await Staff.of(world);
    await staff.give(member, { points: 80, reason: "周年礼", expires_at });
    const window = await open("/pages/points/index", { as: member });
    window.allow(/^answer: 401 /);
    const { page } = window;
    await page.getByText("380", { exact: true }).first().waitFor();
    await page.getByRole("row").filter({ hasText: "80" }).first().waitFor();
    await world.local.advance(2 * DAY_S + HOUR_S);
    await world.local.run("expire_points");
    await world.local.drain();
    await page.goto("/pages/points/history");
    await page.getByRole("button", { name: /到期.*-80|−80/ }).click();
    await window.axe();
    expect(await availableOf(member)).toBe(300);
  },
);

matrix(
  "a gift that nobody came for in seven days is back, and its giver is told",
  async (stage) => {
    const { world, open } = stage;
    const member = await world.member({ points: 500 });
    const params = { header: { "Idempotency-Key": world.key() } };
    const body = { to: { phone: world.phone() }, points: 60 };
    await answer(member.api.POST("/v1/me/points/transfers", { params, body }));
    expect(await availableOf(member)).toBe(440);
    await world.local.advance(7 * DAY_S + HOUR_S);
    await world.local.run("sweep_holds");
    await world.local.drain();
    const window = await open("/pages/points/history", { as: member });
    const { page } = window;
    await page.getByRole("button", { name: /\+60/ }).click();
    await page.getByRole("dialog").waitFor();
    await window.axe();
    expect(await availableOf(member)).toBe(500);
    await page.goto("/pages/inbox/index");
    await page.getByText(/60/).first().waitFor();
  },
);
