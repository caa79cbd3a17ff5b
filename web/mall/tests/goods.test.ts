import { describe, expect, it } from "vitest";

import { richText } from "../src/pages/goods/richText";
import { shelfOf } from "../src/parts/shelf";
import { firstChoice, isToBeHad, matrixOf, pressed, skuOf } from "../src/pages/goods/specs";

const sku = (code: string, specs: Record<string, string>, available: number) => ({
  sku: code,
  specs,
  stock: { status: available ? ("in_stock" as const) : ("sold_out" as const), available },
});
const tees = [
  sku("RS", { 色: "红", 码: "S" }, 0),
  sku("RM", { 色: "红", 码: "M" }, 5),
  sku("BS", { 色: "蓝", 码: "S" }, 5),
  sku("BM", { 色: "蓝", 码: "M" }, 0),
];
const axes = [
  { name: "色", values: ["红", "蓝"] },
  { name: "码", values: ["S", "M"] },
];

describe("a choice of specs", () => {
  it("begins with what is to be had", () => {
    expect(skuOf(firstChoice(tees), tees)?.sku).toBe("RM");
    expect(firstChoice([tees[0]])).toEqual({ 色: "红", 码: "S" });
    expect(firstChoice([])).toEqual({});
  });

  it("marks what is not to be had beside what is chosen", () => {
    const choice = { 色: "红", 码: "M" };
    expect(isToBeHad("码", "S", choice, tees)).toBe(false);
    expect(isToBeHad("色", "蓝", choice, tees)).toBe(false);
    expect(isToBeHad("色", "红", choice, tees)).toBe(true);
  });

  it("frees a spec that is pressed again, so that every SKU can be reached", () => {
    const free = pressed("码", "M", { 色: "红", 码: "M" });
    expect(free).toEqual({ 色: "红" });
    expect(skuOf(free, tees)).toBeNull();
    expect(isToBeHad("色", "蓝", free, tees)).toBe(true);
    expect(pressed("色", "蓝", free)).toEqual({ 色: "蓝" });
  });

  it("tells SKUs of an earlier release apart that are no matrix", () => {
    expect(matrixOf(axes, tees, "规格")).toEqual({ axes, skus: tees });
    const old = [sku("A", {}, 1), sku("B", {}, 1), sku("C", { 色: "红" }, 1)];
    const made = matrixOf([axes[0]], old, "规格");
    expect(made.axes).toEqual([{ name: "规格", values: ["A", "B", "红"] }]);
    expect(skuOf({ 规格: "B" }, made.skus)?.sku).toBe("B");
    const twins = [sku("A", { 色: "红" }, 1), sku("B", { 色: "红" }, 1)];
    expect(matrixOf([axes[0]], twins, "规格").axes[0].values).toEqual(["红", "B"]);
  });

  it("is the only SKU of a product without specs", () => {
    const only = [sku("A", {}, 1)];
    expect(matrixOf([], only, "规格")).toEqual({ axes: [], skus: only });
    expect(skuOf({}, only)?.sku).toBe("A");
  });
});

describe("a description", () => {
  it("gives each element its style, and pictures their host", () => {
    const html = '<p>杯</p><img alt="a" src="/pictures/a.jpg"><img src="https://a.example/b.jpg">';
    const made = richText(html, "https://mall.example");
    expect(made).toContain('<p style="');
    expect(made).toContain('src="https://mall.example/pictures/a.jpg"');
    expect(made).toContain('src="https://a.example/b.jpg"');
    expect(richText("a &lt;p b", "")).toBe("a &lt;p b");
    expect(richText("<strong>a</strong>", "")).toBe("<strong>a</strong>");
  });
});

it("a shelf has what is sold out behind the rest", () => {
  const row = (status: "in_stock" | "sold_out", id: number) => ({
    ...{ id, stock: { status, available: 1 } },
  });
  const rows = [row("sold_out", 1), row("in_stock", 2), row("in_stock", 3)];
  expect(shelfOf(rows, 2).map(({ id }) => id)).toEqual([2, 3]);
  expect(shelfOf(rows, 3).map(({ id }) => id)).toEqual([2, 3, 1]);
});
