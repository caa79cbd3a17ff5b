/** WeChat's functions that the mall calls, over Node's network. */
import { webcrypto } from "node:crypto";

type Call = { success?: (found: object) => void; fail?: (found: object) => void };

interface Sent extends Call {
  url: string;
  method?: string;
  header?: Record<string, string>;
  data?: string;
}

export interface World {
  /** The host that the build names, and the mall that answers in its place. */
  host: string;
  mall: string;
  storage: Map<string, unknown>;
  /** Requests as they went out, such as `GET /v1/products`. */
  sent: string[];
  clipboard: string[];
  go: (way: string, url: string) => void;
  online: boolean;
}

/** Source: https://developers.weixin.qq.com/miniprogram/dev/api/network/request/wx.request.html */
const METHODS = new Set(["OPTIONS", "GET", "HEAD", "POST", "PUT", "DELETE", "TRACE", "CONNECT"]);

const SYSTEM = {
  ...{ platform: "android", system: "Android 14", language: "zh_CN", SDKVersion: "3.4.0" },
  ...{ windowWidth: 375, windowHeight: 700, pixelRatio: 2, statusBarHeight: 20 },
};

export function wechat(world: World): Record<string, unknown> {
  const open = (way: string) => (call: Call & { url: string }) => {
    world.go(way, call.url);
    call.success?.({});
  };
  const names = ["getSystemInfoSync", "getAppBaseInfo", "getDeviceInfo", "getWindowInfo"];
  const started = () => ({ path: "", query: {}, scene: 1001 });
  const ways = ["navigateTo", "redirectTo", "reLaunch", "navigateBack"];
  return {
    request: (call: Sent) => request(world, call),
    ...storage(world),
    ...device(world),
    ...Object.fromEntries(names.map((name) => [name, () => SYSTEM])),
    ...{ getLaunchOptionsSync: started, getEnterOptionsSync: started },
    ...Object.fromEntries(ways.map((way) => [way, open(way)])),
  };
}

function storage({ storage: kept }: World) {
  return {
    getStorageSync: (name: string) => kept.get(name) ?? "",
    setStorageSync: (name: string, value: unknown) =>
      void kept.set(name, JSON.parse(JSON.stringify(value))),
    removeStorageSync: (name: string) => void kept.delete(name),
  };
}

function device(world: World) {
  return {
    getRandomValues: ({ length, success }: Call & { length: number }) =>
      queueMicrotask(() =>
        success?.({ randomValues: webcrypto.getRandomValues(new Uint8Array(length)).buffer }),
      ),
    getNetworkType: ({ success }: Call) =>
      success?.({ networkType: world.online ? "wifi" : "none" }),
    onNetworkStatusChange: () => undefined,
    setNavigationBarTitle: () => undefined,
    setClipboardData: ({ data, success }: Call & { data: string }) => {
      world.clipboard.push(data);
      success?.({});
    },
    showModal: ({ success }: Call) => success?.({ confirm: true }),
  };
}

function request(world: World, call: Sent): { abort: () => void } {
  const late = new AbortController();
  const method = call.method ?? "GET";
  if (!METHODS.has(method)) throw new Error(`wx.request sends no ${method}`);
  world.sent.push(`${method} ${call.url.replace(world.host, "")}`);
  const bodied = method !== "GET" && method !== "HEAD";
  const asked = fetch(call.url.replace(world.host, world.mall), {
    method,
    headers: call.header,
    body: bodied ? call.data : undefined,
    signal: late.signal,
  });
  asked
    .then(async (answer) =>
      call.success?.({
        statusCode: answer.status,
        header: Object.fromEntries(answer.headers),
        data: await answer.text(),
      }),
    )
    .catch((error: Error) => call.fail?.({ errMsg: `request:fail ${error.message}` }));
  return { abort: () => late.abort() };
}
