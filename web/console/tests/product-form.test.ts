import { describe, expect, it, vi } from "vitest";

import { Times } from "@jifen/shared/times";

vi.mock("../src/program", () => ({ CURRENCY: "CNY", ZONE: "Asia/Shanghai" }));

const { changeOf, draftOf, firstForm, formOf } = await import("../src/areas/goods/editor/form");
const { flatOf, formOfFlat } = await import("../src/areas/goods/editor/flat");
const { mistakesOf } = await import("../src/areas/goods/editor/checks");
const { waysOf } = await import("../src/areas/goods/editor/paying");
const { pictureMistake, weights } = await import("../src/areas/goods/editor/pictures");

const times = new Times("Asia/Shanghai", () => "zh-CN");
const CNY = (amount: number) => ({ amount, currency: "CNY" });
const product = {
  id: "prd_1",
  version: 3,
  title: { "zh-CN": "保温杯", en: "Cup" },
  description: { "zh-CN": "316 不锈钢", en: "" },
  kind: "physical" as const,
  category: "home",
  brand: null,
  scene: ["办公", "送礼"],
  pictures: ["/pictures/cup.svg"],
  price: {
    points: 800,
    cash: CNY(500),
    cash_equivalent: CNY(4000),
    min_points: null,
    tier_points: null,
  },
  cost: CNY(123_456),
  limits: {
    per_member: 2,
    per_member_day: null,
    per_member_month: null,
    per_order: null,
    tiers: null,
  },
  tiers: [],
  status: "on_sale" as const,
  on_sale_from: "2026-11-30T16:00:00Z",
  on_sale_until: null,
  specs: [{ name: "颜色", values: ["红色"] }],
  skus: [{ sku: "CUP-RED", specs: { 颜色: "红色" }, stock: 7, shards: 1, weight_grams: null }],
  details: { "zh-CN": "<p>好</p>", en: "" },
  validity: null,
  use_rules: { "zh-CN": "", en: "" },
  created_at: "2026-11-21T08:00:00Z",
  updated_at: "2026-11-21T08:00:00Z",
  freight_template: null,
  timed_prices: [],
  spec_words: { 红色: { "zh-CN": "", en: "Red" } },
};
const form = () => formOf(product, times);
const known = new Set(["CUP-RED"]);

describe("a product in a form", () => {
  it("shows money in major units, and times by the program's clock", () => {
    expect([form().cost, form().on_sale_from, form().scene]).toEqual([
      "1234.56",
      "2026-12-01T00:00",
      "办公、送礼",
    ]);
  });

  it("says no least points as the API means them: cash may replace all", () => {
    expect(form().price.min_points).toBe("0");
  });

  it("is unchanged as long as nobody typed", () => {
    expect(changeOf(form(), form(), times)).toEqual({});
  });

  it("sends the words of specs that changed, and no SKU", () => {
    const mine = form();
    mine.spec_words[0].en = "Cherry";
    const spec_words = { 红色: { "zh-CN": "", en: "Cherry" } };
    expect(changeOf(form(), mine, times)).toEqual({ spec_words });
  });

  it("sends what changed alone", () => {
    const mine = form();
    mine.title.en = " Thermos cup ";
    mine.on_sale_until = "2026-12-31T23:59";
    mine.limits.per_member = "";
    expect(changeOf(form(), mine, times)).toEqual({
      title: { "zh-CN": "保温杯", en: "Thermos cup" },
      on_sale_until: "2026-12-31T15:59:00.000Z",
      limits: {
        per_member: null,
        per_member_day: null,
        per_member_month: null,
        per_order: null,
        tiers: null,
      },
    });
  });

  it("sends first stock for new SKUs alone, at their place in the form", () => {
    const mine = form();
    mine.skus.push({ sku: "CUP-BLUE", specs: [{ name: "", value: "" }], stock: "9" });
    expect(changeOf(form(), mine, times).skus).toEqual([
      { sku: "CUP-RED", specs: { 颜色: "红色" } },
      { sku: "CUP-BLUE", specs: {}, stock: 9 },
    ]);
  });

  it("gives codes no stock of their own", () => {
    const draft = draftOf({ ...form(), kind: "virtual" }, times);
    expect(draft.skus.map(({ stock }) => stock)).toEqual([0]);
  });

  it("says a validity in days, or in moments of the program's clock", () => {
    const mine = { ...form(), kind: "virtual" as const };
    mine.validity = { way: "days", days: "30", from: "", until: "" };
    expect(draftOf(mine, times).validity).toEqual({ days: 30 });
    mine.validity = { way: "times", days: "", from: "", until: "2027-01-01T00:00" };
    expect(draftOf(mine, times).validity).toEqual({
      from: null,
      until: "2026-12-31T16:00:00.000Z",
    });
    expect(draftOf({ ...mine, kind: "physical" }, times).validity).toBeNull();
    const until = { days: null, from: null, until: "2026-12-31T16:00:00Z" };
    expect(formOf({ ...product, validity: until }, times).validity).toEqual({
      ...mine.validity,
      days: "",
    });
  });

  it("is the same after it was taken apart field by field", () => {
    expect(formOfFlat(flatOf(form()))).toEqual(form());
    expect(Object.keys(flatOf(form()))).toContain("price.min_points");
  });
});

describe("mistakes of a form", () => {
  it("are none for a product that the mall has", () => {
    expect([...mistakesOf(form(), known)]).toEqual([]);
  });

  it("are told for an empty form by the API's names of the fields", () => {
    expect([...mistakesOf(firstForm(), new Set()).keys()]).toEqual([
      "title.zh-CN",
      "title.en",
      "category",
      "price.points",
      "skus[0].sku",
    ]);
  });

  it.each([
    [{ min_points: "801" }, "price.min_points", "abovePoints"],
    [{ cash_equivalent: "", min_points: "5" }, "price.min_points", "needsEquivalent"],
    [{ min_points: "x" }, "price.min_points", "count"],
    [{ cash: "0" }, "price.cash", "money"],
    [{ cash: "1.234" }, "price.cash", "money"],
    [{ points: "0" }, "price.points", "whole"],
  ])("are told for a price of %j", (price, field, mistake) => {
    const mine = form();
    Object.assign(mine.price, price);
    expect([...mistakesOf(mine, known)]).toEqual([[field, mistake]]);
  });

  it("are told for SKUs given twice, bad stock, and specs without a value", () => {
    const mine = form();
    mine.skus.push({ sku: "CUP-RED", specs: [{ name: "颜色", value: "" }], stock: "" });
    mine.skus.push({ sku: "CUP-NEW", specs: [], stock: "-1" });
    expect([...mistakesOf(mine, known)]).toEqual([
      ["skus[1].sku", "skuTwice"],
      ["skus[1].specs", "specValue"],
      ["skus[2].stock", "count"],
    ]);
  });

  it("are told for a matrix with a hole or twins", () => {
    const mine = form();
    mine.skus.push({ sku: "TWIN", specs: [{ name: "颜色", value: "红色" }], stock: "1" });
    expect([...mistakesOf(mine, known)]).toEqual([["skus", "specHoles"]]);
  });

  it.each([
    [{ way: "days" as const, days: "0" }, "validity.days", "days"],
    [{ way: "days" as const, days: "3651" }, "validity.days", "days"],
    [{ way: "times" as const }, "validity", "someTime"],
    [
      { way: "times" as const, from: "2026-12-01T00:00", until: "2026-12-01T00:00" },
      "validity.until",
      "beforeStart",
    ],
  ])("are told for a validity of %j", (validity, field, mistake) => {
    const mine = { ...form(), kind: "virtual" as const };
    Object.assign(mine.validity, validity);
    expect([...mistakesOf(mine, known)]).toEqual([[field, mistake]]);
    expect([...mistakesOf({ ...mine, kind: "physical" }, known)]).toEqual([]);
  });

  it("are told for an end of sale that is not after its start", () => {
    const mine = { ...form(), on_sale_until: "2026-12-01T00:00" };
    expect([...mistakesOf(mine, known)]).toEqual([["on_sale_until", "beforeStart"]]);
  });

  it("are told for pictures that are no addresses, and for heavy ones", () => {
    weights.set("/pictures/heavy.png", 30_000_000);
    const addresses = [
      "data:image/png;base64,AAAA",
      "ftp://x/y.png",
      "http://a.example/b.png",
      "javascript:alert(1)",
      "//a.example/b.png",
      "/pictures/heavy.png",
    ];
    expect(addresses.map(pictureMistake)).toEqual([
      "pictureData",
      "pictureAddress",
      "pictureAddress",
      "pictureAddress",
      "pictureAddress",
      "pictureHeavy",
    ]);
    expect(["", "/pictures/cup.svg", "https://a.example/b.png"].map(pictureMistake)).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe("ways to pay for one unit", () => {
  const price = { points: 700, cash: null, cash_equivalent: null, min_points: null };
  const ways = (given: object) => waysOf({ ...price, tier_points: null, ...given });

  it("are one where cash replaces nothing", () => {
    expect(ways({ min_points: 700 })).toEqual([{ points: 700, cash: null }]);
    expect(ways({ cash: CNY(500) })).toEqual([{ points: 700, cash: CNY(500) }]);
  });

  it("are all points, some, and as few as may be, rounded up to a cent", () => {
    expect(ways({ cash: CNY(500), cash_equivalent: CNY(1000), min_points: 1 })).toEqual([
      { points: 700, cash: CNY(500) },
      { points: 351, cash: CNY(999) },
      { points: 1, cash: CNY(1499) },
    ]);
  });

  it("may be cash alone", () => {
    expect(ways({ cash_equivalent: CNY(1000), min_points: 0 }).at(-1)).toEqual({
      points: 0,
      cash: CNY(1000),
    });
  });
});
