/** Prices of tiers and of times, and limits: ops set them, members see them, ops take them away. */
import { answer } from "@jifen/shared/client";
import { expect } from "vitest";

import { claim } from "../harness/claims";

claim(
  "ops set prices of tiers and times and limits, which members see, and take them away",
  async ({ world, open }) => {
    const ops = await world.staff("ops");
    const { id } = await world.product({ price: { points: 1000 } });
    const path = { id };
    const now = () => answer(ops.api.GET("/v1/admin/products/{id}", { params: { path } }));
    const window = await open(`/console/products/${id}`, { as: ops });
    window.allow(/^answer: 400 PATCH .*products/);
    const { page } = window;
    const button = (name: string) => page.getByRole("button", { name, exact: true });
    const group = (name: string) => page.getByRole("group", { name, exact: true });
    const save = async () => {
      await button("保存").click();
      await page.getByText("已保存", { exact: true }).first().waitFor();
      await button("保存").waitFor({ state: "detached" });
    };

    await button("添加等级价").click();
    await group("等级价 1").getByLabel("会员等级").fill("gold");
    await group("等级价 1").getByLabel("等级积分价").fill("1200");
    await button("添加限时价").click();
    await group("限时价 1").getByLabel("开始").fill("2101-11-11T00:00");
    await group("限时价 1").getByLabel("结束").fill("2101-11-12T00:00");
    await group("限时价 1").getByLabel("限时积分价").fill("600");
    await page.getByLabel("每人每月（件）").fill("2");
    await button("添加等级限兑").click();
    await group("等级限兑 1").getByLabel("会员等级").fill("gold");
    await group("等级限兑 1").getByLabel("每人每月（件）").fill("5");
    await button("保存").click();
    await page.getByText("不能大于积分价").waitFor();
    await group("等级价 1").getByLabel("等级积分价").fill("800");
    await button("保存").click();
    // The API alone knows the years; its refusal stands at the field.
    await group("限时价 1").getByText("年份须在 2000 至 2100 之间").first().waitFor();
    await window.axe();
    await group("限时价 1").getByLabel("开始").fill("2099-11-11T00:00");
    await group("限时价 1").getByLabel("结束").fill("2099-11-12T00:00");
    await group("兑换条件")
      .getByText(
        "金卡会员 800 积分；2099年11月11日 00:00 至 24:00 全员 600 积分；每人每月限 2 件；金卡会员每人每月限 5 件",
      )
      .waitFor();
    await save();
    expect((await now()).timed_prices.map(({ from, until }) => [from, until])).toEqual([
      ["2099-11-10T16:00:00Z", "2099-11-11T16:00:00Z"],
    ]);

    const mall = await open(`/pages/goods/product?id=${id}`);
    await mall.page.getByText("金卡会员专享 800 积分").waitFor();
    await mall.page.getByText("2099/11/11 00:00 起限时 600 积分").waitFor();
    await mall.page.getByText("每人每月限兑 2 件").waitFor();

    await page.getByLabel("积分价", { exact: true }).fill("900");
    await group("限时价 1").getByLabel("开始").fill("2026-11-01T00:00");
    await page.getByLabel("仅限等级").fill("gold、diamond");
    await window.axe();
    await save();
    const changed = await now();
    expect(changed.price.tier_points).toEqual({ gold: 800 });
    expect(changed.limits.tiers?.gold.per_member_month).toBe(5);
    await mall.page.reload();
    await mall.page.getByText("平时 900 积分").waitFor();
    await mall.page.getByText("仅限金卡会员、钻石会员兑换").waitFor();

    await button("移除等级价 1").click();
    await button("移除限时价 1").click();
    await button("移除等级限兑 1").click();
    await page.getByLabel("仅限等级").fill("");
    await page.getByLabel("每人每月（件）").fill("");
    await group("兑换条件").getByText("所有会员同价").waitFor();
    await save();
    const { price, limits, tiers, timed_prices } = await now();
    expect([price.tier_points, tiers, timed_prices]).toEqual([null, [], []]);
    expect(new Set(Object.values(limits))).toEqual(new Set([null]));
    await mall.page.reload();
    await mall.page.getByText("每人每月限兑").waitFor({ state: "detached" });
    expect(await mall.page.getByText("金卡会员").count()).toBe(0);
  },
  "desktop",
);
