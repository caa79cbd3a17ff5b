/** A day without a check-in, made up later. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim } from "../harness/claims";

claim(
  "a missed day is made up: the days in a row are whole, and it pays nothing",
  async (stage) => {
    const { world, open, beside } = stage;
    const member = await world.member();
    const checkIn = () =>
      answer(
        member.api.POST("/v1/me/check-ins", {
          params: { header: { "Idempotency-Key": world.key() } },
        }),
      );
    const first = await checkIn();
    const missed = await world.local.noon();
    await world.local.noon();
    const window = await open("/pages/tasks/check-in", { as: member });
    window.allow(/^answer: 409 POST .*make-ups$/, /^answer: 401 /);
    const { page } = window;
    await page.getByRole("button", { name: /^签到 \+/ }).click();
    await page.getByText("已连续签到 1 天").waitFor();
    const before = (await answer(member.api.GET("/v1/me/check-ins"))).earned;

    const late = await beside(window, "/pages/tasks/check-in");
    for (const { page: each } of [window, late]) {
      await each.getByText("已连续签到 1 天").waitFor();
      const shown = (await answer(member.api.GET("/v1/me/check-ins"))).month;
      if (!missed.startsWith(shown)) await each.getByRole("button", { name: "上个月" }).click();
      await each.getByRole("button", { name: new RegExp(`^补签`) }).click();
      await each.getByRole("dialog").getByText("补签只恢复连续天数").waitFor();
    }
    await window.axe();
    await page.getByRole("dialog").getByRole("button", { name: "补签", exact: true }).dblclick();
    await page.getByText("已连续签到 3 天").waitFor();
    await page.getByText("已补签").first().waitFor({ state: "attached" });
    await window.axe();
    await late.page.getByRole("dialog").getByRole("button", { name: "补签", exact: true }).click();
    await late.page.getByRole("dialog").getByRole("alert").waitFor();
    const after = await answer(member.api.GET("/v1/me/check-ins"));
    expect([after.streak_days, after.earned]).toEqual([3, before]);
    expect(first.streak_days).toBe(1);
  },
);
