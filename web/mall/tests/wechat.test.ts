/** What stands in WeChat for what a browser has. */
import { readdirSync, readFileSync } from "node:fs";

import { Times } from "@jifen/shared/times";
import { createJifen, answer } from "@jifen/shared/client";
import { Offline, Refused, TimedOut, Unreachable } from "@jifen/shared/failures";
import { NO_RENEWAL, Session } from "@jifen/shared/session";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type * as browserAuthorizing from "../src/platform/browser/authorizing";
import type * as browserLeaving from "../src/platform/browser/leaving";
import type * as browserStripe from "../src/platform/browser/stripe";
import type * as browserSurroundings from "../src/platform/browser/surroundings";
import type * as authorizing from "../src/platform/wechat/authorizing";
import type * as leaving from "../src/platform/wechat/leaving";
import type * as stripe from "../src/platform/wechat/stripe";
import type * as surroundings from "../src/platform/wechat/surroundings";
import { offers, ownCode } from "../src/platform/wechat/authorizing";
import { carry } from "../src/platform/wechat/carry";
import { PlainDates } from "../src/platform/wechat/intl";
import * as web from "../src/platform/wechat/web";

const PLATFORM = new URL("../src/platform/", import.meta.url);

/** The names of what a file of a platform exports, types aside. */
function names(platform: string, file: string): string[] {
  const text = readFileSync(new URL(`${platform}/${file}`, PLATFORM), "utf8");
  const found = text.matchAll(/^export (?:async )?(?:const|function|class) (\w+)/gm);
  return [...found].map(([, name]) => name as string).sort();
}

/**
 * The browser's own elements: the mini program's parts use uni-app's. And the files of a page, which
 * WeChat has.
 */
const BROWSER_ALONE = ["native.ts", "pageFiles.ts"];
const shared = readdirSync(new URL("browser/", PLATFORM)).filter(
  (file) => !BROWSER_ALONE.includes(file),
);

test.each(shared)("%s has the same names in the browser and in WeChat", (file) => {
  expect(names("wechat", file)).toEqual(names("browser", file));
});

/** What is imported as `#platform/…` has the browser's types: WeChat's must fit. */
type Fits<Wanted, There extends Wanted> = There;
export type All = [
  Fits<typeof browserAuthorizing, typeof authorizing>,
  Fits<typeof browserLeaving, typeof leaving>,
  Fits<typeof browserStripe, typeof stripe>,
  Fits<typeof browserSurroundings, typeof surroundings>,
];

interface Sent {
  url: string;
  method: string;
  header: Record<string, string>;
  data?: string;
  success: (answer: object) => void;
  fail: (why: { errMsg: string }) => void;
}

let sent: Sent[];
let aborted: number;
let reply: (call: Sent) => void;
let online: boolean;

function jifen(also: { device?: () => string | null } = {}) {
  const session = new Session(NO_RENEWAL);
  session.begin({ member: "m", token: "t1", until: Infinity });
  return createJifen({
    ...{ baseUrl: "https://mall.example", session, language: () => "en" as const },
    ...{ send: carry, online: () => online, ...also },
  });
}

const answers = (statusCode: number, data: unknown, header = {}) => {
  reply = ({ success }) => success({ statusCode, header, data });
};

beforeEach(() => {
  [sent, aborted, online] = [[], 0, true];
  for (const [name, part] of Object.entries(web)) vi.stubGlobal(name, part);
  vi.stubGlobal("uni", {
    request: (call: Sent) => {
      sent.push(call);
      reply(call);
      return { abort: () => (aborted += 1) };
    },
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test("a request carries its query, language and session", async () => {
  answers(200, '{"data":[],"next_cursor":null}');
  const query = { sort: "newest", limit: 2 } as const;
  const page = await answer(jifen().GET("/v1/products", { params: { query } }));
  expect(page.data).toEqual([]);
  expect(sent[0]).toMatchObject({
    url: "https://mall.example/v1/products?sort=newest&limit=2",
    method: "GET",
    header: { "accept-language": "en", authorization: "Bearer t1" },
  });
});

test("a body goes as JSON, with the key of its intention", async () => {
  answers(204, "");
  const body = { channel: "sms", destination: "138" } as const;
  await jifen().POST("/v1/auth/otp", { body, headers: { "Idempotency-Key": "k" } });
  expect(sent[0]).toMatchObject({
    method: "POST",
    data: JSON.stringify(body),
    header: { "content-type": "application/json", "idempotency-key": "k" },
  });
});

test("codes, sign-ins and consents name the device, and nothing else does", async () => {
  answers(204, "");
  const told = jifen({ device: () => "d".repeat(32) });
  const body = { channel: "sms", destination: "138" } as const;
  await told.POST("/v1/auth/otp", { body });
  await told.GET("/v1/me");
  await told.DELETE("/v1/auth/sessions");
  await jifen({ device: () => null }).POST("/v1/auth/otp", { body });
  const named = sent.map(({ header }) => header["jifen-device"]);
  expect(named).toEqual(["d".repeat(32), undefined, undefined, undefined]);
});

test("PATCH, which WeChat does not send, goes as a POST that says so", async () => {
  answers(200, "{}");
  await jifen().PATCH("/v1/me", { body: { nickname: "x" } });
  expect(sent[0]).toMatchObject({ method: "POST", header: { "x-http-method-override": "PATCH" } });
});

test("an answer without content has no data", async () => {
  answers(204, "");
  expect(await answer(jifen().GET("/v1/me"))).toBeUndefined();
});

test("an answer that WeChat read all the same is understood", async () => {
  answers(200, { nickname: "x" });
  expect(await answer(jifen().GET("/v1/me"))).toEqual({ nickname: "x" });
});

test("a refusal is told with its code, and how long to wait", async () => {
  const problem = { code: "rate_limited", detail: "slow", errors: [], status: 429 };
  answers(429, JSON.stringify(problem), { "Retry-After": "7" });
  const refused = await answer(jifen().GET("/v1/me")).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(Refused);
  expect(refused).toMatchObject({ code: "rate_limited", retryAfterS: 7 });
});

test("no network, no answer and a late answer are told apart", async () => {
  reply = ({ fail }) => fail({ errMsg: "request:fail" });
  await expect(answer(jifen().GET("/v1/me"))).rejects.toThrow(Unreachable);
  online = false;
  await expect(answer(jifen().GET("/v1/me"))).rejects.toThrow(Offline);
  reply = ({ fail }) => fail({ errMsg: "request:fail timeout" });
  await expect(answer(jifen().GET("/v1/me"))).rejects.toThrow(TimedOut);
});

test("a request that nobody waits for any more is given up", async () => {
  vi.useFakeTimers();
  reply = () => undefined;
  const late = expect(answer(jifen().GET("/v1/me"))).rejects.toThrow(TimedOut);
  await vi.advanceTimersByTimeAsync(31_000);
  await late;
  expect(aborted).toBe(1);
});

test("headers of one name are joined, whatever their case", () => {
  const headers = new web.Headers({ "Set-Cookie": ["a=1", "b=2"], Vary: "Origin" });
  headers.append("vary", "Accept");
  headers.delete("SET-COOKIE");
  expect([...headers]).toEqual([["vary", "Origin, Accept"]]);
});

test.each(["Asia/Shanghai", "Asia/Tokyo", "Asia/Kolkata", "UTC"])(
  "times in %s are shown as where there is Intl",
  (zone) => {
    const at = "2026-11-29T16:05:09Z";
    const shown = () =>
      (["zh-CN", "en"] as const).flatMap((language) => {
        const times = new Times(zone, () => language);
        return [
          ...(["minute", "day", "short"] as const).map((each) => times.show(at, each)),
          ...[times.day(new Date(at)), times.month(new Date(at)), times.clock(new Date(at))],
          times.moment("2026-11-29", "09:30"),
        ];
      });
    const wanted = shown();
    vi.stubGlobal("Intl", { DateTimeFormat: PlainDates });
    expect(shown()).toEqual(wanted);
  },
);

test("times of a zone that a phone does not know are shown in UTC, and say so", () => {
  vi.stubGlobal("Intl", { DateTimeFormat: PlainDates });
  const times = new Times("Europe/Berlin", () => "en");
  expect(times.show("2026-11-29T16:05:09Z")).toBe("29 Nov 2026, 16:05 UTC");
});

test("texts become the bytes that a browser makes of them", () => {
  for (const text of ["", "abc", "保温杯 ¥5", "🥤", '{"a":"é\\n"}']) {
    expect([...new web.TextEncoder().encode(text)]).toEqual([...new TextEncoder().encode(text)]);
  }
});

test("the mini program offers WeChat's sign-in alone, where it is configured", () => {
  expect(offers({ provider: "wechat", places: ["browser", "mini_program"] })).toBe(true);
  expect(offers({ provider: "wechat", places: ["browser"] })).toBe(false);
  expect(offers({ provider: "qq", places: ["mini_program"] })).toBe(false);
});

type Told = (what: { code: string } | { errMsg: string }) => void;

test("WeChat gives the mini program a code, or the failure is told", async () => {
  const login = (act: (call: { success: Told; fail: Told }) => void) =>
    vi.stubGlobal("uni", { login: act });
  login(({ success }) => success({ code: "081aBc" }));
  await expect(ownCode()).resolves.toBe("081aBc");
  login(({ success }) => success({ code: "" }));
  await expect(ownCode()).rejects.toThrow("no code");
  login(({ fail }) => fail({ errMsg: "login:fail" }));
  await expect(ownCode()).rejects.toThrow("login:fail");
});
