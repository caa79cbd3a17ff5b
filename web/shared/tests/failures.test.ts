import { describe, expect, it, vi } from "vitest";

import { answer, createJifen, unlessMissing } from "../src/client";
import {
  Failure,
  failureBehind,
  failureOf,
  Offline,
  Refused,
  SignedOut,
  TimedOut,
  Unanswered,
  Unreachable,
} from "../src/failures";
import type { Problem } from "../src/schema";
import { Session, type Access } from "../src/session";

function problem(code: string, more: Record<string, unknown> = {}): Problem {
  const base = { type: `urn:jifen:error:${code}`, title: "title", status: 409, code };
  return { ...base, detail: "detail", request_id: "req-1", errors: [], ...more };
}

function response(status: number, headers: Record<string, string> = {}): Response {
  return new Response(null, { status, headers });
}

describe("a failure", () => {
  it("of a 4xx is a refusal with the API's words and facts", () => {
    const found = failureOf(response(409), problem("insufficient_points", { missing_points: 20 }));
    expect(found).toBeInstanceOf(Refused);
    expect((found as Refused).code).toBe("insufficient_points");
    expect((found as Refused).fact("missing_points")).toBe(20);
    expect(found.message).toBe("detail");
  });

  it("tells what is wrong about a field", () => {
    const errors = [{ field: "to.phone", code: "invalid_phone", message: "号码无效" }];
    const found = failureOf(response(400), problem("invalid_request", { errors })) as Refused;
    expect(found.aboutField("to.phone")).toBe("号码无效");
    expect(found.aboutField("points")).toBeNull();
  });

  it("says how long to wait, where the API does", () => {
    const headers = { "Retry-After": "30" };
    expect((failureOf(response(429, headers), problem("slow_down")) as Refused).retryAfterS).toBe(
      30,
    );
    const dated = { "Retry-After": "Sun, 29 Nov 2026 00:00:00 GMT" };
    expect(
      (failureOf(response(429, dated), problem("slow_down")) as Refused).retryAfterS,
    ).toBeNull();
  });

  it.each(["unauthenticated", "refresh_token_invalid"])("of %s ends the session", (code) => {
    expect(failureOf(response(401), problem(code))).toBeInstanceOf(SignedOut);
  });

  it("of a 5xx leaves open what happened, and keeps the request's id", () => {
    const found = failureOf(response(503), problem("unavailable"));
    expect(found).toBeInstanceOf(Unanswered);
    expect((found as Unreachable).requestId).toBe("req-1");
  });

  it.each([null, "<html>", {}, { code: "x" }])(
    "of a 4xx with %j leaves open what happened",
    (body) => {
      expect(failureOf(response(403), body)).toBeInstanceOf(Unreachable);
    },
  );

  it("behind an error tells being offline from a mall that is away", () => {
    expect(failureBehind(new TypeError("Failed to fetch"), false)).toBeInstanceOf(Offline);
    expect(failureBehind(new TypeError("Failed to fetch"), true)).toBeInstanceOf(Unreachable);
    expect(failureBehind(new DOMException("late", "AbortError"), true)).toBeInstanceOf(TimedOut);
    const refusal = new Refused(problem("x"));
    expect(failureBehind(refusal, false)).toBe(refusal);
  });
});

/** A client whose requests are answered by `send`, signed in with the token `a`, then `b`. */
function client(send: (request: Request) => Promise<Response>) {
  const renewed: Access = { member: "m", token: "b", until: Infinity };
  const session = new Session({ renew: async () => renewed, alone: (task) => task() });
  session.begin({ member: "m", token: "a", until: Infinity });
  const around = { baseUrl: "http://mall", session, send, online: () => true };
  return createJifen({ ...around, language: () => "en" });
}

function json(status: number, body: unknown): Response {
  const headers = { "Content-Type": "application/json" };
  return new Response(JSON.stringify(body), { status, headers });
}

describe("a call", () => {
  it("whose token is refused is sent again with a new one, and with the same body", async () => {
    const seen: string[] = [];
    const jifen = client(async (request) => {
      seen.push(`${request.headers.get("Authorization")} ${await request.text()}`);
      return seen.length === 1 ? json(401, problem("unauthenticated")) : json(201, { id: "trf_1" });
    });
    const params = { header: { "Idempotency-Key": "12345678" } };
    const body = { to: { phone: "13800138000" }, points: 1 };
    const done = await answer(jifen.POST("/v1/me/points/transfers", { params, body }));
    expect(done.id).toBe("trf_1");
    expect(seen).toEqual([`Bearer a ${JSON.stringify(body)}`, `Bearer b ${JSON.stringify(body)}`]);
  });

  it("whose answer is lost fails as unanswered", async () => {
    const jifen = client(() => Promise.reject(new TypeError("Failed to fetch")));
    await expect(answer(jifen.GET("/v1/me/points"))).rejects.toThrow(Unanswered);
  });

  it("whose answer does not come to its end is given up", async () => {
    vi.useFakeTimers();
    const jifen = client(async ({ signal }) => {
      const late = new DOMException("late", "AbortError");
      const start = (body: ReadableStreamDefaultController) =>
        signal.addEventListener("abort", () => body.error(late));
      return new Response(new ReadableStream({ start }));
    });
    const told = expect(answer(jifen.GET("/v1/me/points"))).rejects.toThrow(TimedOut);
    await vi.advanceTimersByTimeAsync(31_000);
    await told;
    vi.useRealTimers();
  });

  it("about what is not there gives nothing, and any other refusal is told", async () => {
    const refuse = (status: number) =>
      answer(client(async () => json(status, { ...problem("x"), status })).GET("/v1/me/points"));
    expect(await unlessMissing(refuse(404))).toBeNull();
    await expect(unlessMissing(refuse(409))).rejects.toThrow(Refused);
  });

  it("that is refused fails with the refusal", async () => {
    const jifen = client(async () => json(409, problem("account_frozen")));
    const failure = await answer(jifen.GET("/v1/me/points")).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Failure);
    expect((failure as Refused).code).toBe("account_frozen");
  });

  it("says which language is spoken", async () => {
    const jifen = client(async (request) =>
      json(200, { spoken: request.headers.get("Accept-Language") }),
    );
    expect(await answer(jifen.GET("/v1/me/points"))).toEqual({ spoken: "en" });
  });
});
