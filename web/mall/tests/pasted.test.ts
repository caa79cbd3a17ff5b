/** Addresses that are pasted whole. */
import { describe, expect, it, vi } from "vitest";

vi.stubGlobal("uni", {});
const PARTS: Record<string, [string, string, boolean][]> = vi.hoisted(() => ({
  "330000": [
    ["330100", "杭州市", true],
    ["330200", "宁波市", true],
    ["330700", "金华市", true],
  ],
  "330100": [
    ["330106", "西湖区", false],
    ["330102", "上城区", false],
  ],
  "310000": [["310100", "上海市", true]],
  "310100": [["310101", "黄浦区", false]],
  "440000": [
    ["441900", "东莞市", false],
    ["440300", "深圳市", true],
    ["440100", "广州市", true],
  ],
}));
vi.mock("@/state/jifen", () => ({
  answer: async (found: unknown) => found,
  jifen: {
    GET: async (_: string, { params }: { params: { query: { parent: string } } }) => ({
      data: (PARTS[params.query.parent] ?? []).map(([code, name, has_parts]) => ({
        ...{ code, name, has_parts },
      })),
    }),
  },
}));

import { placeIn } from "@/pages/me/divisions";
import { partAtStart, readPasted } from "@/pages/me/pasted";
import { PROVINCES } from "@/pages/me/places";

const read = (text: string) => readPasted(text, PROVINCES);

describe("a text with a name, a phone and a place", () => {
  const place = "浙江省杭州市西湖区文三路100号";
  it.each([
    "张三 13800138000 浙江省杭州市西湖区文三路 100 号",
    "浙江省杭州市西湖区文三路100号，张三，138-0013-8000",
    "张三，+86 13800138000，浙江省 杭州市 西湖区 文三路100号",
    "收货人：张三\n手机号码：13800138000\n所在地区：浙江省杭州市西湖区\n详细地址：文三路100号",
    "浙江省杭州市西湖区文三路100号 13800138000 张三",
  ])("%j is split", (text) => {
    expect(read(text)).toEqual({ recipient: "张三", phone: "13800138000", postal_code: "", place });
  });

  it("may have a landline and a postal code", () => {
    const told = read("李雷 0571-88887777 310012 浙江省杭州市文一路1号");
    expect(told).toMatchObject({
      recipient: "李雷",
      phone: "0571-88887777",
      postal_code: "310012",
    });
    expect(told.place).toBe("浙江省杭州市文一路1号");
  });

  it.each(["浙江 杭州 西湖 文三路", "浙江省杭州市", "", "   ", "13800138000"])(
    "%j has no name",
    (text) => expect(read(text).recipient).toBe(""),
  );

  it("keeps a name of five letters that a label gives", () => {
    expect(read("收件人: 欧阳娜娜1 浙江省杭州市").recipient).toBe("欧阳娜娜1");
  });

  it("takes no longer number for a phone", () => {
    expect(read("单号 138001380001234").phone).toBe("");
  });
});

describe("a place", () => {
  it.each([
    ["浙江省杭州市西湖区文三路1号", "浙江省", "杭州市", "西湖区", "330106", "文三路1号"],
    ["浙江杭州西湖区文三路1号", "浙江省", "杭州市", "西湖区", "330106", "文三路1号"],
    ["上海市黄浦区南京东路1号", "上海市", "上海市", "黄浦区", "310101", "南京东路1号"],
    ["上海市上海市黄浦区南京东路1号", "上海市", "上海市", "黄浦区", "310101", "南京东路1号"],
    ["广东省东莞市莞太路1号", "广东省", "东莞市", "", "441900", "莞太路1号"],
    ["浙江省杭州市高新区江南大道1号", "浙江省", "杭州市", "", "", "高新区江南大道1号"],
    ["浙江省文三路1号", "浙江省", "", "", "", "文三路1号"],
  ])("%s", async (text, province, city, district, division_code, rest) => {
    expect(await placeIn(text)).toEqual({ province, city, district, division_code, rest });
  });

  it("that begins with no province is left to the person", async () => {
    expect(await placeIn("西湖区文三路1号")).toBeNull();
  });

  it("begins with the longest name that fits", () => {
    const parts = [{ name: "吉林市" }, { name: "吉林省" }, { name: "海南省" }];
    expect(partAtStart("吉林省长春市", parts)?.part.name).toBe("吉林省");
    expect(partAtStart("吉林长春市", parts)?.rest).toBe("长春市");
    expect(partAtStart("长春市", parts)).toBeNull();
  });
});
