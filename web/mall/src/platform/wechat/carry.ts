/**
 * Requests over WeChat's network. The host must stand in the mini program's list of request domains.
 *
 * Source: https://developers.weixin.qq.com/miniprogram/dev/api/network/request/wx.request.html
 */

/** The client gives up earlier: WeChat's own limit never decides. */
const TIMEOUT_MS = 60_000;

/** The answer to a request. Rejects with AbortError, TimeoutError, or Error where there is none. */
export function carry(request: Request): Promise<Response> {
  return new Promise((resolve, reject) => {
    const task = uni.request({
      ...methodOf(request),
      url: request.url,
      // A stand-in's body is a text; see web.ts.
      data: (request.body as string | null) ?? undefined,
      // WeChat does not read the answer: the client does.
      dataType: "text",
      responseType: "text",
      timeout: TIMEOUT_MS,
      success: ({ statusCode, header, data }) =>
        resolve(new Response(textOf(data), { status: statusCode, headers: header })),
      fail: ({ errMsg }) =>
        reject(/time ?-?out/i.test(errMsg) ? named("TimeoutError", errMsg) : new Error(errMsg)),
    });
    request.signal?.addEventListener("abort", () => {
      reject(named("AbortError", "given up"));
      task.abort();
    });
  });
}

/** WeChat sends no PATCH: it goes as a POST that says what it is. */
function methodOf({ method, headers }: Request) {
  const header = Object.fromEntries(headers.entries());
  if (method !== "PATCH")
    return { method: method as UniNamespace.RequestOptions["method"], header };
  return { method: "POST" as const, header: { ...header, "x-http-method-override": "PATCH" } };
}

/** A body that WeChat read all the same is written again. */
function textOf(data: unknown): string {
  if (data === null || data === undefined) return "";
  return typeof data === "string" ? data : JSON.stringify(data);
}

/** An error by the name that the client knows. */
function named(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
