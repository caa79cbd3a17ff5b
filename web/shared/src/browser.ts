/** What a page in a browser keeps, and how. */
import { failureBehind, failureOf } from "./failures";
import type { Schema } from "./schema";
import { type Access, type Renewal, accessOf } from "./session";

/** Tells the API that the refresh token is a cookie, which no script reads. */
export const WEB = { "Jifen-Client": "web" } as const;

const REFRESH = "/v1/auth/sessions/refresh";
const TIMEOUT_MS = 20_000;

/** The refresh token is an HttpOnly cookie of the API; all windows exchange it in turn. */
export const cookieRenewal: Renewal = {
  renew,
  alone: (task) => alone("jifen:renewal", task),
};

async function renew(): Promise<Access | null> {
  const response = await exchange();
  // Also of a refusal: a request whose body nobody reads stays open in the browser.
  const body: unknown = await response.json().catch(() => null);
  if (response.status === 401) return null;
  if (!response.ok) throw failureOf(response, body);
  const tokens = body as Schema<"TokensView">;
  return accessOf(tokens.access_token, tokens.expires_in, Date.now());
}

async function exchange(): Promise<Response> {
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    return await fetch(REFRESH, { method: "POST", headers: WEB, signal });
  } catch (error) {
    throw failureBehind(error, navigator.onLine);
  }
}

/**
 * Run one task at a time among all windows of this browser.
 *
 * Who waits for another window's task gets its result: two windows renew a session once.
 */
export async function alone<T>(name: string, task: () => Promise<T>): Promise<T> {
  // Absent where the page is neither https nor on this machine.
  if ((navigator.locks as LockManager | undefined) === undefined) return task();
  const windows = new BroadcastChannel(name);
  const told = new Promise<{ done: T }>((resolve) => {
    windows.onmessage = ({ data }: MessageEvent<{ done: T }>) => resolve(data);
  });
  const first = { ifAvailable: true };
  try {
    return await navigator.locks.request(name, first, async (lock) => {
      if (lock !== null) return tell(windows, await task());
      return (await navigator.locks.request(name, async () => {
        const result = await Promise.race([told, later(TELLING_MS)]);
        return result?.done ?? tell(windows, await task());
      })) as T;
    });
  } finally {
    windows.close();
  }
}

/** The longest that a result takes from window to window after its lock is free. */
const TELLING_MS = 200;

function tell<T>(windows: BroadcastChannel, done: T): T {
  windows.postMessage({ done });
  return done;
}

function later(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms));
}

/** An `Idempotency-Key` that nobody else has. */
export function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
