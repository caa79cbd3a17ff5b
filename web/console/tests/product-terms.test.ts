/** Terms of tiers, times and limits in the form of a product: what is kept, refused and said. */
import { describe, expect, it, vi } from "vitest";

import { Times } from "@jifen/shared/times";

import en from "../src/language/en/goods.json";
import zh from "../src/language/zh-CN/goods.json";

vi.mock("../src/program", () => ({ CURRENCY: "CNY", ZONE: "Asia/Shanghai" }));

const { changeOf, draftOf, firstForm, formOf } = await import("../src/areas/goods/editor/form");
const { flatOf, formOfFlat } = await import("../src/areas/goods/editor/flat");
const { KeptDraft } = await import("../src/areas/goods/editor/kept");
const { placed } = await import("../src/areas/goods/editor/terms");
const { termMistakes } = await import("../src/areas/goods/editor/termChecks");
const { termWords } = await import("../src/areas/goods/editor/termWords");
const { dealOf } = await import("../src/areas/goods/preview/deals");

const times = new Times("Asia/Shanghai", () => "zh-CN");
const CNY = (amount: number) => ({ amount, currency: "CNY" });
const GOLD = { per_member: null, per_member_day: null, per_member_month: 5, per_order: null };
const TIMED = {
  from: "2026-11-10T16:00:00Z",
  until: "2026-11-11T15:59:59.999Z",
  points: 600,
  cash: CNY(500),
  cash_equivalent: CNY(3000),
  min_points: 100,
};
const product = {
  id: "prd_1",
  version: 3,
  title: { "zh-CN": "保温杯", en: "Cup" },
  description: { "zh-CN": "", en: "" },
  kind: "physical" as const,
  category: "home",
  brand: null,
  scene: [],
  pictures: [],
  price: {
    points: 1000,
    cash: null,
    cash_equivalent: null,
    min_points: null,
    tier_points: { gold: 800, "vip.1": 700 },
  },
  cost: null,
  limits: {
    per_member: null,
    per_member_day: 1,
    per_member_month: 2,
    per_order: null,
    tiers: { gold: GOLD },
  },
  tiers: ["gold", "vip.1"],
  status: "on_sale" as const,
  on_sale_from: "2026-11-01T00:00:30Z",
  on_sale_until: null,
  specs: [],
  skus: [{ sku: "CUP", specs: {}, stock: 7, shards: 1, weight_grams: null }],
  details: { "zh-CN": "", en: "" },
  validity: null,
  spec_words: {},
  use_rules: { "zh-CN": "", en: "" },
  created_at: "2026-11-21T08:00:00Z",
  updated_at: "2026-11-21T08:00:00Z",
  freight_template: null,
  timed_prices: [TIMED],
};
const form = () => formOf(product, times);

/** A text of the console by its key, with what is told filled in. */
function telling(language: "zh-CN" | "en") {
  const t = (key: string, told: Record<string, unknown> = {}) => {
    const [, ...names] = key.split(".");
    const texts: unknown = language === "en" ? en : zh;
    const text = names.reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], texts);
    return (text as string).replace(/\{(\w+)\}/g, (_, name: string) => String(told[name]));
  };
  return { t, language, year: "2026" };
}

const ROW = { from: "", until: "", points: "", cash: "", cash_equivalent: "", min_points: "" };
const timed = (from: string, until: string, points = "600") => ({ ...ROW, from, until, points });

describe("terms of a product in a form", () => {
  it("are unchanged as long as nobody typed, whatever they are", () => {
    expect(changeOf(form(), form(), times)).toEqual({});
    expect(formOfFlat(flatOf(form()))).toEqual(form());
  });

  it("stay as they are, to the millisecond, where another part of them changes", () => {
    const mine = form();
    mine.price.points = "900";
    mine.limits.per_order = "3";
    mine.timed_prices.push(timed("2026-12-01T00:00", "2026-12-02T00:00"));
    const change = changeOf(form(), mine, times);
    expect(change.price).toEqual({ ...product.price, points: 900 });
    expect(change.limits).toEqual({ ...product.limits, per_order: 3 });
    expect(change.timed_prices?.[0]).toEqual({ ...TIMED, from: "2026-11-10T16:00:00.000Z" });
    expect(Object.keys(change)).toEqual(["price", "limits", "timed_prices"]);
  });

  it("are removed by removing their rows", () => {
    const mine = { ...form(), tiers: "", timed_prices: [] };
    mine.price.tier_points = [];
    mine.limits.tiers = [];
    const { price, limits, tiers, timed_prices } = changeOf(form(), mine, times);
    expect([price?.tier_points, limits?.tiers, tiers, timed_prices]).toEqual([null, null, [], []]);
  });

  it("are sent in their order of time, and each tier once", () => {
    const mine = { ...form(), tiers: "gold, diamond、gold" };
    mine.timed_prices = [
      timed("2026-12-03T00:00", "2026-12-04T00:00", "2"),
      timed("2026-12-01T00:00", "2026-12-02T00:00", "1"),
    ];
    const draft = draftOf(mine, times);
    expect(draft.timed_prices?.map(({ points }) => points)).toEqual([1, 2]);
    expect(draft.tiers).toEqual(["gold", "diamond"]);
  });

  it("are read from a draft that an earlier release kept", () => {
    const newer = ["tiers", "timed_prices"];
    const fields = Object.entries(firstForm()).filter(([name]) => !newer.includes(name));
    const old = Object.fromEntries(fields);
    const price = { points: "5", cash: "", cash_equivalent: "", min_points: "" };
    const limits = { per_member: "1", per_order: "" };
    const text = JSON.stringify({ version: 1, base: old, form: { ...old, price, limits } });
    const store = { getItem: () => text, setItem: vi.fn(), removeItem: vi.fn() };
    const kept = new KeptDraft("usr_1", "prd_1", store).read();
    expect(kept?.form.price).toEqual({ ...price, tier_points: [] });
    expect(kept?.form.limits).toEqual({ ...firstForm().limits, per_member: "1" });
    expect(kept?.form.timed_prices).toEqual([]);
  });
});

describe("refusals of terms", () => {
  it("stand at the rows, which the API names by tier and by their order of time", () => {
    const mine = form();
    mine.timed_prices = [timed("2026-12-03T00:00", ""), timed("2026-12-01T00:00", "")];
    expect(
      [
        "price.tier_points.vip.1",
        "limits.tiers.gold.per_order",
        "limits.tiers.nobody.per_order",
        "timed_prices[0].until",
        "timed_prices[1]",
        "price.points",
      ].map((field) => placed(field, mine)),
    ).toEqual([
      "price.tier_points[1].points",
      "limits.tiers[0].per_order",
      "limits.tiers.nobody.per_order",
      "timed_prices[1].until",
      "timed_prices[0]",
      "price.points",
    ]);
  });

  it("are told before the form is sent", () => {
    const mine = { ...form(), tiers: "x".repeat(33) };
    mine.price.tier_points = [
      { tier: "gold", points: "1001" },
      { tier: " gold ", points: "" },
      { tier: "", points: "0" },
    ];
    mine.limits.per_member_day = "0";
    mine.limits.tiers = [{ ...mine.limits, tier: "gold", per_member_day: "1000001" }];
    mine.timed_prices = [
      timed("2026-12-02T00:00", "2026-12-03T00:00"),
      timed("2026-12-01T00:00", "2026-12-02T00:01"),
      { ...timed("2026-12-04T00:00", "2026-12-04T00:00", ""), min_points: "7", cash: "x" },
    ];
    expect(termMistakes(mine).filter(([, mistake]) => mistake)).toEqual([
      ["price.tier_points[1].tier", "tierTwice"],
      ["price.tier_points[2].tier", "needed"],
      ["price.tier_points[0].points", "abovePoints"],
      ["price.tier_points[1].points", "needed"],
      ["price.tier_points[2].points", "whole"],
      ["tiers", "tierLong"],
      ["timed_prices[2].until", "notAfterFrom"],
      ["timed_prices[2].points", "needed"],
      ["timed_prices[2].cash", "money"],
      ["timed_prices[2].min_points", "needsEquivalent"],
      ["timed_prices[0].from", "overlaps"],
      ["limits.per_member_day", "whole"],
      ["limits.tiers[0].per_member_day", "tooManyUnits"],
    ]);
  });

  it("are none for terms that the mall has", () => {
    expect(termMistakes(form()).filter(([, mistake]) => mistake)).toEqual([]);
  });
});

describe("terms in words", () => {
  const mine = () => {
    const plain = firstForm();
    plain.price = {
      ...plain.price,
      points: "1000",
      tier_points: [{ tier: "gold", points: "800" }],
    };
    plain.timed_prices = [timed("2026-11-11T00:00", "2026-11-12T00:00")];
    plain.limits.per_member_month = "2";
    return plain;
  };

  it("say tiers, times and limits as a shop would", () => {
    expect(termWords(mine(), telling("zh-CN")).join("；")).toBe(
      "金卡会员 800 积分；11月11日 00:00 至 24:00 全员 600 积分；每人每月限 2 件",
    );
    expect(termWords(mine(), telling("en"))).toEqual([
      "Gold members: 800 points",
      "11 Nov 00:00 to 24:00: 600 points for all",
      "2 per member a month",
    ]);
  });

  it("say a tier's fewer points in a time, other days and years, cash, and other limits", () => {
    const other = { ...mine(), tiers: "gold、vip" };
    const row = timed("2026-12-31T20:00", "2027-01-02T08:30", "900");
    other.timed_prices = [{ ...row, cash: "5" }];
    other.limits.tiers = [{ ...firstForm().limits, tier: "gold", per_order: "5" }];
    expect(termWords(other, telling("zh-CN"))).toEqual([
      "金卡会员 800 积分",
      "仅限金卡会员、vip兑换",
      "12月31日 20:00 至 2027年1月2日 08:30 900 积分 + ¥5.00（金卡会员 800 积分 + ¥5.00）",
      "每人每月限 2 件",
      "金卡会员每单限 5 件",
    ]);
  });

  it("leave out rows that are half typed", () => {
    const half = firstForm();
    half.price.tier_points = [{ tier: "gold", points: "" }];
    half.timed_prices = [{ ...ROW, from: "2026-12-31T20:00" }];
    half.limits.tiers = [{ ...half.limits, tier: "" }];
    expect(termWords(half, telling("zh-CN"))).toEqual([]);
  });
});

describe("the preview of a deal", () => {
  const at = (moment: string) => moment.slice(0, 10);
  const t = (key: string, told: Record<string, unknown> = {}) =>
    [key, ...Object.values(told)].join(" ");
  const deal = (now: string) =>
    dealOf(form(), { t, clock: times, at, nowMs: Date.parse(`${now}T00:00:00Z`) });

  it("is the usual price before and after a time, and the time's within", () => {
    expect(["2026-11-10", "2026-11-11", "2026-11-12"].map((now) => deal(now).price.points)).toEqual(
      [1000, 600, 1000],
    );
    expect(deal("2026-11-10").lines).toEqual([
      "goods.timedFrom 2026-11-10 600",
      "goods.tierPrice goods.tiers.gold 800",
      "goods.tierPrice vip.1 700",
      "goods.onlyTiers goods.tiers.gold goods.and vip.1".replace(" goods.and ", "goods.and"),
    ]);
    expect(deal("2026-11-11").lines[0]).toBe("goods.timedUntil 2026-11-11 1,000");
  });
});
