/** What a page in a browser keeps, and how. */
import type { Jifen } from "./client";
import { refresh } from "./refresh";
import { accessOf, type Renewal } from "./session";

/** Tells the API that the refresh token is a cookie, which no script reads. */
export const WEB = { "Jifen-Client": "web" } as const;

/** The mall and the console have one cookie: their windows exchange it in turn. */
const RENEWAL = "jifen:renewal";

/** Whose session the cookie is, for all windows of the mall and the console. */
const HOLDER = "jifen:member";

export const holder = {
  read: (): string | null => localStorage.getItem(HOLDER),
  keep: (member: string): void => localStorage.setItem(HOLDER, member),

  /** The member's session ended. That of another, who signed in since, goes on. */
  forget(member: string | null): void {
    if (holder.read() === member) localStorage.removeItem(HOLDER);
  },

  /** Call `told` when another window signs in or out, and when a page that was left is shown again. */
  watch(told: () => void): void {
    addEventListener("storage", ({ key }) => {
      if (key === HOLDER || key === null) told();
    });
    addEventListener("pageshow", ({ persisted }) => {
      if (persisted) told();
    });
  },
};

/** The refresh token is an HttpOnly cookie of the API. */
export function cookieRenewal(visitor: Jifen): Renewal {
  return {
    alone,
    holder: () => holder.read(),
    renew: async () => {
      const before = holder.read();
      const tokens = await refresh(visitor, {}, WEB);
      if (tokens === null) holder.forget(before);
      // Who signed in or out meanwhile, in another window, has the last word.
      else if (holder.read() === before) holder.keep(tokens.member_id);
      return tokens && accessOf(tokens.member_id, tokens);
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
