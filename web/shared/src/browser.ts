/** What a page in a browser keeps, and how. */
import type { Jifen } from "./client";
import { refresh } from "./refresh";
import { accessOf, type Renewal } from "./session";

/** Tells the API that the refresh token is a cookie, which no script reads. */
export const WEB = { "Jifen-Client": "web" } as const;

/** The mall and the console have one cookie: their windows exchange it in turn. */
const RENEWAL = "jifen:renewal";

/** The refresh token is an HttpOnly cookie of the API. */
export function cookieRenewal(visitor: Jifen): Renewal {
  return {
    alone,
    renew: async () => {
      const tokens = await refresh(visitor, {}, WEB);
      return tokens && accessOf(tokens);
    },
  };
}

/**
 * Run one exchange at a time among all windows of this browser.
 *
 * Who waits for another window's exchange gets its result: two windows renew a session once.
 */
export async function alone<T>(task: () => Promise<T>): Promise<T> {
  // Absent where the page is neither https nor on this machine.
  if ((navigator.locks as LockManager | undefined) === undefined) return task();
  const windows = new BroadcastChannel(RENEWAL);
  const told = new Promise<{ done: T }>((resolve) => {
    windows.onmessage = ({ data }: MessageEvent<{ done: T }>) => resolve(data);
  });
  const first = { ifAvailable: true };
  try {
    return await navigator.locks.request(RENEWAL, first, async (lock) => {
      if (lock !== null) return tell(windows, await task());
      return (await navigator.locks.request(RENEWAL, async () => {
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
