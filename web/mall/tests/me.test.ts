import type { Schema } from "@jifen/shared/schema";
import { describe, expect, it, vi } from "vitest";

import { amountOf } from "@/pages/me/amount";
import { changeOf, emptyForm, formOf, lacking, newAddress } from "@/pages/me/addressForm";
import { deviceOf } from "@jifen/shared/devices";
import { countries, countryNames } from "@/parts/countries";

vi.stubGlobal("uni", {});

const yuan = (amount: number) => ({ amount, currency: "CNY" });
const LIMITS = { at_least: yuan(1000), a_day: yuan(50_000), a_month: yuan(500_000) };

describe("the amount of a withdrawal", () => {
  it("is the minor units of what was typed", () => {
    expect(amountOf("120.5", yuan(20_000), LIMITS)).toEqual({ amount: 12_050 });
    expect(amountOf(" 1,234.56 ", yuan(123_456), null)).toEqual({ amount: 123_456 });
  });

  it.each(["", "0", "0.00", "-5", "1e3", "1.234", "十"])("%j is none", (text) => {
    expect(amountOf(text, yuan(20_000), LIMITS)).toEqual({ flaw: "noAmount" });
  });

  it("is not more than there is, and not below the minimum", () => {
    expect(amountOf("200.01", yuan(20_000), LIMITS)).toEqual({ flaw: "tooMuch" });
    expect(amountOf("9.99", yuan(20_000), LIMITS)).toEqual({ flaw: "tooLittle" });
    expect(amountOf("10", yuan(20_000), LIMITS)).toEqual({ amount: 1000 });
  });

  it("is left to the API where the limits are not known", () => {
    expect(amountOf("0.01", yuan(20_000), null)).toEqual({ amount: 1 });
  });
});

describe("an address", () => {
  it("tells all that is missing at once, and abroad needs no province", () => {
    const texts = ["recipient", "phone", "province", "city", "street"];
    expect(lacking(emptyForm())).toEqual(texts);
    expect(lacking({ ...emptyForm(), country: "SG", city: " " })).toEqual(
      texts.filter((each) => each !== "province"),
    );
    expect(lacking(formOf(shown))).toEqual([]);
  });

  const shown: Schema<"AddressView"> = {
    id: "adr_1",
    recipient: "李雷",
    phone: "+8613800138000",
    country: "CN",
    province: "浙江省",
    city: "杭州市",
    district: null,
    street: "文三路 1 号",
    postal_code: null,
    division_code: null,
    is_default: false,
    created_at: "2026-11-21T08:00:00Z",
  };

  it("is sent without outer spaces, and null where it may be absent", () => {
    const form = { ...emptyForm(), recipient: " 李雷 ", district: "  " };
    expect(newAddress(form)).toMatchObject({ recipient: "李雷", district: null, country: "CN" });
  });

  it("survives being shown in a form and sent back", () => {
    expect(shown).toMatchObject(changeOf(formOf(shown)));
  });

  it("is never declared not the default: another takes its place", () => {
    expect(changeOf(formOf(shown))).not.toHaveProperty("is_default");
    expect(changeOf({ ...formOf(shown), is_default: true }).is_default).toBe(true);
  });
});

describe("countries", () => {
  const near = { CN: "中国大陆", HK: "中国香港", MO: "中国澳门", TW: "中国台湾" };

  it("begin with the near ones, then follow by name, each once", () => {
    const found = countries("en", near);
    expect(found.slice(0, 4).map((each) => each.value)).toEqual(["CN", "HK", "MO", "TW"]);
    expect(found[4]?.text).toBe("Afghanistan");
    expect(new Set(found.map((each) => each.value)).size).toBe(found.length);
    expect(found).toHaveLength(242);
  });

  it("are named in the language asked for", () => {
    expect(countryNames("zh-CN", near)("HK")).toBe("中国香港");
    expect(countryNames("zh-CN", near)("SG")).toBe("新加坡");
  });
});

describe("a device", () => {
  it.each([
    [
      "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36",
      "Chrome · Windows",
    ],
    ["Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0", "Edge · Windows"],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Safari/604.1",
      "Safari · iPhone",
    ],
    ["Mozilla/5.0 (Linux; Android 14) Chrome/116.0 MicroMessenger/8.0", "WeChat · Android"],
    ["JifenApp/1.0 (iOS 20.1)", "JifenApp/1.0 (iOS 20.1)"],
  ])("%s", (userAgent, name) => expect(deviceOf(userAgent)).toBe(name));

  it("without a user agent has no name", () => {
    expect(deviceOf(null)).toBeNull();
    expect(deviceOf("")).toBeNull();
  });
});
