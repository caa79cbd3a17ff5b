import { expect, it } from "vitest";

import { CARRIER_NAMES, carrierName } from "../src/carriers";

it("names a carrier by its code or its name, in both languages", () => {
  expect(carrierName("SF", "zh-CN")).toBe("顺丰速运");
  expect(carrierName("sf ", "en")).toBe("SF Express");
  expect(carrierName("顺丰速运", "en")).toBe("SF Express");
  expect(carrierName("ZTO Express", "zh-CN")).toBe("中通快递");
});

it("leaves a carrier that it does not know as it was typed", () => {
  expect(carrierName("同城跑腿", "en")).toBe("同城跑腿");
});

it("offers each carrier once", () => {
  expect(new Set(CARRIER_NAMES).size).toBe(CARRIER_NAMES.length);
});
