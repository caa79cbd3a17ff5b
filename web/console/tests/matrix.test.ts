import { describe, expect, it, vi } from "vitest";

vi.mock("../src/program", () => ({ CURRENCY: "CNY", ZONE: "Asia/Shanghai" }));

const { firstSku } = await import("../src/areas/goods/editor/form");
const matrix = await import("../src/areas/goods/editor/matrix");
const words = await import("../src/areas/goods/editor/specWords");
const { inTree, parentsFor } = await import("../src/areas/goods/categories/tree");

function tee() {
  let skus = matrix.withAxis([{ ...firstSku(), sku: "TEE" }], "颜色", "红");
  skus = matrix.withAxis(skus, "尺码", "S");
  skus = matrix.withValue(skus, 0, "蓝");
  return matrix.withValue(skus, 1, "M");
}

describe("the words of specs", () => {
  const red = { raw: "红", "zh-CN": "", en: "Red" };

  it("read in a language, and as they are without a word in it", () => {
    expect(["zh-CN", "en"].map((each) => words.readAs([red], "红", each as "en"))).toEqual([
      "红",
      "Red",
    ]);
    expect(words.readAs([red], "蓝", "en")).toBe("蓝");
  });

  it("are typed, changed, and gone when nothing is left of them", () => {
    const typed = words.withSaid(words.withSaid([], "红", "en", "R"), "红", "en", "Red");
    expect(typed).toEqual([red]);
    expect(words.withSaid(typed, "红", "en", "")).toEqual([]);
  });

  it("follow a name or value that is renamed", () => {
    expect(words.withRaw([red], "红", "深红")).toEqual([{ ...red, raw: "深红" }]);
    expect(words.withRaw([red], "蓝", "青")).toEqual([red]);
  });

  it("are sent for what the SKUs have", () => {
    const gone = { raw: "紫", "zh-CN": "", en: "Purple" };
    const blank = { raw: "蓝", "zh-CN": " ", en: "" };
    expect(words.wordsToSend([{ ...red, en: " Red " }, gone, blank], tee())).toEqual({
      红: { "zh-CN": "", en: "Red" },
    });
  });
});

describe("the matrix of a form", () => {
  it("has a SKU for each combination, and keeps the codes that are there", () => {
    expect(tee().map(matrix.wordsOf)).toEqual(["红 · S", "蓝 · S", "红 · M", "蓝 · M"]);
    expect(tee().map(({ sku }) => sku)).toEqual(["TEE", "", "", ""]);
    expect(matrix.axesOf(tee())).toEqual([
      { name: "颜色", values: ["红", "蓝"] },
      { name: "尺码", values: ["S", "M"] },
    ]);
    expect(matrix.isWhole(tee())).toBe(true);
    expect(matrix.isWhole(tee().slice(1))).toBe(false);
  });

  it("takes a value, or a spec of one value, away", () => {
    const skus = matrix.withoutValue(tee(), 1, "M");
    expect(skus.map(matrix.wordsOf)).toEqual(["红 · S", "蓝 · S"]);
    expect(matrix.withoutAxis(skus, 1).map(matrix.wordsOf)).toEqual(["红", "蓝"]);
  });

  it("renames specs and values at every SKU", () => {
    const skus = matrix.withWord(matrix.withName(tee(), 0, "色"), 0, "红", "深红");
    expect(matrix.axesOf(skus)[0]).toEqual({ name: "色", values: ["深红", "蓝"] });
  });

  it("gives codes to the SKUs that have none, and none twice", () => {
    const skus = tee();
    skus[1].sku = "T-1";
    expect(matrix.coded(skus, "T").map(({ sku }) => sku)).toEqual(["TEE", "T-1", "T-2", "T-3"]);
  });

  it("makes codes of the specs where all are in Latin letters", () => {
    const spec = (name: string, value: string) => ({ name, value });
    const made = ["White", "Sea blue", "红"].map((colour) => ({
      ...firstSku(),
      sku: "",
      specs: [spec("colour", colour), spec("size", "S")],
    }));
    const codes = matrix.coded(made, "LINEN").map(({ sku }) => sku);
    expect(codes).toEqual(["LINEN-WHITE-S", "LINEN-SEA-BLUE-S", "LINEN-1"]);
    expect(matrix.coded(made, "A-VERY-LONG-BEGINNING-OF-A-C")[0].sku).toMatch(/-1$/);
  });

  it("gives SKUs of an earlier release the specs that they lack", () => {
    const spec = (name: string, value: string) => ({ name, value });
    const old = [
      { ...firstSku(), specs: [spec("色", "红")] },
      { ...firstSku(), specs: [spec("码", "S")] },
    ];
    expect(matrix.evened(old).map(matrix.wordsOf)).toEqual(["红 · ", " · S"]);
  });
});

describe("the tree of categories", () => {
  const all = [
    { id: "b", parent: "a" },
    { id: "a", parent: null },
    { id: "c", parent: "b" },
    { id: "d", parent: null },
    { id: "lost", parent: "gone" },
  ];

  it("shows each after its parent, with its level", () => {
    expect(inTree(all).map(({ id, level }) => `${level}${id}`)).toEqual([
      "0a",
      "1b",
      "2c",
      "0d",
      "0lost",
    ]);
  });

  it("offers no category itself or one below it as its parent", () => {
    expect(parentsFor("a", all).map(({ id }) => id)).toEqual(["d", "lost"]);
    expect(parentsFor("", all)).toHaveLength(5);
  });
});
