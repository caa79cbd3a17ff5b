/**
 * The built mini program shows its pages in an engine without a browser, over `wx.request` alone.
 *
 * Needs a running mall with its examples: `JIFEN_URL=http://127.0.0.1:8000`.
 */
import { beforeEach, describe, expect, test, vi } from "vitest";

import pages from "../src/pages.json";
import { MiniProgram } from "./wechat/app";

const HOST = "https://mall.example";
const MALL = (process.env.JIFEN_URL ?? "").replace(/\/$/, "");

const ADDRESS: [string, string][] = [
  ["收货人", "王小满"],
  ["手机号或固定电话", "13800138000"],
  ["省份", "浙江省"],
  ["城市", "杭州市"],
  ["区 / 县（选填）", "西湖区"],
  ["详细地址", "文三路 100 号"],
];

let mini: MiniProgram;
/** One in which somebody is signed in. */
let member: MiniProgram;
const storage = new Map<string, unknown>();

async function sees(words: string): Promise<void> {
  await vi.waitFor(() => expect(mini.text()).toContain(words), { timeout: 15_000, interval: 50 });
}

/** The code of the last message to a phone. */
async function codeFor(phone: string): Promise<string> {
  const { data } = (await (await fetch(`${MALL}/_local/outbox`)).json()) as {
    data: { to: string; body: string }[];
  };
  return /\d{6}/.exec(data.find((each) => each.to.endsWith(phone))?.body ?? "")?.[0] ?? "";
}

describe.skipIf(MALL === "")("beside a running mall", () => {
  beforeEach(() => {
    mini = new MiniProgram(HOST, MALL, storage);
    return () => expect(mini.errors).toEqual([]);
  });

  test("the home page shows what is new to somebody who is not signed in", async () => {
    mini.open("pages/home/index");
    await sees("汽车标准洗车");
    expect(mini.text()).toContain("登录后开始攒积分");
    expect(mini.world.sent).toContain("GET /v1/products?sort=newest&limit=6");
  });

  test("pictures come from the mall's host", async () => {
    mini.open("pages/goods/index");
    await sees("家庭保洁 2 小时");
    const sources = mini.elements().filter(({ tag }) => tag === "image");
    expect(sources.map(({ attributes }) => String(attributes.src))).toContainEqual(
      expect.stringMatching(/^https:\/\/mall\.example\/pictures\/.+/),
    );
  });

  test("a tap on a product opens it", async () => {
    mini.open("pages/goods/index");
    await sees("电影通兑票");
    mini.tap("电影通兑票");
    await sees("立即兑换");
    expect(mini.text()).toMatch(/最少 [\d,]+ 积分 \+ ¥/);
    expect(mini.route).toBe("pages/goods/product");
  });

  test("another language is one tap away, and is asked of the mall", async () => {
    mini.open("pages/home/index");
    await sees("新品上架");
    mini.tap("EN");
    await sees("New arrivals");
    mini.tap("中文");
    await sees("新品上架");
  });

  test("a wrong number is told beside its field", async () => {
    mini.open("pages/sign-in/index");
    await sees("获取验证码");
    mini.type("手机号", "12");
    mini.tap("获取验证码");
    await sees("手机号");
    await vi.waitFor(() =>
      expect(mini.elements().map(({ attributes }) => attributes["aria-role"])).toContain("alert"),
    );
  });

  test("a member signs in by a code, and is known when WeChat starts anew", async () => {
    const phone = `139${String(Date.now()).slice(-8)}`;
    mini.open("pages/sign-in/index");
    await sees("获取验证码");
    mini.type("手机号", phone);
    mini.tap("获取验证码");
    await sees("验证码已发送至");
    mini.type("验证码", await codeFor(phone));
    mini.tap("登录");
    await vi.waitFor(() => expect(mini.route).toBe("pages/home/index"), { timeout: 10_000 });
    await sees("可用积分");
    expect(storage.get("refresh-token")).toMatch(/^.{20,}$/);
    expect(storage.get("jifen:device")).toMatch(/^[0-9a-f]{32}$/);

    member = mini = new MiniProgram(HOST, MALL, storage);
    mini.open("pages/home/index");
    await sees("可用积分");
    expect(mini.world.sent).toContain("POST /v1/auth/sessions/refresh");
  });

  test("a member's name and address are changed, though WeChat sends no PATCH", async () => {
    mini = member;
    mini.open("pages/me/profile");
    await sees("保存");
    mini.type("昵称", "小满");
    mini.tap("保存");
    await vi.waitFor(() => expect(mini.route).toBe("pages/me/index"), { timeout: 10_000 });
    await sees("小满");
    expect(mini.world.sent).toContain("POST /v1/me");

    mini.open("pages/me/address");
    await sees("保存");
    for (const [label, value] of ADDRESS) mini.type(label, value);
    mini.tap("保存");
    await vi.waitFor(() => expect(mini.route).toBe("pages/me/addresses"), { timeout: 10_000 });
    await sees("文三路 100 号");
    mini.tap("编辑");
    await sees("保存");
    mini.type("详细地址", "文三路 200 号");
    mini.tap("保存");
    await vi.waitFor(() => expect(mini.route).toBe("pages/me/addresses"), { timeout: 10_000 });
    await sees("文三路 200 号");
  });

  test("every page opens for a member, also where nothing is found", async () => {
    for (const { path } of pages.pages) {
      member.open(`${path}?id=none&product=none&sku=none`);
      await vi.waitFor(() => expect(member.text()).not.toContain("加载中"), { timeout: 15_000 });
      expect([member.route, ...member.errors]).toEqual([path]);
    }
  });
});
